package bound

import "math"

// num is a number in exact arithmetic and the bound of what a producer's may be off. Its operations bound the error of
// theirs in floating point with unit roundoff u: the propagated errors and one rounding of the result (Higham, Accuracy
// and Stability of Numerical Algorithms, 2nd ed., section 3.1). A rule for a long formula is that formula on nums.
type num struct{ v, e float64 }

// rounded adds the error of rounding the result.
func (a num) rounded(u float64) num { return num{a.v, a.e + u*(math.Abs(a.v)+a.e)} }

func (a num) add(b num, u float64) num { return num{a.v + b.v, a.e + b.e}.rounded(u) }
func (a num) sub(b num, u float64) num { return num{a.v - b.v, a.e + b.e}.rounded(u) }

// mul is infinitely uncertain where a factor is.
func (a num) mul(b num, u float64) num {
	c := num{a.v * b.v, math.Abs(a.v)*b.e + a.e*math.Abs(b.v) + a.e*b.e}.rounded(u)
	if math.IsInf(a.e, 1) || math.IsInf(b.e, 1) {
		c.e = math.Inf(1)
	}
	return c
}

// div is infinitely uncertain where the divisor may be zero.
func (a num) div(b num, u float64) num {
	least := math.Abs(b.v) - b.e
	if !(least > 0) {
		return num{a.v / b.v, math.Inf(1)}
	}
	return num{a.v / b.v, (a.e + math.Abs(a.v/b.v)*b.e) / least}.rounded(u)
}

func (a num) negative() num { return num{-a.v, a.e} }

// positive is max(a, 0), which moves by no more than a.
func (a num) positive() num {
	if a.v < 0 {
		return num{0, max(a.v+a.e, 0)}
	}
	return a
}

// sqrt is the root of a number that is not negative. IEEE 754 has it rounded correctly.
func (a num) sqrt(u float64) num {
	v := math.Sqrt(a.v)
	return num{v, max(math.Sqrt(a.v+a.e)-v, v-math.Sqrt(max(a.v-a.e, 0)))}.rounded(u)
}

// pow is a^p for a positive a.
func (a num) pow(p float64, by Producer) num {
	v := math.Pow(a.v, p)
	r := a.e / a.v
	if !(r < 1) {
		return num{v, math.Inf(1)}
	}
	// (1 -+ r)^p is farthest from 1 at one of its ends, where log1p(-r) is larger in magnitude.
	q := math.Expm1(math.Abs(p)*-math.Log1p(-r) + math.Log1p(by.powError(math.Abs(p), a.v)*by.U))
	return num{v, math.Abs(v) * q}
}
