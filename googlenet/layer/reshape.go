package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Reshape reads the same elements in the same order under another shape. In Shape, 0 keeps the input's extent
// at that place and one -1 takes what is left.
type Reshape struct{ Shape []int }

func (Reshape) Kind() string { return "Reshape" }

func (l Reshape) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	out, free := tensor.Shape(l.Shape).Clone(), -1
	known, rest := 1, in[0].Clone() // of what is not copied: so an empty batch leaves the others known
	for i, d := range out {
		switch {
		case d == 0 && i < len(in[0]):
			out[i], rest[i] = in[0][i], 1
		case d == -1 && free < 0:
			free = i
		case d < 0:
			return nil, fmt.Errorf("Reshape to %v has more than one extent to infer", l.Shape)
		default:
			known *= d
		}
	}
	if free >= 0 && known == 0 {
		return nil, fmt.Errorf("Reshape to %v leaves an extent open that nothing decides", l.Shape)
	}
	if free >= 0 {
		out[free] = rest.Len() / known
	}
	if out.Len() != in[0].Len() {
		return nil, fmt.Errorf("Reshape to %v does not hold the %d elements of %v", l.Shape, in[0].Len(), in[0])
	}
	return []tensor.Shape{out}, nil
}

func (Reshape) Forward32(c *Call[float32]) { copyThrough(c) }
func (Reshape) Forward64(c *Call[float64]) { copyThrough(c) }

// Attributes lists the shape.
func (l Reshape) Attributes() []Attribute { return []Attribute{{"shape", fmt.Sprint(l.Shape)}} }

func (Reshape) Backward32(g *Gradient[float32]) { copyBack(g) }
func (Reshape) Backward64(g *Gradient[float64]) { copyBack(g) }
