package bound

import "math"

// absGradient is exact but for the sign, which is undecided where x is within e of zero.
func absGradient(c *GradientCall) GradientBounds {
	return c.eachGradient(func(x, _, d num) (float64, bool) {
		if near(x, 0, 0) {
			return 2*math.Abs(d.v) + d.e, true
		}
		return d.e, false
	})
}
