package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// BatchToSpace joins the maps that SpaceToBatch has made of one and cuts cells off its edges: Before[i] and After[i] cells
// along axis Axis+i.
type BatchToSpace struct {
	Axis                 int
	Block, Before, After []int
}

func (BatchToSpace) Kind() string { return "BatchToSpace" }

func (l BatchToSpace) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if err := checkBlock(l, in[0], l.Axis, l.Block); err != nil {
		return nil, err
	}
	if len(l.Before) != len(l.Block) || len(l.After) != len(l.Block) {
		return nil, fmt.Errorf("a cut of %d and %d axes does not fit a block of %d", len(l.Before), len(l.After), len(l.Block))
	}
	if in[0][0]%area(l.Block) != 0 {
		return nil, fmt.Errorf("a batch of %d is not made of blocks of %v", in[0][0], l.Block)
	}
	out := l.whole(in[0])
	for i := range l.Block {
		out[l.Axis+i] -= l.Before[i] + l.After[i]
		if l.Before[i] < 0 || l.After[i] < 0 || out[l.Axis+i] < 0 {
			return nil, fmt.Errorf("cannot cut %d and %d cells off along axis %d of %v", l.Before[i], l.After[i], l.Axis+i, l.whole(in[0]))
		}
	}
	return []tensor.Shape{out}, nil
}

// whole is the shape of the joined map before it is cut.
func (l BatchToSpace) whole(in tensor.Shape) tensor.Shape { return l.inverse().padded(in) }

func (l BatchToSpace) inverse() SpaceToBatch { return SpaceToBatch(l) }

func (l BatchToSpace) Forward32(c *Call[float32]) { batchToSpace(l, c) }
func (l BatchToSpace) Forward64(c *Call[float64]) { batchToSpace(l, c) }

// Attributes lists the settings.
func (l BatchToSpace) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"block", fmt.Sprint(l.Block)}, {"cut before", fmt.Sprint(l.Before)}, {"cut after", fmt.Sprint(l.After)}}
}

// batchToSpace is the gradient of SpaceToBatch.
func batchToSpace[T tensor.Float](l BatchToSpace, c *Call[T]) {
	spaceToBatchBackward(l.inverse(), &Gradient[T]{InGrad: c.Out, OutGrad: c.In})
}

func (l BatchToSpace) Backward32(g *Gradient[float32]) { batchToSpaceBackward(l, g) }
func (l BatchToSpace) Backward64(g *Gradient[float64]) { batchToSpaceBackward(l, g) }

func batchToSpaceBackward[T tensor.Float](l BatchToSpace, g *Gradient[T]) {
	spaceToBatch(l.inverse(), &Call[T]{In: g.OutGrad, Out: g.InGrad})
}
