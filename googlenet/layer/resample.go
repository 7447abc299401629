package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// Resample scales and shifts maps, NCHW, and reads them at every cell of the new size with a kernel: with coordinates that
// count from the border, x of the input becomes Scale x + Shift. What reads outside the input is zero.
type Resample struct {
	Size         [2]int // height and width
	Scale, Shift [2]float64
	Kernel       Kernel
	// Antialias widens the kernel where maps shrink, so that it covers all cells between its places.
	Antialias bool
}

func (Resample) Kind() string { return "Resample" }

func (l Resample) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	n, c, h, w, err := spatial(l, in)
	if err != nil {
		return nil, err
	}
	if err := resizable(l.Size, h, w); err != nil {
		return nil, err
	}
	for _, s := range l.Scale {
		if !(float32(s) > 0) {
			return nil, fmt.Errorf("the scale should be positive, got %v", l.Scale)
		}
	}
	return []tensor.Shape{{n, c, l.Size[0], l.Size[1]}}, nil
}

// Attributes lists the settings.
func (l Resample) Attributes() []Attribute {
	list := []Attribute{
		{"size", pair(l.Size)}, {"scale", number(l.Scale[0]) + "x" + number(l.Scale[1])},
		{"shift", number(l.Shift[0]) + "," + number(l.Shift[1])}, {"kernel", l.Kernel.String()},
	}
	if l.Antialias {
		list = append(list, Attribute{"antialias", "on"})
	}
	return list
}

func (l Resample) Forward32(c *Call[float32]) { separableForward(l.Separable(c.In[0].Shape), c) }
func (l Resample) Forward64(c *Call[float64]) { separableForward(l.Separable(c.In[0].Shape), c) }

func (l Resample) Backward32(g *Gradient[float32]) { separableGradient(l.Separable(g.In[0].Shape), g) }
func (l Resample) Backward64(g *Gradient[float64]) { separableGradient(l.Separable(g.In[0].Shape), g) }

// Separable is the map for an input of a shape.
func (l Resample) Separable(in tensor.Shape) Separable {
	return Separable{Vertical: l.along(in[2], 0), Horizontal: l.along(in[3], 1), VerticalFirst: true, Factor: 1}
}

// along computes places and weights in float32, each operation rounded.
func (l Resample) along(from, axis int) Sampling {
	step := float32(1 / float64(float32(l.Scale[axis])))
	shift := -step * float32(l.Shift[axis])
	r := kernelReach{kernels[l.Kernel].at, kernels[l.Kernel].radius, 1, from}
	if l.Antialias {
		r.stretch = max(step, 1)
	}
	s := Sampling{From: from, Doubt: kernels[l.Kernel].doubt}
	for i := range l.Size[axis] {
		s.Taps = append(s.Taps, r.taps(float32((float32(i)+0.5)*step)+shift))
	}
	return s
}
