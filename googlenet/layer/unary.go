package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Function is what a Unary makes of a number.
type Function string

// The functions. Those that test write 1 for true and 0 for false; they, those that round and those that are constant have
// no gradients, except that of the sign, which is 0.
const (
	Negative   Function = "-x"
	Reciprocal Function = "1/x"
	Square     Function = "x^2"
	Sqrt       Function = "sqrt x"
	Rsqrt      Function = "1/sqrt x"
	Expm1      Function = "e^x - 1"
	Log1p      Function = "ln(1+x)"
	Sign       Function = "sign x"
	Floor      Function = "x, rounded down"
	Ceil       Function = "x, rounded up"
	Round      Function = "x, rounded to even"
	Erf        Function = "erf x"
	Erfc       Function = "1 - erf x"
	SELU       Function = "selu x"
	Softsign   Function = "x/(1+|x|)"
	Sin        Function = "sin x"
	Cos        Function = "cos x"
	Tan        Function = "tan x"
	Asin       Function = "arcsin x"
	Acos       Function = "arccos x"
	Atan       Function = "arctan x"
	Sinh       Function = "sinh x"
	Cosh       Function = "cosh x"
	Asinh      Function = "arsinh x"
	Acosh      Function = "arcosh x"
	Atanh      Function = "artanh x"
	IsFinite   Function = "x is finite"
	IsInf      Function = "x is infinite"
	IsNaN      Function = "x is no number"
	Not        Function = "not x"
	Zero       Function = "0"
	One        Function = "1"
)

// The constants of self-normalising networks: y is SELUScale x above 0 and SELUScale SELUAlpha (e^x - 1) at 0 and below (Klambauer,
// Unterthiner, Mayr, Hochreiter, Self-normalizing neural networks, 2017).
const (
	SELUScale = 1.0507009873554804934193349852946
	SELUAlpha = 1.6732632423543772848170429916717
)

// Unary is a function of every element. It is computed in float64 and rounded.
type Unary struct{ Function Function }

func (Unary) Kind() string { return "Unary" }

func (l Unary) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

// Attributes lists the function.
func (l Unary) Attributes() []Attribute { return []Attribute{{"function", string(l.Function)}} }

func (l Unary) Forward32(c *Call[float32]) { unary(l, c) }
func (l Unary) Forward64(c *Call[float64]) { unary(l, c) }

func unary[T tensor.Float](l Unary, c *Call[T]) {
	f := functions[l.Function].value
	elementwise(c, func(v T) T { return T(f(float64(v))) })
}

// Value is the function of a number in float64.
func (l Unary) Value(x float64) float64 { return functions[l.Function].value(x) }

func (l Unary) Backward32(g *Gradient[float32]) { unaryBackward(l, g) }
func (l Unary) Backward64(g *Gradient[float64]) { unaryBackward(l, g) }

func unaryBackward[T tensor.Float](l Unary, g *Gradient[T]) {
	slope := functions[l.Function].slope
	if slope == nil {
		g.InGrad[0] = nil
		return
	}
	elementwiseBackward(g, func(x, y, d T) T { return T(float64(d) * slope(float64(x), float64(y))) })
}

// functions holds a row for every function: its value, and its derivative from argument and value, nil for no gradient.
var functions = map[Function]struct {
	value func(x float64) float64
	slope func(x, y float64) float64
}{
	Negative:   {func(x float64) float64 { return -x }, func(_, _ float64) float64 { return -1 }},
	Reciprocal: {func(x float64) float64 { return 1 / x }, func(_, y float64) float64 { return -y * y }},
	Square:     {func(x float64) float64 { return x * x }, func(x, _ float64) float64 { return 2 * x }},
	Sqrt:       {math.Sqrt, func(_, y float64) float64 { return 0.5 / y }},
	Rsqrt:      {func(x float64) float64 { return 1 / math.Sqrt(x) }, func(_, y float64) float64 { return -0.5 * y * y * y }},
	Expm1:      {math.Expm1, func(x, _ float64) float64 { return math.Exp(x) }},
	Log1p:      {math.Log1p, func(x, _ float64) float64 { return 1 / (1 + x) }},
	Sign:       {sign, func(_, _ float64) float64 { return 0 }},
	Floor:      {math.Floor, nil},
	Ceil:       {math.Ceil, nil},
	Round:      {math.RoundToEven, nil},
	Erf:        {math.Erf, func(x, _ float64) float64 { return 2 / math.SqrtPi * math.Exp(-x*x) }},
	Erfc:       {math.Erfc, func(x, _ float64) float64 { return -2 / math.SqrtPi * math.Exp(-x*x) }},
	SELU:       {selu, seluSlope},
	Softsign:   {func(x float64) float64 { return x / (1 + math.Abs(x)) }, softsignSlope},
	Sin:        {math.Sin, func(x, _ float64) float64 { return math.Cos(x) }},
	Cos:        {math.Cos, func(x, _ float64) float64 { return -math.Sin(x) }},
	Tan:        {math.Tan, func(x, _ float64) float64 { return 1 / (math.Cos(x) * math.Cos(x)) }},
	Asin:       {math.Asin, func(x, _ float64) float64 { return 1 / math.Sqrt(1-x*x) }},
	Acos:       {math.Acos, func(x, _ float64) float64 { return -1 / math.Sqrt(1-x*x) }},
	Atan:       {math.Atan, func(x, _ float64) float64 { return 1 / (1 + x*x) }},
	Sinh:       {math.Sinh, func(x, _ float64) float64 { return math.Cosh(x) }},
	Cosh:       {math.Cosh, func(x, _ float64) float64 { return math.Sinh(x) }},
	Asinh:      {math.Asinh, func(_, y float64) float64 { return 1 / math.Cosh(y) }},
	Acosh:      {math.Acosh, func(_, y float64) float64 { return 1 / math.Sinh(y) }},
	Atanh:      {math.Atanh, func(x, _ float64) float64 { return 1 / (1 - x*x) }},
	IsFinite:   {func(x float64) float64 { return truth[float64](x-x == 0) }, nil},
	IsInf:      {func(x float64) float64 { return truth[float64](math.IsInf(x, 0)) }, nil},
	IsNaN:      {func(x float64) float64 { return truth[float64](x != x) }, nil},
	Not:        {func(x float64) float64 { return truth[float64](x == 0) }, nil},
	Zero:       {func(float64) float64 { return 0 }, nil},
	One:        {func(float64) float64 { return 1 }, nil},
}

// sign leaves 0 and what is no number as it is.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

func selu(x float64) float64 {
	if x > 0 {
		return SELUScale * x
	}
	return SELUScale * SELUAlpha * math.Expm1(x)
}

// seluSlope at 0 is that above it, as in TensorFlow.
func seluSlope(_, y float64) float64 {
	if y < 0 {
		return y + SELUScale*SELUAlpha
	}
	return SELUScale
}

func softsignSlope(x, _ float64) float64 { return 1 / ((1 + math.Abs(x)) * (1 + math.Abs(x))) }
