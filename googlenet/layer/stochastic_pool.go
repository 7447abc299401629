package layer

import (
	"parity/googlenet/tensor"
)

// StochasticPool is stochastic pooling in inference: the mean of each window weighted by its own values,
//
//	y = sum x^2 / sum x
//
// and 0 where their sum is not positive (Zeiler, Fergus 2013, section 3.2). Cells outside the map do not count. In
// training one value of the window is drawn instead.
type StochasticPool struct{ Pool }

func (StochasticPool) Kind() string { return "StochasticPool" }

func (l StochasticPool) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.infer(l, in) }

func (l StochasticPool) Forward32(c *Call[float32]) { stochasticPool(l, c) }
func (l StochasticPool) Forward64(c *Call[float64]) { stochasticPool(l, c) }

// Attributes lists the settings.
func (l StochasticPool) Attributes() []Attribute { return l.attributes() }

func stochasticPool[T tensor.Float](l StochasticPool, c *Call[T]) {
	l.EachCell(c.In[0].Shape, c.Out[0].Shape, c.Workers, func(cell int, eachIn func(f func(at int))) {
		var sum, squares T
		eachIn(func(at int) {
			v := c.In[0].Data[at]
			sum += v
			squares += v * v
		})
		if sum > 0 {
			c.Out[0].Data[cell] = squares / sum
		}
	})
}

// EachCell calls f with every cell of the output and with what goes through the offsets that its window has in the input.
func (p Pool) EachCell(in, out tensor.Shape, workers int, f func(cell int, eachIn func(f func(at int)))) {
	p.eachWindow(in, out, workers, func(plane, cell int, at reach) {
		f(cell, func(g func(at int)) {
			at.rows(func(lo, hi int) {
				for i := lo; i < hi; i++ {
					g(plane*at.h*at.w + i)
				}
			})
		})
	})
}
