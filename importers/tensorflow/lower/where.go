package lower

import "parity/googlenet/layer"

// truePlaces is Where with one input: the places of what is true. How many there are is only known when it runs.
func truePlaces(c *call) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	if err := c.emit(one{layer: layer.Nonzero{}, in: []*value{c.as(x, false)}}); err != nil {
		return err
	}
	if y := c.values[ref{c.node, 0}]; y.shape != nil && y.known == nil {
		y.shape[0] = -1
	}
	return nil
}
