package layer

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// grain is the number of elements that one piece of elementwise work covers.
const grain = 1 << 14

// elementwise writes f of every element.
func elementwise[T tensor.Float](c *Call[T], f func(T) T) {
	x, y := c.In[0].Data, c.Out[0].Data
	parallel.Ranges(c.Workers, len(x), grain, func(lo, hi int) {
		for i, v := range x[lo:hi] {
			y[lo+i] = f(v)
		}
	})
}

// elementwiseBackward writes the gradient of every element: f of the input, the output and the output's gradient.
func elementwiseBackward[T tensor.Float](g *Gradient[T], f func(x, y, d T) T) {
	if g.InGrad[0] == nil {
		return
	}
	x, y, d, to := g.In[0].Data, g.Out[0].Data, g.OutGrad[0].Data, g.InGrad[0].Data
	parallel.Ranges(g.Workers, len(x), grain, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			to[i] = f(x[i], y[i], d[i])
		}
	})
}

// affine is shift + scale x, rounded after each operation as where these are separate passes. A shift of 0 is not added:
// a negative zero keeps its sign, and with it the sign of its reciprocal.
func affine[T tensor.Float](x, scale, shift T) T {
	z := T(scale * x)
	if shift != 0 {
		z += shift
	}
	return z
}

// affineAttributes lists a scale and a shift where there are any.
func affineAttributes(scale, shift float64) []Attribute {
	var list []Attribute
	if scale != 1 {
		list = append(list, Attribute{"scale", number(scale)})
	}
	if shift != 0 {
		list = append(list, Attribute{"shift", number(shift)})
	}
	return list
}
