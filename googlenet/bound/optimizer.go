package bound

import (
	"math"

	"parity/googlenet/train/optim"
)

// The formulas are those of the optimisers' own comments, operation by operation.

func sgd(o optim.Optimizer, a arithmetic, rate num, _ int, g num, h []num) num {
	h[0] = a.blend(rate, g, exact(o.(optim.SGD).Momentum), h[0])
	return h[0]
}

func nesterov(o optim.Optimizer, a arithmetic, rate num, _ int, g num, h []num) num {
	m, before := exact(o.(optim.Nesterov).Momentum), h[0]
	h[0] = a.blend(rate, g, m, before)
	return a.mul(exact(1).add(m, a.U), h[0]).sub(a.mul(m, before), a.U)
}

func adaGrad(o optim.Optimizer, a arithmetic, rate num, _ int, g num, h []num) num {
	h[0] = h[0].add(a.square(g), a.U)
	return a.overRoot(rate, g, h[0], o.(optim.AdaGrad).Delta)
}

func rmsProp(o optim.Optimizer, a arithmetic, rate num, _ int, g num, h []num) num {
	s := o.(optim.RMSProp)
	h[0] = a.blend(a.without(s.Decay), a.square(g), exact(s.Decay), h[0])
	return a.overRoot(rate, g, h[0], s.Delta)
}

// overRoot is rate g / (sqrt(h) + delta).
func (a arithmetic) overRoot(rate, g, h num, delta float64) num {
	return a.mul(rate, g.div(a.root(h).add(exact(delta), a.U), a.U))
}

func adaDelta(o optim.Optimizer, a arithmetic, rate num, _ int, g num, h []num) num {
	s := o.(optim.AdaDelta)
	momentum, rest, delta := exact(s.Momentum), a.without(s.Momentum), exact(s.Delta)
	h[0] = a.blend(rest, a.square(g), momentum, h[0])
	ratio := h[1].add(delta, a.U).div(h[0].add(delta, a.U), a.U)
	d := a.mul(g, a.root(ratio))
	h[1] = a.blend(rest, a.square(d), momentum, h[1])
	return a.mul(rate, d)
}

func adam(o optim.Optimizer, a arithmetic, rate num, iteration int, g num, h []num) num {
	s := o.(optim.Adam)
	h[0] = a.blend(a.without(s.Beta1), g, exact(s.Beta1), h[0])
	h[1] = a.blend(a.without(s.Beta2), a.square(g), exact(s.Beta2), h[1])
	return a.overRoot(a.mul(rate, a.correction(s, iteration)), h[0], h[1], s.Delta)
}

// correction is computed in float64 and rounded once.
func (a arithmetic) correction(s optim.Adam, iteration int) num {
	double := arithmetic{Native64}
	rest := func(beta float64) num {
		p := exact(math.Pow(beta, float64(iteration+1))).rounded(kPow * U64)
		return exact(1).sub(p, U64)
	}
	return double.root(rest(s.Beta2)).div(rest(s.Beta1), U64).rounded(a.U)
}
