package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// spaceToBatchND is SpaceToBatchND: blocks along the first axes behind the batch.
func spaceToBatchND(c *call) error {
	b, why, err := c.blocks()
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	l := layer.SpaceToBatch{Axis: b.axis, Block: b.block, Before: b.before, After: b.after}
	return c.emitIfFits(one{layer: l, in: []*value{b.x}, nhwc: b.x.nhwc})
}

// batchToSpaceND is BatchToSpaceND, its inverse.
func batchToSpaceND(c *call) error {
	b, why, err := c.blocks()
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	l := layer.BatchToSpace{Axis: b.axis, Block: b.block, Before: b.before, After: b.after}
	return c.emitIfFits(one{layer: l, in: []*value{b.x}, nhwc: b.x.nhwc})
}

// blocks is what SpaceToBatch and BatchToSpace, old and new, say.
type blocks struct {
	x                    *value
	axis                 int // the first one that is cut, in common order
	block, before, after []int
}

// blocks reads the inputs value, block shape, paddings or crops. The old forms have the block's side as an attribute.
func (c *call) blocks() (b blocks, why string, err error) {
	x, ok := c.operand(0)
	edges, known := c.integers(len(c.in) - 1)
	if !ok || !known {
		return b, "its block or its edges are not constant", nil
	}
	if b.block, known = c.block(); !known {
		return b, "its block is not constant", nil
	}
	m := len(b.block)
	if x.rank() < 0 {
		return b, "its input's dimensions are not known", nil
	}
	if len(edges) != 2*m || x.rank() < m+1 {
		return b, "", c.node.Errorf("a block %v needs two edges for each of its axes, found %d for %v", b.block, len(edges), x.stored())
	}
	for i := range m {
		b.before, b.after = append(b.before, edges[2*i]), append(b.after, edges[2*i+1])
	}
	if slices.Contains(b.block, unknownExtent) || slices.Contains(edges, unknownExtent) {
		return b, "its block or its edges are not constant", nil
	}
	b.x, b.axis = x, 1
	switch {
	case x.nhwc && m <= 2:
		b.axis = 2
	case x.nhwc:
		b.x = c.as(x, false)
	}
	return b, "", nil
}

func (c *call) block() ([]int, bool) {
	if len(c.in) == 3 {
		return c.integers(1)
	}
	n, err := c.node.Int("block_size", 0)
	return []int{n, n}, err == nil
}
