package layer

import (
	"parity/googlenet/tensor"
)

// Identity passes its input on.
type Identity struct{}

func (Identity) Kind() string { return "Identity" }

func (l Identity) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (Identity) Forward32(c *Call[float32]) { copyThrough(c) }
func (Identity) Forward64(c *Call[float64]) { copyThrough(c) }

func copyThrough[T tensor.Float](c *Call[T]) { copy(c.Out[0].Data, c.In[0].Data) }

func (Identity) Backward32(g *Gradient[float32]) { copyBack(g) }
func (Identity) Backward64(g *Gradient[float64]) { copyBack(g) }

func copyBack[T tensor.Float](g *Gradient[T]) {
	if to := g.InGrad[0]; to != nil {
		copy(to.Data, g.OutGrad[0].Data)
	}
}
