package bound

import (
	"math"

	"parity/googlenet/train/schedule"
)

// singleRate is the learning rate of the schedules that are computed in float32 whatever the run is in. The formulas are those
// of their own comments, operation by operation.
func (a arithmetic) singleRate(p schedule.Policy, iteration int) (num, bool) {
	i := float64(iteration)
	switch p := p.(type) {
	case schedule.CosineDecay:
		wave := a.wave(a.quotient(min(i, p.Steps), p.Steps))
		return a.mul(a.setting(p.Base), a.above(p.Alpha, wave)), true
	case schedule.CosineDecayRestarts:
		return a.restarting(p, i), true
	case schedule.ExponentialDecay:
		return a.decayed(p.Base, a.setting(p.Factor), a.passed(i, p.Steps, p.Staircase)), true
	case schedule.InverseTimeDecay:
		growth := a.mul(a.setting(p.Factor), a.passed(i, p.Steps, p.Staircase))
		return a.setting(p.Base).div(exact(1).add(growth, a.U), a.U), true
	case schedule.LinearCosineDecay:
		i = min(i, p.Steps)
		wave := a.wave(a.mul(a.setting(2*p.Periods), a.quotient(i, p.Steps)))
		line := a.setting(p.Alpha).add(a.quotient(p.Steps-i, p.Steps), a.U)
		return a.mul(a.setting(p.Base), a.mul(line, wave).add(a.setting(p.Beta), a.U)), true
	case schedule.NaturalExpDecay:
		factor := a.setting(p.Factor)
		v := math.Exp(-factor.v)
		factor = num{v, v * math.Expm1(factor.e)}.rounded(kExp * a.U)
		return a.decayed(p.Base, factor, a.passed(i, p.Steps, p.Staircase)), true
	case schedule.PiecewiseConstant:
		return exact(p.Rate64(iteration, 0)), true
	case schedule.PolynomialDecay:
		base, end := a.setting(p.Base), a.setting(p.End)
		left := exact(1).sub(a.quotient(p.Span(iteration)), a.U)
		return a.mul(base.sub(end, a.U), a.power(left, p.Power)).add(end, a.U), true
	}
	return num{}, false
}

// inSingle is the producer's arithmetic in float32.
func (a arithmetic) inSingle() arithmetic {
	a.Producer.U, a.Producer.Tiny, a.Producer.Max = max(a.U, U32), tiny32, max32
	return a
}

// quotient of whole numbers is exact where it is whole.
func (a arithmetic) quotient(x, y float64) num {
	if math.Mod(x, y) == 0 {
		return exact(x / y)
	}
	return a.setting(x).div(a.setting(y), a.U)
}

// passed is i/steps, or the whole part of it. A quotient that is not whole is too far from one, for numbers below 1/u, to be
// rounded to it.
func (a arithmetic) passed(i, steps float64, whole bool) num {
	if whole {
		return exact(math.Floor(i / steps))
	}
	return a.quotient(i, steps)
}

// decayed is base factor^q.
func (a arithmetic) decayed(base float64, factor, q num) num {
	power := a.power(factor, q.v)
	power.e += math.Abs(power.v) * math.Expm1(math.Abs(math.Log(factor.v))*q.e)
	return a.mul(a.setting(base), power)
}

// power is x^p; 0 and what it may be nothing but stay exact.
func (a arithmetic) power(x num, p float64) num {
	if x == exact(0) || x == exact(1) || p == 0 {
		return exact(math.Pow(x.v, p))
	}
	return x.pow(p, a.Producer)
}

// wave is (1 + cos(pi x)) / 2. The cosine is off by what its argument is off, of which pi and the product are a rounding
// each, and by kSin roundings of 1.
func (a arithmetic) wave(x num) num {
	angle := a.mul(num{math.Pi, math.Pi * a.U}, x)
	return exact(1).add(num{math.Cos(angle.v), angle.e + kSin*a.U}, a.U).mul(exact(0.5), 0)
}

// above is (1 - alpha) x + alpha.
func (a arithmetic) above(alpha float64, x num) num {
	return a.mul(a.without(alpha), x).add(a.setting(alpha), a.U)
}

// restarting admits, at the very iteration of a restart, that it is the last one before.
func (a arithmetic) restarting(p schedule.CosineDecayRestarts, i float64) num {
	done := a.quotient(i, p.Steps)
	if p.Longer == 1 || i == 0 {
		restarts := math.Floor(done.v)
		return a.restarted(p, done.sub(exact(restarts), a.U), restarts)
	}
	grown := exact(1).sub(a.mul(done, exact(1).sub(a.setting(p.Longer), a.U)), a.U)
	count := a.log(grown).div(a.log(a.setting(p.Longer)), a.U)
	result := a.restartedAt(p, done, math.Floor(count.v))
	for _, other := range []float64{math.Floor(count.v - count.e), math.Floor(count.v + count.e)} {
		o := a.restartedAt(p, done, other)
		result.e = max(result.e, math.Abs(o.v-result.v)+o.e)
	}
	return result
}

// restartedAt takes off the iterations of the restarts so far.
func (a arithmetic) restartedAt(p schedule.CosineDecayRestarts, done num, restarts float64) num {
	longer := a.setting(p.Longer)
	length := a.power(longer, restarts)
	before := exact(1).sub(length, a.U).div(exact(1).sub(longer, a.U), a.U)
	return a.restarted(p, done.sub(before, a.U).div(length, a.U), restarts)
}

func (a arithmetic) restarted(p schedule.CosineDecayRestarts, done num, restarts float64) num {
	cycle := a.mul(a.power(a.setting(p.Lower), restarts), a.wave(done))
	return a.mul(a.setting(p.Base), a.above(p.Alpha, cycle))
}

func (a arithmetic) log(x num) num {
	v := math.Log(x.v)
	return num{v, max(v-math.Log(x.v-x.e), math.Log(x.v+x.e)-v)}.rounded(kLog * a.U)
}
