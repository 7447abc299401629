package lower

import "parity/googlenet/layer"

// stopGradient passes values on, and no gradients back.
func stopGradient(c *call) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	return c.emit(one{layer: layer.Identity{}, in: []*value{x}, nhwc: x.nhwc, shape: x.shape, stop: []bool{true}})
}
