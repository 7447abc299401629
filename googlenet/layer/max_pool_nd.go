package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// MaxPoolND is MaxPool over any number of axes.
type MaxPoolND struct{ PoolND }

func (MaxPoolND) Kind() string { return "MaxPoolND" }

func (l MaxPoolND) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.infer(l, in) }

// Attributes lists the settings.
func (l MaxPoolND) Attributes() []Attribute { return l.attributes() }

func (l MaxPoolND) Forward32(c *Call[float32]) { maxPoolND(l, c) }
func (l MaxPoolND) Forward64(c *Call[float64]) { maxPoolND(l, c) }

func maxPoolND[T tensor.Float](l MaxPoolND, c *Call[T]) {
	l.EachWindow(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(cell, plane int, reach []int) {
		c.Out[0].Data[cell], _ = LargestOf(c.In[0].Data[plane:], reach)
	})
}

// LargestOf returns the first of the largest of some elements and its offset, as MaxPool does; offsets of -1 are left out.
func LargestOf[T tensor.Float](in []T, offsets []int) (best T, where int) {
	best, where = -math.MaxFloat32, -1
	for _, at := range offsets {
		if at >= 0 && (in[at] > best || in[at] != in[at]) {
			best, where = in[at], at
		}
	}
	return best, where
}

func (l MaxPoolND) Backward32(g *Gradient[float32]) { maxPoolNDBackward(l, g) }
func (l MaxPoolND) Backward64(g *Gradient[float64]) { maxPoolNDBackward(l, g) }

// maxPoolNDBackward gives the whole gradient to the first of the largest values.
func maxPoolNDBackward[T tensor.Float](l MaxPoolND, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	l.EachWindow(g.In[0].Shape, g.Out[0].Shape, g.Workers, func(cell, plane int, reach []int) {
		if _, where := LargestOf(g.In[0].Data[plane:], reach); where >= 0 {
			g.InGrad[0].Data[plane+where] += g.OutGrad[0].Data[cell]
		}
	})
}
