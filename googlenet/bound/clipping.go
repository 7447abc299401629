package bound

import (
	"math"

	"parity/googlenet/train/optim"
)

// clipping returns what becomes of an element of a parameter's gradient.
func (a arithmetic) clipping(c optim.Clip, params []TrainedParam) func(param int, g num) num {
	switch c := c.(type) {
	case optim.ClipGlobalNorm:
		return a.scaledBy(a.globalScale(c, params))
	case optim.ClipNorm:
		return a.withinNorm(c, params)
	case optim.ClipValue:
		least, most := a.setting(c.Least), a.setting(c.Most)
		return func(_ int, g num) num { return num{max(min(g.v, most.v), least.v), max(g.e, least.e, most.e)} }
	}
	return func(_ int, g num) num { return g }
}

func (a arithmetic) scaledBy(scale num) func(param int, g num) num {
	return func(_ int, g num) num {
		if scale == exact(1) {
			return g
		}
		return a.mul(g, scale)
	}
}

// globalScale is the factor that all gradients are scaled by, 1 for not at all. Where the norm may lie on either side of the
// largest, both outcomes are admitted. As most min(1/norm, 1/most) it has two quotients and a product, also where it is 1.
func (a arithmetic) globalScale(c optim.ClipGlobalNorm, params []TrainedParam) num {
	norm, most := a.norm(params), a.setting(c.Most)
	scale := most.div(norm, a.U)
	if c.Always {
		scale = scale.rounded(2 * a.U)
	}
	switch {
	case norm.v-norm.e > c.Most:
		return scale
	case norm.v > c.Most:
		return num{scale.v, scale.e + 1 - scale.v}
	case norm.v+norm.e > c.Most:
		return num{1, math.Abs(1-scale.v) + scale.e}
	case c.Always:
		return exact(1).rounded(2 * a.U)
	}
	return exact(1)
}

// withinNorm is g most / max(norm, most) with the norm of each parameter's own gradient.
func (a arithmetic) withinNorm(c optim.ClipNorm, params []TrainedParam) func(param int, g num) num {
	most := a.setting(c.Most)
	var divisors []num
	for i := range params {
		norm := a.norm(params[i : i+1])
		d := num{max(norm.v, most.v), 0}
		d.e = max(norm.v+norm.e-d.v, d.v-max(norm.v-norm.e, most.v-most.e), most.e)
		divisors = append(divisors, d)
	}
	return func(param int, g num) num { return a.mul(g, most).div(divisors[param], a.U) }
}

// norm of n elements is the root of a sum of squares in any order, gamma_(n+1) relative, and what the gradients are off. A
// power of two on the way, such as of sums of halved squares, changes nothing.
func (a arithmetic) norm(params []TrainedParam) num {
	n := 1 + len(params)
	sum, large := num{}, 0.0
	for _, p := range params {
		n += len(p.Grad.Value.Data)
		for i := range p.Grad.Value.Data {
			g := p.Grad.at(i)
			sum.v += g.v * g.v
			sum.e += 2*math.Abs(g.v)*g.e + g.e*g.e
			large += (math.Abs(g.v) + g.e) * (math.Abs(g.v) + g.e)
		}
	}
	sum.e += a.gamma(n)*large + float64(n)*a.Tiny
	return a.root(sum)
}
