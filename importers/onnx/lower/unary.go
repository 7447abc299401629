package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

// unary lowers functions of every element that have no settings. The result has the type d, or with 0 that of the input; then one
// of integers wraps around.
func unary(f layer.Function, d model.DType) func(*call) error {
	return func(c *call) error { return c.function(layer.Unary{Function: f}, d) }
}

// wholeAbs is the magnitude of integers, of which the largest negative one has none.
func wholeAbs(c *call) error { return c.function(layer.Abs{}, 0) }

func (c *call) function(l layer.Layer, d model.DType) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is no number")
	}
	if d != 0 {
		return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc, shape: x.shape, dtype: d})
	}
	return c.wrap(c.on(unwrapped(x), x, l))
}

// on puts a layer in that leaves the shape and the layout of its input as they are.
func (c *call) on(suffix string, x *value, l layer.Layer) *value {
	return c.put(suffix, one{layer: l, in: []*value{x}, nhwc: x.nhwc, shape: x.shape})
}

// times multiplies by a number.
func times(by float64) layer.Layer { return layer.Power{Power: 1, Scale: by} }

// selu is gamma (alpha (e^x - 1)) below 0 and gamma x above.
func selu(c *call) error {
	x, ok := c.data(0)
	alpha, err := c.node.Float("alpha", 1.67326319217681884765625)
	if err != nil || !ok {
		return c.unlessErr(err, "its input is no number")
	}
	gamma, err := c.node.Float("gamma", 1.05070102214813232421875)
	if err != nil {
		return err
	}
	c.on("", c.on("/elu", x, layer.ELU{Alpha: alpha}), times(gamma))
	return nil
}

// celu is alpha (e^(x/alpha) - 1) below 0 and x above: an ELU of x/alpha.
func celu(c *call) error {
	x, ok := c.data(0)
	alpha, err := c.node.Float("alpha", 1)
	if err != nil || !ok || alpha == 0 {
		return c.unlessErr(err, "its input is no number, or its alpha 0")
	}
	if alpha == 1 {
		return c.emitOn(x, layer.ELU{Alpha: 1})
	}
	c.on("", c.on("/elu", c.on("/part", x, times(1/alpha)), layer.ELU{Alpha: 1}), times(alpha))
	return nil
}

// hardSwish is x times the HardSigmoid of x/6 + 1/2.
func hardSwish(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is no number")
	}
	line := c.on("/line", x, layer.Power{Power: 1, Scale: 1. / 6, Shift: 0.5})
	c.together("", layer.Binary{Operation: layer.Product}, 0, x, c.on("/gate", line, layer.Clip{Max: 1}))
	return nil
}

// mish is x tanh(softplus(x)).
func mish(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is no number")
	}
	c.together("", layer.Binary{Operation: layer.Product}, 0, x, c.on("/tanh", c.on("/softplus", x, layer.Softplus{}), layer.Tanh{}))
	return nil
}

// thresholdedRelu is x above alpha and 0 elsewhere.
func thresholdedRelu(c *call) error {
	x, ok := c.data(0)
	alpha, err := c.node.Float("alpha", 1)
	if err != nil || !ok {
		return c.unlessErr(err, "its input is no number")
	}
	above := c.compare("/above", layer.Greater, x, alpha)
	c.together("", layer.Select{}, x.dtype, above, x, c.fixedNumber("/zero", 0, x.dtype))
	return nil
}

// compare holds a value against a number.
func (c *call) compare(suffix string, op layer.Operation, x *value, with float64) *value {
	return c.together(suffix, layer.Binary{Operation: op}, model.Bool, x, c.fixedNumber(suffix+" than", with, x.dtype))
}

// shrink moves values towards zero by bias; those within lambd of it become 0.
func shrink(c *call) error {
	x, ok := c.data(0)
	bias, err := c.node.Float("bias", 0)
	if err != nil || !ok {
		return c.unlessErr(err, "its input is no number")
	}
	lambd, err := c.node.Float("lambd", 0.5)
	if err != nil {
		return err
	}
	moved := func(suffix string, by float64) *value {
		if by == 0 {
			return x
		}
		return c.on(suffix, x, layer.Power{Power: 1, Scale: 1, Shift: by})
	}
	zero := c.fixedNumber("/zero", 0, x.dtype)
	upper := c.together("/upper", layer.Select{}, x.dtype, c.compare("/above", layer.Greater, x, lambd), moved("/down", -bias), zero)
	c.together("", layer.Select{}, x.dtype, c.compare("/below", layer.Less, x, -lambd), moved("/up", bias), upper)
	return nil
}

// isInf looks for infinities of either sign, or of one.
func isInf(c *call) error {
	x, ok := c.data(0)
	negative, err := c.node.Bool("detect_negative", true)
	if err != nil || !ok {
		return c.unlessErr(err, "its input is no number")
	}
	positive, err := c.node.Bool("detect_positive", true)
	if err != nil {
		return err
	}
	switch {
	case negative && positive:
		return c.function(layer.Unary{Function: layer.IsInf}, model.Bool)
	case positive:
		c.compare("", layer.Equal, x, math.Inf(1))
	case negative:
		c.compare("", layer.Equal, x, math.Inf(-1))
	default:
		return c.function(layer.Unary{Function: layer.Zero}, model.Bool)
	}
	return nil
}
