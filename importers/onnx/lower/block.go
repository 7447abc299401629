package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// depthToSpace makes blocks of cells of channels. In the mode DCR the place in the block changes slowest among the channels, in CRD
// fastest.
func depthToSpace(c *call) error {
	x, ok := c.data(0)
	block, err := c.node.Int("blocksize", 0)
	if err != nil || !ok || x.rank() != 4 {
		return c.unlessErr(err, "its input is no feature map")
	}
	mode, err := c.node.Text("mode", "DCR")
	if err != nil {
		return err
	}
	x = c.as(x, false)
	if mode != "CRD" {
		return c.emit(one{layer: layer.DepthToSpace{Block: block}, in: []*value{x}})
	}
	s := x.shape
	if block < 1 || !known(s) || s[1]%(block*block) != 0 {
		return c.unknown("its input's extents are not known, or not divided by the block")
	}
	split := tensor.Shape{s[0], s[1] / (block * block), block, block, s[2], s[3]}
	parts := c.between("/parts", one{layer: layer.Reshape{Shape: split}, in: []*value{x}})
	moved := c.between("/moved", one{layer: layer.Permute{Axes: []int{0, 1, 4, 2, 5, 3}}, in: []*value{parts}})
	return c.emit(one{layer: layer.Reshape{Shape: []int{s[0], split[1], s[2] * block, s[3] * block}}, in: []*value{moved}})
}

// spaceToDepth makes channels of blocks of cells.
func spaceToDepth(c *call) error {
	x, ok := c.data(0)
	block, err := c.node.Int("blocksize", 0)
	if err != nil || !ok || x.rank() != 4 {
		return c.unlessErr(err, "its input is no feature map")
	}
	return c.emit(one{layer: layer.SpaceToDepth{Block: block}, in: []*value{c.as(x, false)}})
}

// trilu keeps what is on and below a diagonal of every matrix, or on and above it, and makes the rest 0.
func trilu(c *call) error {
	x, ok := c.data(0)
	upper, err := c.node.Bool("upper", true)
	if err != nil || !ok || x.rank() < 2 {
		return c.unlessErr(err, "its input is no matrix")
	}
	k := 0
	if !c.omitted(1) {
		list, known, err := c.integers(1)
		if err != nil || !known || len(list) != 1 {
			return c.unlessErr(err, "its diagonal is not constant")
		}
		k = list[0]
	}
	x = c.as(x, false)
	rows, columns := x.shape[x.rank()-2], x.shape[x.rank()-1]
	if rows < 0 || columns < 0 {
		return c.unknown("its input's extents are not known")
	}
	if err := c.spend(rows * columns); err != nil {
		return err
	}
	mask := tensor.New[float64](rows, columns)
	for i := range rows {
		for j := range columns {
			if upper && j-i >= k || !upper && j-i <= k {
				mask.Data[i*columns+j] = 1
			}
		}
	}
	kept := c.fixed(c.unused(c.node.Outputs[0]+"/kept"), mask, x.dtype)
	c.together("", layer.Select{}, x.dtype, kept, x, c.fixedNumber("/zero", 0, x.dtype))
	return nil
}
