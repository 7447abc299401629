package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// SpaceToDepth cuts an NCHW map into blocks of Block by Block cells and makes every place within a block channels of its own:
// channel (p C + c) of the output holds channel c of the cells at place p, in row-major order.
type SpaceToDepth struct{ Block int }

func (SpaceToDepth) Kind() string { return "SpaceToDepth" }

func (l SpaceToDepth) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	if l.Block < 1 || h%l.Block != 0 || w%l.Block != 0 {
		return nil, fmt.Errorf("blocks of %d do not divide the %dx%d map", l.Block, h, w)
	}
	return []tensor.Shape{{n, c * l.Block * l.Block, h / l.Block, w / l.Block}}, nil
}

func (l SpaceToDepth) Forward32(c *Call[float32]) { spaceToDepth(l.Block, c.In[0], c.Out[0]) }
func (l SpaceToDepth) Forward64(c *Call[float64]) { spaceToDepth(l.Block, c.In[0], c.Out[0]) }

// Attributes lists the block's side.
func (l SpaceToDepth) Attributes() []Attribute { return []Attribute{{"block", strconv.Itoa(l.Block)}} }

// spaceToDepth moves the two places within a block from the front of all axes to behind the batch.
func spaceToDepth[T tensor.Float](block int, space, depth *tensor.Tensor[T]) {
	dealt := deal(space, 2, []int{block, block})
	copy(depth.Data, tensor.Permute(dealt, 2, 0, 1, 3, 4, 5).Data)
}

func (l SpaceToDepth) Backward32(g *Gradient[float32]) {
	depthToSpace(l.Block, g.OutGrad[0], g.InGrad[0])
}
func (l SpaceToDepth) Backward64(g *Gradient[float64]) {
	depthToSpace(l.Block, g.OutGrad[0], g.InGrad[0])
}
