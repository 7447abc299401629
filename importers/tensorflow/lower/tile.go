package lower

import "parity/googlenet/layer"

// tile repeats a value along every axis: a layer for each along which it does.
func tile(c *call) error {
	x, ok := c.operand(0)
	multiples, known := c.integers(1)
	if !ok || !known {
		return c.unknown("its multiples are not constant")
	}
	x = c.ranked(x, len(multiples))
	if len(multiples) != x.rank() {
		return c.node.Errorf("it needs a multiple for each dimension of %v, found %d", x.stored(), len(multiples))
	}
	var steps []layer.Layer
	for a, n := range multiples {
		if n == unknownExtent {
			return c.unknown("its multiples are not constant")
		}
		axis, _ := x.axis(a)
		if n != 1 {
			steps = append(steps, layer.Tile{Axis: axis, Tiles: n})
		}
	}
	if len(steps) == 0 {
		steps = []layer.Layer{layer.Identity{}}
	}
	last := len(steps) - 1
	for _, l := range steps[:last] {
		x = c.between("/tile", l, x, x.nhwc, "repeated along one axis after the other")
	}
	return c.emitIfFits(one{layer: steps[last], in: []*value{x}, nhwc: x.nhwc})
}
