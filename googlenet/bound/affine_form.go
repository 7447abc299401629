package bound

import "math"

// form is an affine form: a number in exact arithmetic, v, and what a producer's may be off: sum_k c[k] s_k and at most e besides, where each
// s_k is a number in [-1, 1] that is the same for all numbers of one computation (affine arithmetic: Comba and Stolfi 1993).
//
// In a recurrence every error comes back in many terms. A num adds their magnitudes, so that its bound grows
// exponentially with the number of steps; here the terms keep their signs and cancel as they really do. Operations without
// shared errors give what they give on nums.
type form struct {
	v, e float64
	c    []float64
	r    float64 // e + sum |c[k]|
}

// within is a number that is off by at most e.
func within(v, e float64) form { return form{v: v, e: e, r: e} }

// formOf computes r.
func formOf(v, e float64, c []float64) form {
	a := form{v: v, e: e, c: c, r: e}
	for _, x := range c {
		a.r += math.Abs(x)
	}
	return a
}

// combine is s a + t b for coefficients.
func combine(s float64, a []float64, t float64, b []float64) []float64 {
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	out := make([]float64, max(len(a), len(b)))
	for k, x := range a {
		out[k] = s * x
	}
	for k, x := range b {
		out[k] += t * x
	}
	return out
}

// rounded adds an error of u relative to the result, and what it may lose in underflow.
func (a form) rounded(u float64, p Producer) form {
	d := u*(math.Abs(a.v)+a.r) + p.Tiny
	a.e += d
	a.r += d
	return a
}

func (a form) add(b form, p Producer) form {
	return formOf(a.v+b.v, a.e+b.e, combine(1, a.c, 1, b.c)).rounded(p.U, p)
}

// mul: the product of both errors, which is not linear, goes to e.
func (a form) mul(b form, p Producer) form {
	e := math.Abs(a.v)*b.e + math.Abs(b.v)*a.e + a.r*b.r
	return formOf(a.v*b.v, e, combine(b.v, a.c, a.v, b.c)).rounded(p.U, p)
}

// complement is 1 - a.
func (a form) complement(p Producer) form {
	return formOf(1-a.v, a.e, combine(-1, a.c, 0, nil)).rounded(p.U, p)
}

// sigmoidal is a function with values in [-1, 1] whose slope falls with the distance from 0.
type sigmoidal struct {
	at, slope func(x float64) float64
	bend      float64 // the largest second derivative
	// relative is the error of computing it in units of u, absolute an error besides.
	relative, absolute float64
}

// tanhCurve: tanh has its steepest bend, 4/(3 sqrt 3), at tanh^2 = 1/3; logistic(x) is (1 + tanh(x/2)) / 2.
var (
	tanhCurve = sigmoidal{
		at: math.Tanh, slope: func(x float64) float64 { return 1 / (math.Cosh(x) * math.Cosh(x)) }, bend: 0.7699, relative: kTanh,
	}
	logisticCurve = sigmoidal{
		at:    func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
		slope: func(x float64) float64 { return 0.25 / (math.Cosh(x/2) * math.Cosh(x/2)) }, bend: 0.0963, relative: kLogistic,
	}
)

// of is f(a). By Taylor's theorem f(v + d) is f(v) + f'(v) d and at most bend d^2/2. Where d is so large that this says less than
// the steepest slope within reach, or than f's range, those count.
func (f sigmoidal) of(a form, p Producer) form {
	v, slope, curved := f.at(a.v), f.slope(a.v), f.bend/2*a.r*a.r
	out := formOf(v, slope*a.e+curved, combine(slope, a.c, 0, nil))
	if steepest := a.r * f.slope(max(math.Abs(a.v)-a.r, 0)); !(curved <= steepest) {
		out = within(v, steepest)
	}
	if most := 1 + math.Abs(v); !(out.r <= most) {
		out = within(v, most)
	}
	out.e += f.absolute
	out.r += f.absolute
	return out.rounded(f.relative*p.U, p)
}

// products is a sum of products, in any order.
type products struct {
	v, e, size float64
	c          []float64
	terms      int
}

func (s *products) add(a, b form) {
	s.terms++
	s.v += a.v * b.v
	s.e += math.Abs(a.v)*b.e + math.Abs(b.v)*a.e + a.r*b.r
	s.size += (math.Abs(a.v) + a.r) * (math.Abs(b.v) + b.r)
	s.grow(max(len(a.c), len(b.c)))
	for k, x := range a.c {
		s.c[k] += b.v * x
	}
	for k, x := range b.c {
		s.c[k] += a.v * x
	}
}

func (s *products) grow(n int) {
	if n > len(s.c) {
		s.c = append(s.c, make([]float64, n-len(s.c))...)
	}
}

// sum is the result of terms products in a sum that has n: gamma_(n+2) of their magnitudes, as for dot products.
func (s *products) sum(n int, p Producer) form {
	return formOf(s.v, s.e+p.gamma(n+2)*s.size+float64(s.terms)*p.Tiny, s.c)
}
