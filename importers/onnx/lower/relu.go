package lower

import "parity/googlenet/layer"

// relu is max(x, 0).
func relu(c *call) error { return c.elementwise(layer.ReLU{}) }

// leakyRelu has a slope for what is negative.
func leakyRelu(c *call) error {
	alpha, err := c.node.Float("alpha", 0.01)
	if err != nil {
		return err
	}
	return c.elementwise(layer.ReLU{Slope: alpha})
}

// elementwise emits a layer that leaves the shape and the layout as they are.
func (c *call) elementwise(l layer.Layer) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	return c.emitOn(x, l)
}
