package lower

import "parity/googlenet/layer"

// leakyRelu has a slope for what is negative.
func leakyRelu(c *call) error {
	alpha, err := c.node.Float("alpha", 0.2)
	if err != nil {
		return err
	}
	return c.elementwise(layer.ReLU{Slope: alpha})
}

// elementwise lowers an operation on every element of one value.
func elementwise(l layer.Layer) func(*call) error {
	return func(c *call) error { return c.elementwise(l) }
}

func unary(f layer.Function) func(*call) error { return elementwise(layer.Unary{Function: f}) }

func (c *call) elementwise(l layer.Layer) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc, shape: x.shape})
}
