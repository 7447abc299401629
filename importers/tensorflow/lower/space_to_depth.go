package lower

import "parity/googlenet/layer"

// spaceToDepth turns blocks of cells into channels.
func spaceToDepth(c *call) error {
	return c.depth(func(block int) layer.Layer { return layer.SpaceToDepth{Block: block} })
}

// depthToSpace turns channels into blocks of cells.
func depthToSpace(c *call) error {
	return c.depth(func(block int) layer.Layer { return layer.DepthToSpace{Block: block} })
}

func (c *call) depth(kind func(block int) layer.Layer) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	block, err := c.node.Int("block_size", 0)
	if err != nil {
		return err
	}
	f, err := formatOf(c.node)
	if err != nil {
		return err
	}
	if f != nhwc && f != nchw {
		return c.unknown("data_format " + string(f))
	}
	if x, err = c.featureMap(x, f); err != nil {
		return err
	}
	return c.emitIfFits(one{layer: kind(block), in: []*value{x}, nhwc: f == nhwc})
}
