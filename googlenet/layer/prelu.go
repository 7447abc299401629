package layer

import (
	"fmt"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// PReLU is max(x, 0) + slope min(x, 0) with a learned slope for every channel, the second axis, or one that they share
// (He, Zhang, Ren, Sun, Delving deep into rectifiers, 2015). Parameter: slope [channels], [1] if shared.
type PReLU struct{ Shared bool }

func (PReLU) Kind() string { return "PReLU" }

func (l PReLU) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := same(l, in)
	if err == nil && len(in[0]) < 2 {
		return nil, fmt.Errorf("PReLU takes an input of at least 2 dimensions, got %v", in[0])
	}
	return out, err
}

// ParamShapes returns the shape of the slopes.
func (l PReLU) ParamShapes(in []tensor.Shape) []tensor.Shape {
	if l.Shared {
		return []tensor.Shape{{1}}
	}
	return []tensor.Shape{{in[0][1]}}
}

func (l PReLU) Forward32(c *Call[float32]) { prelu(l, c) }
func (l PReLU) Forward64(c *Call[float64]) { prelu(l, c) }

// Attributes says when the slope is shared.
func (l PReLU) Attributes() []Attribute {
	if !l.Shared {
		return nil
	}
	return []Attribute{{"slope", "shared"}}
}

// EachPlane calls f with the range of every plane of an input of that shape and the index of its slope.
func (l PReLU) EachPlane(s tensor.Shape, workers int, f func(lo, hi, slope int)) {
	plane := s[2:].Len()
	parallel.For(workers, s[0]*s[1], func(i int) {
		slope := i % s[1]
		if l.Shared {
			slope = 0
		}
		f(i*plane, (i+1)*plane, slope)
	})
}

func prelu[T tensor.Float](l PReLU, c *Call[T]) {
	x, y := c.In[0].Data, c.Out[0].Data
	l.EachPlane(c.In[0].Shape, c.Workers, func(lo, hi, at int) {
		slope := c.Params[0].Data[at]
		for i, v := range x[lo:hi] {
			if !(v > 0) {
				v *= slope
			}
			y[lo+i] = v
		}
	})
}

func (l PReLU) Backward32(g *Gradient[float32]) { preluBackward(l, g) }
func (l PReLU) Backward64(g *Gradient[float64]) { preluBackward(l, g) }

// preluBackward: dx = dy above 0 and slope dy at 0 and below; dslope = sum of dy x over the latter.
func preluBackward[T tensor.Float](l PReLU, g *Gradient[T]) {
	x, d := g.In[0].Data, g.OutGrad[0].Data
	if to := g.InGrad[0]; to != nil {
		l.EachPlane(g.In[0].Shape, g.Workers, func(lo, hi, at int) {
			slope := g.Params[0].Data[at]
			for i := lo; i < hi; i++ {
				if to.Data[i] = d[i]; !(x[i] > 0) {
					to.Data[i] *= slope
				}
			}
		})
	}
	if sums := g.ParamGrad[0]; sums != nil {
		l.EachPlane(g.In[0].Shape, 1, func(lo, hi, at int) {
			for i := lo; i < hi; i++ {
				if x[i] <= 0 {
					sums.Data[at] += d[i] * x[i]
				}
			}
		})
	}
}
