package layer

import "parity/googlenet/tensor"

// Divisor says by what an average pool divides the sum of a window.
type Divisor int

const (
	// ValidCells divides by the number of cells inside the map (TensorFlow; ONNX' count_include_pad=0).
	ValidCells Divisor = iota
	// PaddedCells divides by the number of cells inside the padded map (Caffe; ONNX' count_include_pad=1).
	PaddedCells
)

// AveragePool takes the mean of each window, cells outside the map counting as zero in the sum.
type AveragePool struct {
	Pool
	Divisor Divisor
}

func (AveragePool) Kind() string { return "AveragePool" }

func (l AveragePool) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.infer(l, in) }

func (l AveragePool) Forward32(c *Call[float32]) { averagePool(l, c) }
func (l AveragePool) Forward64(c *Call[float64]) { averagePool(l, c) }

// Attributes lists the settings.
func (l AveragePool) Attributes() []Attribute {
	list := l.attributes()
	if l.Divisor == PaddedCells && l.Padding != (Padding{}) {
		list = append(list, Attribute{"divisor", "padding counted"})
	}
	return list
}

func averagePool[T tensor.Float](l AveragePool, c *Call[T]) {
	_, _, _, bottom, right := l.over(c.In[0].Shape[2], c.In[0].Shape[3])
	l.eachWindow(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(plane, cell int, at reach) {
		in := c.In[0].Data[plane*at.h*at.w:]
		var sum T
		at.rows(func(lo, hi int) {
			for _, v := range in[lo:hi] {
				sum += v
			}
		})
		c.Out[0].Data[cell] = sum / T(l.divisor(at, bottom, right))
	})
}

// divisor is the number of cells but for a window of valid ones that has none: its sum stays zero.
func (l AveragePool) divisor(at reach, bottom, right int) int {
	cells := l.cells(at, bottom, right)
	if cells == 0 && l.Divisor == ValidCells {
		return 1
	}
	return cells
}

// cells is what the sum of a window is divided by. For a window that begins at the end of the padded map or beyond it,
// PaddedCells comes to zero or to the product of what lies between: Caffe's mean of nothing is NaN, 0 or -0.
func (l AveragePool) cells(at reach, bottom, right int) int {
	if l.Divisor == PaddedCells {
		return at.before(0, at.row, at.h+bottom) * at.before(1, at.col, at.w+right)
	}
	n := 0
	at.rows(func(lo, hi int) { n += hi - lo })
	return n
}

// before counts the cells of the window along an axis, from its first one on, that lie before an end; for a window that begins
// behind it, it is less than 0.
func (w Window) before(axis, first, end int) int {
	d := w.Dilation[axis]
	return min(w.Kernel[axis], (end-first+d-1)/d)
}

func (l AveragePool) Backward32(g *Gradient[float32]) { averagePoolBackward(l, g) }
func (l AveragePool) Backward64(g *Gradient[float64]) { averagePoolBackward(l, g) }

// averagePoolBackward gives every cell of a window an equal share of its gradient.
func averagePoolBackward[T tensor.Float](l AveragePool, g *Gradient[T]) {
	_, _, _, bottom, right := l.over(g.In[0].Shape[2], g.In[0].Shape[3])
	l.eachWindow(g.In[0].Shape, g.Out[0].Shape, g.Workers, func(plane, cell int, at reach) {
		cells := l.cells(at, bottom, right)
		if cells <= 0 {
			return
		}
		share := g.OutGrad[0].Data[cell] / T(cells)
		to := g.InGrad[0].Data[plane*at.h*at.w:]
		at.rows(func(lo, hi int) {
			for i := lo; i < hi; i++ {
				to[i] += share
			}
		})
	})
}
