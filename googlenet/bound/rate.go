package bound

import (
	"math"

	"parity/googlenet/train/schedule"
)

// rate is the learning rate with a producer's error. Powers of a setting are computed in float64 and rounded once, as C's
// pow of a float and an integer is; the rest is in the producer's own arithmetic.
func (a arithmetic) rate(p schedule.Policy, iteration, step int) num {
	i := exact(float64(iteration))
	if n, ok := a.inSingle().singleRate(p, iteration); ok {
		return n
	}
	switch p := p.(type) {
	case schedule.Fixed:
		return a.setting(p.Base)
	case schedule.Inv:
		x := exact(1).add(a.mul(a.setting(p.Gamma), i), a.U)
		return a.mul(a.setting(p.Base), x.pow(-p.Power, a.Producer))
	case schedule.Poly:
		if iteration%p.Iterations == 0 { // a whole quotient is exact
			return exact(p.Rate64(iteration, step)).rounded((kPow + 1) * a.U)
		}
		x := exact(1).sub(i.div(exact(float64(p.Iterations)), a.U), a.U)
		return a.mul(a.setting(p.Base), x.pow(p.Power, a.Producer))
	case schedule.Sigmoid:
		x := a.mul(a.setting(-p.Gamma), i.sub(exact(float64(p.Middle)), a.U))
		e := math.Exp(x.v)
		grown := num{e, e * math.Expm1(x.e)}.rounded(kExp * a.U)
		return a.mul(a.setting(p.Base), exact(1).div(exact(1).add(grown, a.U), a.U))
	}
	return exact(p.Rate64(iteration, step)).rounded(a.U + (kPow+1)*U64)
}
