package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// DepthToSpace is SpaceToDepth backwards: every Block squared channels of an NCHW map become a block of cells.
type DepthToSpace struct{ Block int }

func (DepthToSpace) Kind() string { return "DepthToSpace" }

func (l DepthToSpace) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	if l.Block < 1 || c%(l.Block*l.Block) != 0 {
		return nil, fmt.Errorf("blocks of %dx%d cells do not divide %d channels", l.Block, l.Block, c)
	}
	return []tensor.Shape{{n, c / (l.Block * l.Block), h * l.Block, w * l.Block}}, nil
}

func (l DepthToSpace) Forward32(c *Call[float32]) { depthToSpace(l.Block, c.In[0], c.Out[0]) }
func (l DepthToSpace) Forward64(c *Call[float64]) { depthToSpace(l.Block, c.In[0], c.Out[0]) }

// Attributes lists the block's side.
func (l DepthToSpace) Attributes() []Attribute { return []Attribute{{"block", strconv.Itoa(l.Block)}} }

func depthToSpace[T tensor.Float](block int, depth, space *tensor.Tensor[T]) {
	s := depth.Shape
	split := depth.Reshaped(s[0], block, block, s[1]/(block*block), s[2], s[3])
	copy(space.Data, collect(tensor.Permute(split, 1, 2, 0, 3, 4, 5), 2, []int{block, block}).Data)
}

func (l DepthToSpace) Backward32(g *Gradient[float32]) {
	spaceToDepth(l.Block, g.OutGrad[0], g.InGrad[0])
}
func (l DepthToSpace) Backward64(g *Gradient[float64]) {
	spaceToDepth(l.Block, g.OutGrad[0], g.InGrad[0])
}
