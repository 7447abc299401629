package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Pad surrounds a tensor with zeros: Before[i] and After[i] cells along dimension i.
type Pad struct{ Before, After []int }

func (Pad) Kind() string { return "Pad" }

func (l Pad) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	if len(l.Before) != len(in[0]) || len(l.After) != len(in[0]) {
		return nil, fmt.Errorf("Pad for %d dimensions does not fit the %d dimensions of %v", len(l.Before), len(in[0]), in[0])
	}
	out := in[0].Clone()
	for i := range out {
		if l.Before[i] < 0 || l.After[i] < 0 {
			return nil, fmt.Errorf("Pad must not be negative, got %d and %d along dimension %d", l.Before[i], l.After[i], i)
		}
		out[i] += l.Before[i] + l.After[i]
	}
	return []tensor.Shape{out}, nil
}

func (l Pad) Forward32(c *Call[float32]) { pad(l, c) }
func (l Pad) Forward64(c *Call[float64]) { pad(l, c) }

// Attributes lists the padding before and after every dimension.
func (l Pad) Attributes() []Attribute {
	return []Attribute{{"before", fmt.Sprint(l.Before)}, {"after", fmt.Sprint(l.After)}}
}

func pad[T tensor.Float](l Pad, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	if len(x.Data) == 0 {
		return
	}
	if len(x.Shape) == 0 {
		y.Data[0] = x.Data[0]
		return
	}
	last := len(x.Shape) - 1
	row := x.Shape[last]
	for from := 0; from < len(x.Data); from += row {
		index := x.Shape.Index(from)
		to := 0
		for d, i := range index {
			to = to*y.Shape[d] + i + l.Before[d]
		}
		copy(y.Data[to:to+row], x.Data[from:from+row])
	}
}
