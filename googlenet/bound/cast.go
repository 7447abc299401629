package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// cast bounds a number that is rounded, or cut off, to another type: from an exact one nothing else can come. An error takes it no
// farther than to the ends of its interval, if these fit into the type.
func cast(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.Cast), c.Producer.U
	return c.each(func(x num, y float64) float64 {
		switch l.To {
		case layer.Bool:
			return flips(x)
		case layer.Float32, layer.Float64:
			return x.e + constant(y, u).e
		case layer.Float16, layer.BFloat16:
			return farther(y, l.Value(x.v-x.e), l.Value(x.v+x.e))
		}
		least, most := l.Value(x.v-x.e), l.Value(x.v+x.e)
		if fits := least == math.Trunc(x.v-x.e) && most == math.Trunc(x.v+x.e); x.e > 0 && !fits {
			return math.Inf(1)
		}
		return farther(y, least, most)
	})
}

// castGradient casts dy to the type that the elements come from.
func castGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Cast)
	back := layer.Cast{To: l.From}
	return c.eachGradient(func(_, _, d num) (float64, bool) {
		return farther(back.Value(d.v), back.Value(d.v-d.e), back.Value(d.v+d.e)), false
	})
}
