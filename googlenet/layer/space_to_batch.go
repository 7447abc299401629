package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// SpaceToBatch cuts a map into blocks and makes every place within a block a map of its own: item (p N + n) of the output
// holds the cells of item n at place p, in row-major order, of every block. Block has an entry for each axis from Axis on.
// The map is surrounded by zeros first: Before[i] and After[i] cells along axis Axis+i.
type SpaceToBatch struct {
	Axis                 int
	Block, Before, After []int
}

func (SpaceToBatch) Kind() string { return "SpaceToBatch" }

func (l SpaceToBatch) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if err := checkBlock(l, in[0], l.Axis, l.Block); err != nil {
		return nil, err
	}
	if len(l.Before) != len(l.Block) || len(l.After) != len(l.Block) {
		return nil, fmt.Errorf("padding of %d and %d axes does not fit a block of %d", len(l.Before), len(l.After), len(l.Block))
	}
	padded, err := l.pad(len(in[0])).Infer(in)
	if err != nil {
		return nil, err
	}
	out := padded[0]
	for i, b := range l.Block {
		if out[l.Axis+i]%b != 0 {
			return nil, fmt.Errorf("blocks of %v do not divide the padded map %v", l.Block, padded[0])
		}
		out[l.Axis+i] /= b
	}
	out[0] *= area(l.Block)
	return []tensor.Shape{out}, nil
}

func (l SpaceToBatch) pad(rank int) Pad {
	p := Pad{Before: make([]int, rank), After: make([]int, rank)}
	copy(p.Before[l.Axis:], l.Before)
	copy(p.After[l.Axis:], l.After)
	return p
}

// padded is the shape of the map with the zeros around it.
func (l SpaceToBatch) padded(out tensor.Shape) tensor.Shape {
	s := out.Clone()
	for i, b := range l.Block {
		s[l.Axis+i] *= b
	}
	s[0] /= area(l.Block)
	return s
}

func (l SpaceToBatch) Forward32(c *Call[float32]) { spaceToBatch(l, c) }
func (l SpaceToBatch) Forward64(c *Call[float64]) { spaceToBatch(l, c) }

// Attributes lists the settings.
func (l SpaceToBatch) Attributes() []Attribute {
	return []Attribute{{"axis", strconv.Itoa(l.Axis)}, {"block", fmt.Sprint(l.Block)}, {"before", fmt.Sprint(l.Before)}, {"after", fmt.Sprint(l.After)}}
}

func spaceToBatch[T tensor.Float](l SpaceToBatch, c *Call[T]) {
	whole := tensor.New[T](l.padded(c.Out[0].Shape)...)
	pad(l.pad(len(whole.Shape)), &Call[T]{In: c.In, Out: []*tensor.Tensor[T]{whole}})
	copy(c.Out[0].Data, deal(whole, l.Axis, l.Block).Data)
}

func (l SpaceToBatch) Backward32(g *Gradient[float32]) { spaceToBatchBackward(l, g) }
func (l SpaceToBatch) Backward64(g *Gradient[float64]) { spaceToBatchBackward(l, g) }

func spaceToBatchBackward[T tensor.Float](l SpaceToBatch, g *Gradient[T]) {
	whole := l.padded(g.OutGrad[0].Shape)
	back := collect(dealt(g.OutGrad[0], whole, l.Axis, l.Block), l.Axis, l.Block)
	padBackward(l.pad(len(whole)), &Gradient[T]{InGrad: g.InGrad, OutGrad: []*tensor.Tensor[T]{back}})
}

// dealt views what deal made of a map of that shape, with its first axes merged, in its own shape.
func dealt[T tensor.Float](t *tensor.Tensor[T], whole tensor.Shape, axis int, block []int) *tensor.Tensor[T] {
	s := append(append(tensor.Shape{}, block...), whole...)
	for i, b := range block {
		s[len(block)+axis+i] /= b
	}
	return t.Reshaped(s...)
}
