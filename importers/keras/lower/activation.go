package lower

import (
	"math"

	"parity/googlenet/layer"
)

// activations are Keras's functions by name, with their settings at the defaults; softmax stands apart as it has an axis.
var activations = map[string]layer.Layer{
	"elu":         layer.ELU{Alpha: 1},
	"exponential": layer.Exp{Base: math.E, Scale: 1},
	"leaky_relu":  layer.ReLU{Slope: float64(float32(0.2))},
	"relu":        layer.ReLU{},
	"relu6":       layer.Clip{Min: 0, Max: 6},
	"selu":        layer.Unary{Function: layer.SELU},
	"sigmoid":     layer.Sigmoid{},
	"silu":        layer.Swish{Beta: 1},
	"softplus":    layer.Softplus{},
	"softsign":    layer.Unary{Function: layer.Softsign},
	"swish":       layer.Swish{Beta: 1},
	"tanh":        layer.Tanh{},
}

// activation is a function by name.
func activation(c *call) (*value, error) {
	name, ok := c.activationName()
	if !ok {
		return c.unknown("its function is not one of Keras's own")
	}
	if name == "linear" {
		return passed(c)
	}
	return c.activate(c.in[0], name)
}

// activationName is the setting's value: a name, or an object with one.
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

// activate applies a function and gives the result the layer's name.
func (c *call) activate(x *value, name string) (*value, error) {
	switch name {
	case "softmax":
		return c.softmax(x, -1, func(axis int) layer.Layer { return layer.Softmax{Axis: axis} })
	case "log_softmax":
		return c.softmax(x, -1, func(axis int) layer.Layer { return layer.LogSoftmax{Axis: axis} })
	}
	l, known := activations[name]
	if !known {
		c.in = []*value{x}
		return c.unknown("the activation " + name + " is not computed here")
	}
	return c.emit(c.name, l, nil, x), nil
}

// activated is the name for what a layer computes before its activation: its own if there is none. The activation is applied by
// then.
func (c *call) activated() (name string, then func(*value) (*value, error)) {
	function, ok := c.activationName()
	if ok && function == "linear" {
		return c.name, func(v *value) (*value, error) { return v, nil }
	}
	return c.unused(c.name + "/" + c.layer.Class), func(v *value) (*value, error) {
		if !ok {
			c.in = []*value{v}
			return c.unknown("its activation is not one of Keras's own")
		}
		return c.activate(v, function)
	}
}

// relu is max(x, 0), with a slope for what is negative, or cut off at a largest value.
func relu(c *call) (*value, error) {
	slope, err := c.layer.Float("negative_slope", 0)
	if err != nil {
		return nil, err
	}
	threshold, err := c.layer.Float("threshold", 0)
	if err != nil {
		return nil, err
	}
	largest, err := c.layer.Float("max_value", math.Inf(1))
	switch {
	case err != nil:
		return nil, err
	case threshold != 0:
		return c.unknown("it has a threshold")
	case math.IsInf(largest, 1):
		return c.emit(c.name, layer.ReLU{Slope: slope}, nil, c.in[0]), nil
	case slope != 0:
		return c.unknown("it has a slope and a largest value")
	}
	return c.emit(c.name, layer.Clip{Max: largest}, nil, c.in[0]), nil
}

// leakyReLU's slope has changed its name with Keras 3.
func leakyReLU(c *call) (*value, error) {
	slope, err := c.layer.Float("alpha", 0.3)
	if c.layer.Settings["negative_slope"] != nil && err == nil {
		slope, err = c.layer.Float("negative_slope", 0.3)
	}
	if err != nil {
		return nil, err
	}
	return c.emit(c.name, layer.ReLU{Slope: slope}, nil, c.in[0]), nil
}

func elu(c *call) (*value, error) {
	alpha, err := c.layer.Float("alpha", 1)
	if err != nil {
		return nil, err
	}
	return c.emit(c.name, layer.ELU{Alpha: alpha}, nil, c.in[0]), nil
}

// prelu has a learned slope for each channel, or for each element, which is not known here.
func prelu(c *call) (*value, error) {
	x, ok := c.single(4)
	shared, err := c.layer.Ints("shared_axes")
	if err != nil {
		return nil, err
	}
	if !ok || c.channelsFirst || len(shared) != 2 || shared[0]+shared[1] != 3 {
		return c.unknown("its slopes are not one for each channel")
	}
	p, err := c.param([]string{"alpha"}, wanted{1, 1, x.shape[1]}, slopes)
	return c.emitted(err, layer.PReLU{}, x, p)
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
