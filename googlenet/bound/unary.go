package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// unary bounds a function of every element by its row in functions.
func unary(c *Call) []*tensor.Tensor[float64] {
	f := functions[c.Layer.(layer.Unary).Function].value
	if f == nil {
		return one(nil)
	}
	return c.each(func(x num, y float64) float64 { return f(x, y, c.Producer) })
}

// unaryGradient bounds dy times the derivative in the row.
func unaryGradient(c *GradientCall) GradientBounds {
	slope := functions[c.Layer.(layer.Unary).Function].slope
	if slope == nil {
		return c.none()
	}
	return c.eachGradient(func(x, y, d num) (float64, bool) {
		s, undecided := slope(x, y, c.Producer)
		return d.times(s, c.Producer).e, undecided
	})
}

// times is a product that is exact for 0, 1 and -1, and may underflow else. A factor beyond the largest number is infinite.
func (a num) times(b num, p Producer) num {
	if math.Abs(b.v)+b.e > p.Max && !math.IsInf(b.v, 0) {
		return num{a.v * b.v, math.Inf(1)}
	}
	if b.e == 0 && (b.v == 0 || math.Abs(b.v) == 1) {
		return num{a.v * b.v, a.e * math.Abs(b.v)}
	}
	c := a.mul(b, p.U)
	c.e += p.Tiny * (1 + math.Abs(a.v) + a.e)
	return c
}

// functions holds a row for every layer.Function: the bound of its value y for an argument x, nil where it is exact, and its
// derivative, nil where there is none, with whether its side of a kink is undecided.
var functions = map[layer.Function]struct {
	value func(x num, y float64, p Producer) float64
	slope func(x, y num, p Producer) (num, bool)
}{
	layer.Negative:   {func(x num, _ float64, _ Producer) float64 { return x.e }, fixed(-1)},
	layer.Reciprocal: {reciprocal, smooth(func(_, y num, p Producer) num { return y.times(y, p).negative() })},
	layer.Square:     {func(x num, _ float64, p Producer) float64 { return x.mul(x, p.U).e + p.Tiny }, smooth(func(x, _ num, _ Producer) num { return num{2 * x.v, 2 * x.e} })},
	layer.Sqrt:       {rising(layer.Sqrt, 1), smooth(func(_, y num, p Producer) num { return num{0.5, 0}.div(y, kInverse*p.U) })},
	layer.Rsqrt:      {rising(layer.Rsqrt, kRsqrt), smooth(func(_, y num, p Producer) num { return y.times(y, p).times(y, p).times(num{-0.5, 0}, p) })},
	layer.Expm1:      {rising(layer.Expm1, kExpm1), smooth(func(x, _ num, p Producer) num { return x.exp(p) })},
	layer.Log1p:      {rising(layer.Log1p, kLog1p), smooth(func(x, _ num, p Producer) num { return num{1, 0}.div(x.add(num{1, 0}, p.U), kInverse*p.U) })},
	layer.Sign:       {rising(layer.Sign, 0), fixed(0)},
	layer.Floor:      {rising(layer.Floor, 0), nil},
	layer.Ceil:       {rising(layer.Ceil, 0), nil},
	layer.Round:      {rising(layer.Round, 0), nil},
	layer.Erf:        {rising(layer.Erf, kErf), smooth(func(x, _ num, p Producer) num { return bell(x, p) })},
	layer.Erfc:       {erfc, smooth(func(x, _ num, p Producer) num { return bell(x, p).negative() })},
	layer.SELU:       {selu, seluSlope},
	layer.Softsign:   {softsign, smooth(softsignSlope)},
	layer.Sin:        {wave(kSin), smooth(func(x, _ num, p Producer) num { return x.cos(p) })},
	layer.Cos:        {wave(kSin), smooth(func(x, _ num, p Producer) num { return num{math.Pi/2 - x.v, x.e}.cos(p).negative() })},
	layer.Tan:        {tan, smooth(tanSlope)},
	layer.Asin:       {rising(layer.Asin, kAsin), smooth(arcSlope)},
	layer.Acos:       {rising(layer.Acos, kAcos), smooth(func(x, y num, p Producer) num { return arcSlope(x, y, p).negative() })},
	layer.Atan:       {rising(layer.Atan, kAtan), smooth(func(x, _ num, p Producer) num { return num{1, 0}.div(num{1, 0}.add(x.times(x, p), p.U), kInverse*p.U) })},
	layer.Sinh:       {rising(layer.Sinh, kSinh), smooth(func(x, _ num, p Producer) num { return x.cosh(p) })},
	layer.Cosh:       {func(x num, _ float64, p Producer) float64 { return x.cosh(p).e }, smooth(func(x, _ num, p Producer) num { return x.image(math.Sinh, kSinh, p) })},
	layer.Asinh:      {rising(layer.Asinh, kSinh), smooth(func(_, y num, p Producer) num { return num{1, 0}.div(y.cosh(p), kInverse*p.U) })},
	layer.Acosh:      {rising(layer.Acosh, kSinh), smooth(func(_, y num, p Producer) num { return num{1, 0}.div(y.image(math.Sinh, kSinh, p), kInverse*p.U) })},
	layer.Atanh:      {rising(layer.Atanh, kSinh), smooth(func(x, _ num, p Producer) num { return num{1, 0}.div(num{1, 0}.sub(x.times(x, p), p.U), kInverse*p.U) })},
	layer.IsFinite:   {finite, nil},
	layer.IsInf:      {finite, nil},
	layer.IsNaN:      {finite, nil},
	layer.Not:        {func(x num, _ float64, _ Producer) float64 { return flips(x) }, nil},
	layer.Zero:       {nil, nil},
	layer.One:        {nil, nil},
}

// fixed is a derivative that is constant.
func fixed(v float64) func(x, y num, p Producer) (num, bool) {
	return func(num, num, Producer) (num, bool) { return num{v, 0}, false }
}

// smooth is a derivative without kinks.
func smooth(f func(x, y num, p Producer) num) func(x, y num, p Producer) (num, bool) {
	return func(x, y num, p Producer) (num, bool) { return f(x, y, p), false }
}

// rising bounds a function that rises everywhere, or falls everywhere, and comes within k u of itself.
func rising(f layer.Function, k float64) func(x num, y float64, p Producer) float64 {
	return func(x num, _ float64, p Producer) float64 { return x.image(layer.Unary{Function: f}.Value, k, p).e }
}

// image is f(a) for a monotone f within k u: an error takes it no farther than to the ends of its interval. What lies beyond the
// ends of its domain makes it uncertain.
func (a num) image(f func(float64) float64, k float64, p Producer) num {
	v := f(a.v)
	if a.e == 0 && k == 0 {
		return num{v, 0}
	}
	if k > 0 {
		k = p.function(k)
	}
	e := 0.0
	if a.e > 0 {
		e = max(math.Abs(f(a.v+a.e)-v), math.Abs(f(a.v-a.e)-v))
	}
	if k > 0 {
		e += k*p.U*(math.Abs(v)+e) + p.Tiny
	}
	if !(e >= 0) {
		e = math.Inf(1)
	}
	return num{v, e}
}

func (a num) exp(p Producer) num { return a.image(math.Exp, kExp, p) }

// cosh is steepest at the end that is farther from 0.
func (a num) cosh(p Producer) num {
	return num{math.Abs(a.v), a.e}.image(math.Cosh, kSinh, p)
}

// cos moves by no more than its argument, nor by more than 2.
func (a num) cos(p Producer) num {
	v := math.Cos(a.v)
	return num{v, min(a.e, 2) + kSin*p.U*min(math.Abs(v)+a.e, 1) + p.Tiny}
}

func wave(k float64) func(x num, y float64, p Producer) float64 {
	return func(x num, y float64, p Producer) float64 {
		return min(x.e, 2) + k*p.U*min(math.Abs(y)+x.e, 1) + p.Tiny
	}
}

// reciprocal falls on either side of its pole.
func reciprocal(x num, _ float64, p Producer) float64 {
	if x.e > 0 && math.Abs(x.v) <= x.e {
		return math.Inf(1)
	}
	return x.image(layer.Unary{Function: layer.Reciprocal}.Value, kInverse, p).e
}

// tan rises from pole to pole.
func tan(x num, _ float64, p Producer) float64 {
	if distance := math.Abs(math.Remainder(x.v-math.Pi/2, math.Pi)); x.e > 0 && distance <= x.e {
		return math.Inf(1)
	}
	return x.image(math.Tan, kTan, p).e
}

// tanSlope is (1 / cos x)^2.
func tanSlope(x, _ num, p Producer) num {
	s := num{1, 0}.div(x.cos(p), kInverse*p.U)
	return s.times(s, p)
}

// arcSlope is 1 / sqrt(1 - x^2).
func arcSlope(x, _ num, p Producer) num {
	return num{1, 0}.div(num{1, 0}.sub(x.times(x, p), p.U).sqrt(p.U), kInverse*p.U)
}

// bell is 2 / sqrt(pi) e^(-x^2).
func bell(x num, p Producer) num {
	return x.times(x, p).negative().exp(p).times(constant(2/math.SqrtPi, p.U), p)
}

// erfc is off by up to K_erfc u, and x^2 u in its exponential.
func erfc(x num, _ float64, p Producer) float64 {
	far := math.Abs(x.v) + x.e
	return x.image(math.Erfc, kErfc+far*far, p).e
}

// selu is as elu, with both factors rounded, and another above zero.
func selu(x num, y float64, p Producer) float64 {
	steep := layer.SELUScale * max(1, layer.SELUAlpha*math.Exp(min(x.v+x.e, 0)))
	power := math.Exp(min(x.v+x.e, 0))
	rounding := layer.SELUScale * layer.SELUAlpha * kExp * power
	if x.v > x.e {
		rounding = 0
	}
	return steep*x.e + p.U*(rounding+kExpm1*(math.Abs(y)+steep*x.e)) + p.Tiny
}

// seluSlope is y + scale alpha below 0 and scale above, either where x is near.
func seluSlope(x, y num, p Producer) (num, bool) {
	above := constant(layer.SELUScale, p.U)
	below := y.add(constant(layer.SELUScale*layer.SELUAlpha, p.U), p.U)
	switch {
	case near(x, 0, 0) || y.v < 0 && -y.v <= p.U: // the exponential may be 1
		return num{above.v, either(above, below)}, true
	case y.v < 0:
		return below, false
	}
	return above, false
}

// softsign has its steepest slope at the point nearest to zero.
func softsign(x num, y float64, p Producer) float64 {
	m := 1 + max(math.Abs(x.v)-x.e, 0)
	shift := x.e / m / m
	return shift + p.gamma(2)*(math.Abs(y)+shift) + p.Tiny
}

// softsignSlope is 1 / (1 + |x|)^2.
func softsignSlope(x, _ num, p Producer) num {
	s := num{math.Abs(x.v), x.e}.add(num{1, 0}, p.U)
	return num{1, 0}.div(s.times(s, p), p.U)
}

// finite is about what may be beyond the largest number.
func finite(x num, _ float64, _ Producer) float64 {
	if math.IsInf(x.e, 1) {
		return 1
	}
	return 0
}

// flips is 1 where a number that is not 0 may be 0, or the reverse.
func flips(x num) float64 {
	if x.e > 0 && math.Abs(x.v) <= x.e {
		return 1
	}
	return 0
}
