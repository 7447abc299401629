package bound

import (
	"math"

	"parity/googlenet/train/optim"
)

// updated is one element of a parameter in one iteration, in exact arithmetic with the bound of a producer's error.
type updated struct {
	arithmetic
	optimizer         optim.Optimizer
	rate, grad, value num
	iteration         int
	histories         []num // a rule brings them up to date
}

// The formulas are those of the optimisers' own comments, operation by operation.

func sgd(u *updated) num {
	h := u.histories
	h[0] = u.blend(u.rate, u.grad, u.setting(u.optimizer.(optim.SGD).Momentum), h[0])
	return h[0]
}

func gradientDescent(u *updated) num { return u.mul(u.rate, u.grad) }

func momentum(u *updated) num {
	s, h := u.optimizer.(optim.Momentum), u.histories
	m := u.setting(s.Momentum)
	h[0] = u.add(u.mul(m, h[0]), u.grad)
	if !s.Nesterov {
		return u.mul(u.rate, h[0])
	}
	return u.add(u.mul(u.rate, u.grad), u.mul(u.mul(m, h[0]), u.rate))
}

func nesterov(u *updated) num {
	h := u.histories
	m, before := u.setting(u.optimizer.(optim.Nesterov).Momentum), h[0]
	h[0] = u.blend(u.rate, u.grad, m, before)
	return u.mul(exact(1).add(m, u.U), h[0]).sub(u.mul(m, before), u.U)
}

func adaGrad(u *updated) num {
	h := u.histories
	h[0] = u.add(h[0], u.square(u.grad))
	return u.overRoot(u.rate, u.grad, h[0], u.optimizer.(optim.AdaGrad).Delta)
}

func rmsProp(u *updated) num {
	s, h := u.optimizer.(optim.RMSProp), u.histories
	h[0] = u.mean(h[0], u.square(u.grad), s.Decay)
	return u.overRoot(u.rate, u.grad, h[0], s.Delta)
}

// rmsPropMomentum: the variance h - m^2 is taken as two roundings, of the square and of the difference; where what is under
// the root may be negative, anything is possible.
func rmsPropMomentum(u *updated) num {
	s, h := u.optimizer.(optim.RMSPropMomentum), u.histories
	h[0] = u.toward(h[0], u.square(u.grad), u.without(s.Decay))
	under := h[0]
	if s.Centered {
		h[1] = u.toward(h[1], u.grad, u.without(s.Decay))
		under = u.sub(under, u.mul(h[1], h[1]))
	}
	step := u.mul(u.mul(u.rate, u.grad), u.reciprocalRoot(u.add(under, u.setting(s.Epsilon))))
	last := &h[len(h)-1]
	*last = u.add(u.mul(u.setting(s.Momentum), *last), step)
	return *last
}

// ftrl: the last formula is continuous where |z| = L1, so that an error of z moves what is left of z by no more than itself,
// whichever side it is on.
func ftrl(u *updated) num {
	s, h := u.optimizer.(optim.Ftrl), u.histories
	before := u.grown(h[0], s.Power)
	h[0] = u.add(h[0], u.square(u.grad))
	after := u.grown(h[0], s.Power)
	pull := u.mul(u.sub(after, before).div(u.rate, u.U), u.value)
	grad := u.add(u.grad, u.mul(u.setting(2*s.Shrinkage), u.value))
	h[1] = u.add(h[1], u.sub(grad, pull)).rounded(u.U) // added up in either order
	h[1].e += u.U * (math.Abs(h[1].v) + math.Abs(grad.v) + math.Abs(pull.v))
	l1 := u.setting(s.L1)
	left := num{-math.Copysign(max(math.Abs(h[1].v)-l1.v, 0), h[1].v), h[1].e + l1.e}
	left.e += u.U * (math.Abs(left.v) + h[1].e)
	penalty := u.add(u.setting(2*s.L2), u.setting(s.Beta).div(u.rate, u.U))
	divisor := u.add(after.div(u.rate, u.U), penalty)
	return left.div(divisor, u.U)
}

// grown is n^-power.
func (a arithmetic) grown(n num, power float64) num {
	if power == -0.5 {
		return a.root(n)
	}
	if n.v == 0 && n.e == 0 {
		return exact(0)
	}
	return n.pow(-power, a.Producer)
}

// overRoot is rate g / (sqrt(h) + delta), or a product with the root's reciprocal.
func (a arithmetic) overRoot(rate, g, h num, delta float64) num {
	if a.Eigen && delta == 0 {
		return a.mul(a.mul(rate, g), a.reciprocalRoot(h))
	}
	return a.mul(rate, g.div(a.add(a.root(h), a.setting(delta)), a.U))
}

// reciprocalRoot is 1 / sqrt(h), infinitely uncertain where h may not be positive.
func (a arithmetic) reciprocalRoot(h num) num {
	v, least := 1/math.Sqrt(h.v), h.v-h.e
	if !(least > 0) {
		return num{v, math.Inf(1)}
	}
	return num{v, max(1/math.Sqrt(least)-v, v-1/math.Sqrt(h.v+h.e))}.rounded((kRsqrt + 1) * a.U)
}

func adaDelta(u *updated) num {
	s, h := u.optimizer.(optim.AdaDelta), u.histories
	momentum, rest, delta := u.setting(s.Momentum), u.without(s.Momentum), u.setting(s.Delta)
	h[0] = u.blend(rest, u.square(u.grad), momentum, h[0])
	d := u.mul(u.grad, u.rootOfRatio(u.add(h[1], delta), u.add(h[0], delta)))
	h[1] = u.blend(rest, u.square(d), momentum, h[1])
	return u.mul(u.rate, d)
}

// rootOfRatio is sqrt(x/y).
func (a arithmetic) rootOfRatio(x, y num) num {
	if a.Eigen {
		return a.mul(a.root(x), a.reciprocalRoot(y))
	}
	return a.root(x.div(y, a.U))
}

func adam(u *updated) num {
	s, h := u.optimizer.(optim.Adam), u.histories
	h[0] = u.mean(h[0], u.grad, s.Beta1)
	h[1] = u.mean(h[1], u.square(u.grad), s.Beta2)
	return u.overRoot(u.mul(u.rate, u.correction(s, u.iteration)), h[0], h[1], s.Delta)
}

// correction is computed in float64 and rounded once; from running powers, which are given, in the producer's own
// arithmetic.
func (a arithmetic) correction(s optim.Adam, iteration int) num {
	power1, power2 := s.Powers(iteration)
	if s.RunningPowers {
		return a.root(exact(1).sub(exact(power2), a.U)).div(exact(1).sub(exact(power1), a.U), a.U)
	}
	double := arithmetic{Native64}
	rest := func(power float64) num { return exact(1).sub(exact(power).rounded(kPow*U64), U64) }
	return double.root(rest(power2)).div(rest(power1), U64).rounded(a.U)
}

// mean is decay m + (1 - decay) x.
func (a arithmetic) mean(m, x num, decay float64) num {
	if a.Eigen {
		return a.toward(m, x, a.without(decay))
	}
	return a.blend(a.without(decay), x, a.setting(decay), m)
}

// toward is m + share (x - m): what m and x are off comes in by 1 - share and share; the difference, its product with the
// share and the sum are rounded.
func (a arithmetic) toward(m, x, share num) num {
	distance := math.Abs(x.v-m.v) + x.e + m.e
	step := distance * (share.v*(2*a.U+a.U*a.U) + share.e*(1+a.U)*(1+a.U))
	return a.flushed(num{m.v + share.v*(x.v-m.v), math.Abs(1-share.v)*m.e + share.v*x.e + step + a.Tiny}.rounded(a.U))
}
