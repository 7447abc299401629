package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/importers/keras/config"
)

// function appends what computes an activation; the result has the layer's name.
type function func(c *call, x *value) *value

// as is a function that is one layer.
func as(l layer.Layer) function {
	return func(c *call, x *value) *value { return c.emit(c.name, l, nil, x) }
}

// activations are Keras's functions by name, with their settings at the defaults; those with an axis stand apart.
var activations = map[string]function{
	"celu":           as(layer.ELU{Alpha: 1}),
	"elu":            as(layer.ELU{Alpha: 1}),
	"exponential":    as(layer.Exp{Base: math.E, Scale: 1}),
	"gelu":           gelu,
	"hard_shrink":    hardShrink,
	"hard_sigmoid":   hardSigmoid,
	"hard_silu":      hardSiLU,
	"hard_swish":     hardSiLU,
	"hard_tanh":      as(layer.Clip{Min: -1, Max: 1}),
	"leaky_relu":     as(layer.ReLU{Slope: float64(float32(0.2))}),
	"log_sigmoid":    logSigmoid,
	"mish":           mish,
	"relu":           as(layer.ReLU{}),
	"relu6":          as(layer.Clip{Min: 0, Max: 6}),
	"selu":           as(layer.Unary{Function: layer.SELU}),
	"sigmoid":        as(layer.Sigmoid{}),
	"silu":           as(layer.Swish{Beta: 1}),
	"soft_shrink":    softShrink,
	"softplus":       as(layer.Softplus{}),
	"softsign":       as(layer.Unary{Function: layer.Softsign}),
	"sparse_plus":    sparsePlus,
	"sparse_sigmoid": sparseSigmoid,
	"squareplus":     squareplus,
	"swish":          as(layer.Swish{Beta: 1}),
	"tanh":           as(layer.Tanh{}),
	"tanh_shrink":    tanhShrink,
}

// activation is a function by name.
func activation(c *call) (*value, error) {
	name, ok := c.activationName()
	if ok && name == "linear" {
		return passed(c)
	}
	return c.activate(c.in[0], name, ok)
}

// activationName is the setting's value: a name, or an object with one. Not ok is what has no name.
func (c *call) activationName() (string, bool) {
	v := c.layer.Settings["activation"]
	if fields, ok := v.(map[string]any); ok {
		if v = fields["config"]; fields["class_name"] != "function" {
			return "", false
		}
	}
	if v == nil {
		return "linear", true
	}
	name, ok := v.(string)
	return name, ok
}

// activate applies the function of a name, or what else the setting holds, and gives the result the layer's name.
func (c *call) activate(x *value, name string, named bool) (*value, error) {
	if !named {
		return c.activateBy(x)
	}
	switch name {
	case "softmax":
		return c.softmax(x, -1, func(axis int) layer.Layer { return layer.Softmax{Axis: axis} })
	case "log_softmax":
		return c.softmax(x, -1, func(axis int) layer.Layer { return layer.LogSoftmax{Axis: axis} })
	case "glu":
		return c.glu(x, -1)
	}
	if f, known := activations[name]; known {
		return f(c, x), nil
	}
	c.in = []*value{x}
	return c.unknown("the activation " + name + " is not computed here")
}

// activateBy applies a layer that stands where a function's name would.
func (c *call) activateBy(x *value) (*value, error) {
	fields, _ := c.layer.Settings["activation"].(map[string]any)
	class, _ := fields["class_name"].(string)
	settings, _ := fields["config"].(map[string]any)
	lower := activationLayers(class)
	c.in = []*value{x}
	if lower == nil {
		return c.unknown("its activation is not one of Keras's own without weights")
	}
	applied := *c
	applied.layer = &config.Layer{Name: c.layer.Name, Class: class, Settings: settings, File: c.layer.File}
	v, err := lower(&applied)
	if err == nil && v.name != c.name { // it passes its input on
		v = c.emit(c.name, layer.Identity{}, nil, v)
	}
	return v, err
}

// activationLayers are the layers without weights that serve as activations.
func activationLayers(class string) func(*call) (*value, error) {
	switch class {
	case "ReLU":
		return relu
	case "LeakyReLU":
		return leakyReLU
	case "ELU":
		return elu
	case "Softmax":
		return softmax
	case "ThresholdedReLU":
		return thresholdedReLU
	case "Activation":
		return activation
	}
	return nil
}

// activated is the name for what a layer computes before its activation: its own if there is none. The activation is applied by
// then.
func (c *call) activated() (name string, then func(*value) (*value, error)) {
	function, ok := c.activationName()
	if ok && function == "linear" {
		return c.name, func(v *value) (*value, error) { return v, nil }
	}
	return c.unused(c.name + "/" + c.layer.Class), func(v *value) (*value, error) { return c.activate(v, function, ok) }
}

func softmax(c *call) (*value, error) {
	axis, err := c.layer.Int("axis", -1)
	if err != nil {
		return nil, err
	}
	return c.softmax(c.in[0], axis, func(axis int) layer.Layer { return layer.Softmax{Axis: axis} })
}

// softmax goes over an axis of Keras's.
func (c *call) softmax(x *value, axis int, l func(axis int) layer.Layer) (*value, error) {
	at, ok := x.axis(axis)
	if !ok {
		c.in = []*value{x}
		return c.unknown("its axis is not known")
	}
	return c.emit(c.name, l(at), nil, x), nil
}
