package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// EuclideanLoss is sum (a - b)^2 / (2 N) over all elements of the inputs a and b, with N their first extent; its output
// is a scalar. Both inputs have gradients.
type EuclideanLoss struct{}

func (EuclideanLoss) Kind() string { return "EuclideanLoss" }

// Infer checks that the inputs have the same batch and as many elements.
func (l EuclideanLoss) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	err := arity(l, in, 2)
	if err == nil {
		err = batched(l, in)
	}
	if err == nil && in[0].Len() != in[1].Len() {
		err = fmt.Errorf("%s takes inputs of as many elements, got %v and %v", l.Kind(), in[0], in[1])
	}
	return lossOf(err)
}

func (l EuclideanLoss) Forward32(c *Call[float32]) { euclideanLoss(c) }
func (l EuclideanLoss) Forward64(c *Call[float64]) { euclideanLoss(c) }

func euclideanLoss[T tensor.Float](c *Call[T]) {
	var sum T
	for i, a := range c.In[0].Data {
		d := a - c.In[1].Data[i]
		sum += d * d
	}
	c.Out[0].Data[0] = sum / T(c.In[0].Shape[0]) / 2
}

func (l EuclideanLoss) Backward32(g *Gradient[float32]) { euclideanLossBackward(g) }
func (l EuclideanLoss) Backward64(g *Gradient[float64]) { euclideanLossBackward(g) }

// euclideanLossBackward: da = dy (a - b) / N, db = -da.
func euclideanLossBackward[T tensor.Float](g *Gradient[T]) {
	by := g.OutGrad[0].Data[0] / T(g.In[0].Shape[0])
	for i, sign := range []T{1, -1} {
		if g.InGrad[i] == nil {
			continue
		}
		for j, a := range g.In[0].Data {
			g.InGrad[i].Data[j] = sign * by * (a - g.In[1].Data[j])
		}
	}
}
