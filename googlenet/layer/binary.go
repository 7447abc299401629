package layer

import (
	"math"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Operation is what a Binary does with two numbers.
type Operation string

// The operations. Those that compare or reason write 1 for true and 0 for false, and read everything but 0 as true; they and the
// whole quotients have no gradients.
const (
	Sum               Operation = "sum"
	Difference        Operation = "difference"
	Product           Operation = "product"
	Quotient          Operation = "quotient"
	SafeQuotient      Operation = "quotient, 0 for a divisor of 0"
	Larger            Operation = "maximum"
	Smaller           Operation = "minimum"
	SquaredDifference Operation = "squared difference"
	Pow               Operation = "power"
	FloorQuotient     Operation = "quotient, rounded down"
	WholeQuotient     Operation = "quotient, cut off"
	FloorRemainder    Operation = "remainder with the divisor's sign"
	WholeRemainder    Operation = "remainder with the dividend's sign"
	Less              Operation = "<"
	LessEqual         Operation = "<="
	Greater           Operation = ">"
	GreaterEqual      Operation = ">="
	Equal             Operation = "=="
	NotEqual          Operation = "!="
	And               Operation = "and"
	Or                Operation = "or"
	Angle             Operation = "angle of the point with these as ordinate and abscissa"
	SafeProduct       Operation = "product, 0 for a second factor of 0"
	ShareOf           Operation = "quotient, 0 for a dividend of 0"
	LogOf             Operation = "first times ln of the second, 0 for a first of 0"
	Log1pOf           Operation = "first times ln(1 + second), 0 for a first of 0"
)

// Binary joins two tensors element by element, smaller ones repeated as in Repeated.
//
// At a tie of a maximum or minimum the gradient goes to the first input, as in TensorFlow. That of a power with respect to
// its base is dy b a^(b-1), which is no number at 0^0; with respect to its exponent dy y ln a, 0 for a that are not positive.
type Binary struct{ Operation Operation }

func (Binary) Kind() string { return "Binary" }

func (l Binary) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 2); err != nil {
		return nil, err
	}
	out, err := repeatedShape(l, in)
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{out}, nil
}

// Attributes lists the operation.
func (l Binary) Attributes() []Attribute { return []Attribute{{"operation", string(l.Operation)}} }

func (l Binary) Forward32(c *Call[float32]) { binary(l, c) }
func (l Binary) Forward64(c *Call[float64]) { binary(l, c) }

func binary[T tensor.Float](l Binary, c *Call[T]) {
	f := arithmetics[T]()[l.Operation].value
	a, b, y := c.In[0], c.In[1], c.Out[0]
	r := Repeat(y.Shape, a.Shape, b.Shape)
	parallel.Ranges(c.Workers, len(y.Data), grain, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			y.Data[i] = f(a.Data[r.At(0, i)], b.Data[r.At(1, i)])
		}
	})
}

func (l Binary) Backward32(g *Gradient[float32]) { binaryBackward(l, g) }
func (l Binary) Backward64(g *Gradient[float64]) { binaryBackward(l, g) }

func binaryBackward[T tensor.Float](l Binary, g *Gradient[T]) {
	slopes := arithmetics[T]()[l.Operation].gradients
	if slopes == nil {
		g.InGrad[0], g.InGrad[1] = nil, nil
		return
	}
	a, b, y, d := g.In[0], g.In[1], g.Out[0].Data, g.OutGrad[0].Data
	r := Repeat(g.Out[0].Shape, a.Shape, b.Shape)
	for input, to := range g.InGrad {
		if to == nil {
			continue
		}
		addUpRepeated(r, input, to.Data, func(i int) T {
			da, db := slopes(a.Data[r.At(0, i)], b.Data[r.At(1, i)], y[i], d[i])
			return [2]T{da, db}[input]
		})
	}
}

// arithmetic is an operation and the gradients of both inputs, nil for none.
type arithmetic[T tensor.Float] struct {
	value     func(a, b T) T
	gradients func(a, b, y, d T) (da, db T)
}

// arithmetics holds a row for every operation.
func arithmetics[T tensor.Float]() map[Operation]arithmetic[T] {
	return map[Operation]arithmetic[T]{
		Sum:               {func(a, b T) T { return a + b }, func(_, _, _, d T) (T, T) { return d, d }},
		Difference:        {func(a, b T) T { return a - b }, func(_, _, _, d T) (T, T) { return d, -d }},
		Product:           {func(a, b T) T { return a * b }, func(a, b, _, d T) (T, T) { return d * b, d * a }},
		Quotient:          {func(a, b T) T { return a / b }, func(a, b, _, d T) (T, T) { return d / b, d * (-a / b / b) }},
		SafeQuotient:      {safeQuotient[T], safeQuotientGradients[T]},
		Larger:            {larger[T], func(a, b, _, d T) (T, T) { return either(a >= b, d) }},
		Smaller:           {smaller[T], func(a, b, _, d T) (T, T) { return either(a <= b, d) }},
		SquaredDifference: {squaredDifference[T], func(a, b, _, d T) (T, T) { return 2 * d * (a - b), -(2 * d * (a - b)) }},
		Pow:               {pow[T], powGradients[T]},
		FloorQuotient:     {func(a, b T) T { return T(math.Floor(float64(T(a / b)))) }, nil},
		WholeQuotient:     {func(a, b T) T { return T(math.Trunc(float64(T(a / b)))) }, nil},
		FloorRemainder:    {floorRemainder[T], floorRemainderGradients[T]},
		WholeRemainder:    {func(a, b T) T { return T(math.Mod(float64(a), float64(b))) }, nil},
		Angle:             {func(a, b T) T { return T(math.Atan2(float64(a), float64(b))) }, angleGradients[T]},
		SafeProduct:       {safeProduct[T], func(a, b, _, d T) (T, T) { return safeProduct(d, b), safeProduct(a, d) }},
		ShareOf:           {func(a, b T) T { return unlessZero(a, a/b) }, func(a, b, _, d T) (T, T) { return d * unlessZero(a, 1/b), d * unlessZero(a, -a/(b*b)) }},
		LogOf:             {timesLog(ln[T]), timesLogGradients(ln[T], 0)},
		Log1pOf:           {timesLog(ln1p[T]), timesLogGradients(ln1p[T], 1)},
		Less:              {func(a, b T) T { return truth[T](a < b) }, nil},
		LessEqual:         {func(a, b T) T { return truth[T](a <= b) }, nil},
		Greater:           {func(a, b T) T { return truth[T](a > b) }, nil},
		GreaterEqual:      {func(a, b T) T { return truth[T](a >= b) }, nil},
		Equal:             {func(a, b T) T { return truth[T](a == b) }, nil},
		NotEqual:          {func(a, b T) T { return truth[T](a != b) }, nil},
		And:               {func(a, b T) T { return truth[T](a != 0 && b != 0) }, nil},
		Or:                {func(a, b T) T { return truth[T](a != 0 || b != 0) }, nil},
	}
}

func truth[T tensor.Float](v bool) T {
	if v {
		return 1
	}
	return 0
}

// either gives d to the first or else to the second.
func either[T tensor.Float](first bool, d T) (T, T) {
	if first {
		return d, 0
	}
	return 0, d
}

func larger[T tensor.Float](a, b T) T {
	if a >= b || a != a {
		return a
	}
	return b
}

func smaller[T tensor.Float](a, b T) T {
	if a <= b || a != a {
		return a
	}
	return b
}

func squaredDifference[T tensor.Float](a, b T) T {
	d := T(a - b)
	return d * d
}

func safeQuotient[T tensor.Float](a, b T) T {
	if b == 0 {
		return 0
	}
	return a / b
}

func safeQuotientGradients[T tensor.Float](a, b, _, d T) (da, db T) {
	return safeQuotient(d, b), d * safeQuotient(safeQuotient(-a, b), b)
}

// safeProduct is 0 for a second factor of 0, even if the first is no number.
func safeProduct[T tensor.Float](a, b T) T { return unlessZero(b, a*b) }

// unlessZero is v, and 0 where a is 0.
func unlessZero[T tensor.Float](a, v T) T {
	if a == 0 {
		return 0
	}
	return v
}

// angleGradients are d b / (a^2 + b^2) and -d a / (a^2 + b^2).
func angleGradients[T tensor.Float](a, b, _, d T) (da, db T) {
	share := d / (a*a + b*b)
	return b * share, -a * share
}

func ln[T tensor.Float](v T) T   { return T(math.Log(float64(v))) }
func ln1p[T tensor.Float](v T) T { return T(math.Log1p(float64(v))) }

// timesLog is a times a logarithm of b.
func timesLog[T tensor.Float](log func(T) T) func(a, b T) T {
	return func(a, b T) T { return unlessZero(a, a*log(b)) }
}

// timesLogGradients are d log b and d a / (b + shift).
func timesLogGradients[T tensor.Float](log func(T) T, shift T) func(a, b, y, d T) (da, db T) {
	return func(a, b, _, d T) (T, T) { return d * unlessZero(a, log(b)), d * unlessZero(a, a/(b+shift)) }
}

func pow[T tensor.Float](a, b T) T { return T(math.Pow(float64(a), float64(b))) }

func powGradients[T tensor.Float](a, b, y, d T) (da, db T) {
	da = d * b * pow(a, b-1)
	if a > 0 {
		db = d * y * T(math.Log(float64(a)))
	} else {
		db = d * y * 0
	}
	return da, db
}

func floorRemainder[T tensor.Float](a, b T) T {
	m := T(math.Mod(float64(a), float64(b)))
	if m != 0 && (b < 0) != (m < 0) {
		m += b
	}
	return m
}

func floorRemainderGradients[T tensor.Float](a, b, _, d T) (da, db T) {
	return d, -d * T(math.Floor(float64(T(a/b))))
}
