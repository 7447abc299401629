package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// A layer's policy says in which precision it computes: "mixed_float16" keeps its weights in float32 and rounds these and what it
// reads to float16. Numbers are rounded where TensorFlow's graph of the same model casts them; what is computed in between is not.

// halves are the policies that round.
var halves = map[string]layer.Number{
	"float16": layer.Float16, "mixed_float16": layer.Float16, "bfloat16": layer.BFloat16, "mixed_bfloat16": layer.BFloat16,
}

// policy is the precision that the layer computes in, empty for float32.
func (c *call) policy() layer.Number {
	v := c.layer.Settings["dtype"]
	if fields, ok := v.(map[string]any); ok {
		settings, _ := fields["config"].(map[string]any)
		v = settings["name"]
	}
	name, _ := v.(string)
	return halves[name]
}

// castInputs rounds what the layer reads. Half precision is a part of float32: nothing has to be done the other way.
func (c *call) castInputs() {
	c.compute = c.policy()
	for i, x := range c.in {
		if x.number == c.compute {
			continue
		}
		if c.compute == "" {
			same := *x
			same.number = ""
			c.in[i] = &same
			continue
		}
		last := c.last
		c.last = x.nhwc
		c.in[i] = c.between("Cast", layer.Cast{From: layer.Float32, To: c.compute}, nil, x)
		c.last = last
	}
}

// wide are the layers of Keras 3 that compute in float32 and round the result; those that normalise keep their weights too, in both
// versions.
var (
	wide   = []string{"BatchNormalization", "GlobalAveragePooling2D", "GroupNormalization", "LayerNormalization", "Mean", "Sum"}
	normal = []string{"BatchNormalization", "GroupNormalization", "LayerNormalization", "Normalization"}
)

// inPrecision lowers the layer, and rounds the result where Keras does.
func (c *call) inPrecision(lower func() (*value, error)) (*value, error) {
	if c.compute == "" || c.model.Version < 3 || !slices.Contains(wide, c.layer.Class) {
		return lower()
	}
	name := c.name
	c.name = c.unused(name + "/float32")
	v, err := lower()
	if c.name = name; err != nil {
		return nil, err
	}
	last := c.last
	c.last = v.nhwc
	v = c.emit(name, layer.Cast{From: layer.Float32, To: c.compute}, nil, v)
	c.last = last
	return v, nil
}

// roundedWeight is a weight as the layer computes with it.
func (c *call) roundedWeight(v tensor.Any) tensor.Any {
	if c.compute == "" || slices.Contains(normal, c.layer.Class) {
		return v
	}
	c.transforms = append(c.transforms, "rounded to "+string(c.compute))
	from := tensor.As[float32](v)
	to := tensor.New[float32](from.Shape...)
	layer.Cast{From: layer.Float32, To: c.compute}.Forward32(&layer.Call[float32]{In: []*tensor.Tensor[float32]{from}, Out: []*tensor.Tensor[float32]{to}, Workers: 1})
	return to
}
