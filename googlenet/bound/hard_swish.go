package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// hardSwish bounds x z with z = min(max(Slope x + Shift, 0), Limit), which moves by no more than what is clipped, or the
// limit is rounded by.
func hardSwish(c *Call) []*tensor.Tensor[float64] {
	l, p := c.Layer.(layer.HardSwish), c.Producer
	return c.each(func(x num, _ float64) float64 { return x.mul(hardFactor(l, x, p), p.U).e + p.Tiny })
}

func hardFactor(l layer.HardSwish, x num, p Producer) num {
	z := affine(x, l.Slope, l.Shift, p)
	return num{min(max(z.v, 0), l.Limit), max(z.e, constant(l.Limit, p.U).e)}
}

// hardSwishGradient bounds dy z or, between the kinks, dy (z + Slope x), and either where the side of a kink is undecided.
func hardSwishGradient(c *GradientCall) GradientBounds {
	l, p, u := c.Layer.(layer.HardSwish), c.Producer, c.Producer.U
	return c.eachGradient(func(x, _, d num) (float64, bool) {
		line, z := affine(x, l.Slope, l.Shift, p), hardFactor(l, x, p)
		outside := d.mul(z, u)
		inside := d.mul(z.add(affine(x, l.Slope, 0, p), u), u)
		switch {
		case near(line, 0, u) || near(line, l.Limit, u):
			return either(outside, inside) + p.Tiny, true
		case line.v > 0 && line.v < l.Limit:
			return inside.e + p.Tiny, false
		default:
			return outside.e + p.Tiny, false
		}
	})
}
