package layer

import "parity/googlenet/tensor"

// AveragePoolND is AveragePool over any number of axes.
type AveragePoolND struct {
	PoolND
	Divisor Divisor
}

func (AveragePoolND) Kind() string { return "AveragePoolND" }

func (l AveragePoolND) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.infer(l, in) }

// Attributes lists the settings.
func (l AveragePoolND) Attributes() []Attribute {
	list := l.attributes()
	if l.Divisor == PaddedCells {
		list = append(list, Attribute{"divisor", "padding counted"})
	}
	return list
}

func (l AveragePoolND) Forward32(c *Call[float32]) { averagePoolND(l, c) }
func (l AveragePoolND) Forward64(c *Call[float64]) { averagePoolND(l, c) }

func averagePoolND[T tensor.Float](l AveragePoolND, c *Call[T]) {
	l.EachWindow(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(cell, plane int, reach []int) {
		var sum T
		for _, at := range reach {
			if at >= 0 {
				sum += c.In[0].Data[plane+at]
			}
		}
		if n := l.cells(c.In[0].Shape, c.Out[0].Shape, cell, reach); n > 0 {
			sum /= T(n)
		}
		c.Out[0].Data[cell] = sum
	})
}

// cells is what the sum of a window is divided by.
func (l AveragePoolND) cells(in, out tensor.Shape, cell int, reach []int) int {
	n := 0
	if l.Divisor == ValidCells {
		for _, at := range reach {
			if at >= 0 {
				n++
			}
		}
		return n
	}
	maps, positions := in[l.Axis+1:], out[l.Axis+1:]
	n = 1
	for a, i := range positions.Index(cell % positions.Len()) {
		first, d := i*l.Stride[a]-l.Before[a], l.Dilation[a]
		n *= min(l.Kernel[a], (maps[a]+l.After[a]-first+d-1)/d)
	}
	return n
}

func (l AveragePoolND) Backward32(g *Gradient[float32]) { averagePoolNDBackward(l, g) }
func (l AveragePoolND) Backward64(g *Gradient[float64]) { averagePoolNDBackward(l, g) }

// averagePoolNDBackward gives every cell of a window an equal share of its gradient.
func averagePoolNDBackward[T tensor.Float](l AveragePoolND, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	l.EachWindow(g.In[0].Shape, g.Out[0].Shape, g.Workers, func(cell, plane int, reach []int) {
		n := l.cells(g.In[0].Shape, g.Out[0].Shape, cell, reach)
		if n <= 0 {
			return
		}
		for _, at := range reach {
			if at >= 0 {
				g.InGrad[0].Data[plane+at] += g.OutGrad[0].Data[cell] / T(n)
			}
		}
	})
}
