package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// binary bounds an operation on two numbers by its row in arithmetics.
func binary(c *Call) []*tensor.Tensor[float64] {
	op := c.Layer.(layer.Binary).Operation
	f := arithmetics[op].value
	r := layer.Repeat(c.Out[0].Shape, c.In[0].Shape, c.In[1].Shape)
	a, b := numbers(c.In[0], c.Err[0]), numbers(c.In[1], c.Err[1])
	out := tensor.New[float64](c.Out[0].Shape...)
	for i, y := range c.Out[0].Data {
		left, right := a(r.At(0, i)), b(r.At(1, i))
		if keepsWhole[op] && c.Producer.countsExactly(y, left, right) {
			continue
		}
		out.Data[i] = settled(y, left.e+right.e, func() float64 { return f(left, right, y, c.Producer) })
	}
	return one(out)
}

// keepsWhole are the operations that make whole numbers of whole numbers.
var keepsWhole = map[layer.Operation]bool{layer.Sum: true, layer.Difference: true, layer.Product: true}

// countsExactly tells whether the sum, the difference or the product y of whole numbers is no larger than 1/u, up to which whole
// numbers are not rounded.
func (p Producer) countsExactly(y float64, parts ...num) bool {
	for _, a := range parts {
		if a.e != 0 || a.v != math.Trunc(a.v) {
			return false
		}
	}
	return math.Abs(y) <= 1/p.U
}

// binaryGradient bounds dy times the derivatives in the row, added up over what was repeated.
func binaryGradient(c *GradientCall) GradientBounds {
	out, slopes := c.none(), arithmetics[c.Layer.(layer.Binary).Operation].slopes
	if slopes == nil {
		return out
	}
	r := layer.Repeat(c.Out[0].Shape, c.In[0].Shape, c.In[1].Shape)
	a, b, y := numbers(c.In[0], c.InErr[0]), numbers(c.In[1], c.InErr[1]), numbers(c.Out[0], c.OutErr[0])
	undecided := make([]bool, len(c.Out[0].Data))
	for input := range out.In {
		out.In[input] = c.repeatedSums(r, input, func(i int) num {
			da, db, open := slopes(a(r.At(0, i)), b(r.At(1, i)), y(i), c.Producer)
			undecided[i] = open
			return c.outGradient(i).times([2]num{da, db}[input], c.Producer)
		})
	}
	for _, open := range undecided {
		if open {
			out.Undecided++
		}
	}
	return out
}

// repeatedSums bounds the sums of f over the elements of the whole that meet each element of an input; nil where nobody asks.
func (c *GradientCall) repeatedSums(r layer.Repeated, input int, f func(i int) num) *tensor.Tensor[float64] {
	to := c.InGrad[input]
	if to == nil {
		return nil
	}
	sums := make([]total, len(to.Data))
	for i := range c.OutGrad[0].Data {
		sums[r.At(input, i)].add(f(i))
	}
	b := tensor.New[float64](to.Shape...)
	for i := range sums {
		b.Data[i] = settled(to.Data[i], c.inputError(), func() float64 { return sums[i].sum(c.Producer).e })
	}
	return b
}

// inputError is 0 if all that goes into the backward pass is exact.
func (c *GradientCall) inputError() float64 {
	if known(c.InErr) || known(c.OutErr) || known(c.OutGradErr) {
		return 1
	}
	return 0
}

// arithmetics holds a row for every layer.Operation: the bound of its value y, and the derivatives by both inputs, nil
// where there are none, with whether a choice is undecided.
var arithmetics = map[layer.Operation]struct {
	value  func(a, b num, y float64, p Producer) float64
	slopes func(a, b, y num, p Producer) (da, db num, undecided bool)
}{
	layer.Sum:               {func(a, b num, _ float64, p Producer) float64 { return a.add(b, p.U).e }, constantSlopes(1, 1)},
	layer.Difference:        {func(a, b num, _ float64, p Producer) float64 { return a.sub(b, p.U).e }, constantSlopes(1, -1)},
	layer.Product:           {func(a, b num, _ float64, p Producer) float64 { return a.mul(b, p.U).e + p.Tiny }, func(a, b, _ num, _ Producer) (num, num, bool) { return b, a, false }},
	layer.Quotient:          {func(a, b num, _ float64, p Producer) float64 { return a.quotient(b, p).e }, quotientSlopes},
	layer.SafeQuotient:      {safeQuotient, safeQuotientSlopes},
	layer.Larger:            {func(a, b num, _ float64, _ Producer) float64 { return extremeError(a, b) }, extremeSlopes(func(a, b num) bool { return a.v >= b.v })},
	layer.Smaller:           {func(a, b num, _ float64, _ Producer) float64 { return extremeError(a.negative(), b.negative()) }, extremeSlopes(func(a, b num) bool { return a.v <= b.v })},
	layer.SquaredDifference: {squaredDifference, squaredDifferenceSlopes},
	layer.Pow:               {func(a, b num, _ float64, p Producer) float64 { return a.power(b, p).e }, powerSlopes},
	layer.FloorQuotient:     {floorQuotient, nil},
	layer.WholeQuotient:     {wholeQuotient, nil},
	layer.FloorRemainder:    {remainder(math.Floor), remainderSlopes},
	layer.WholeRemainder:    {remainder(math.Trunc), nil},
	layer.Angle:             {angle, angleSlopes},
	layer.SafeProduct:       {func(a, b num, _ float64, p Producer) float64 { return a.mul(b, p.U).e + p.Tiny }, func(a, b, _ num, _ Producer) (num, num, bool) { return b, a, false }},
	layer.ShareOf:           {func(a, b num, _ float64, p Producer) float64 { return unlessZero(a, a.quotient(b, p)).e }, shareSlopes},
	layer.LogOf:             {timesLog(math.Log, kLog), timesLogSlopes(math.Log, kLog, 0)},
	layer.Log1pOf:           {timesLog(math.Log1p, kLog1p), timesLogSlopes(math.Log1p, kLog1p, 1)},
	layer.Less:              {comparison, nil},
	layer.LessEqual:         {comparison, nil},
	layer.Greater:           {comparison, nil},
	layer.GreaterEqual:      {comparison, nil},
	layer.Equal:             {comparison, nil},
	layer.NotEqual:          {comparison, nil},
	layer.And:               {reasoning, nil},
	layer.Or:                {reasoning, nil},
}

func constantSlopes(da, db float64) func(a, b, y num, p Producer) (num, num, bool) {
	return func(_, _, _ num, _ Producer) (num, num, bool) { return num{da, 0}, num{db, 0}, false }
}

// quotient is a / b, which may be a product with a rounded 1/b: constant divisors become that when TensorFlow optimises a
// graph.
func (a num) quotient(b num, p Producer) num {
	q := a.div(b, p.gamma(2))
	q.e += p.Tiny
	return q
}

// quotientSlopes are 1/b and -a/b/b.
func quotientSlopes(a, b, _ num, p Producer) (da, db num, undecided bool) {
	return num{1, 0}.quotient(b, p), a.negative().quotient(b, p).quotient(b, p), false
}

// safeQuotient may be 0 where the divisor may be.
func safeQuotient(a, b num, _ float64, p Producer) float64 {
	if b.v == 0 && b.e == 0 {
		return 0
	}
	return a.quotient(b, p).e
}

func safeQuotientSlopes(a, b, y num, p Producer) (da, db num, undecided bool) {
	if b.v == 0 && b.e == 0 {
		return num{}, num{}, false
	}
	return quotientSlopes(a, b, y, p)
}

// close reports whether two numbers may compare otherwise than they do.
func close(a, b num) bool { return a.e+b.e > 0 && math.Abs(a.v-b.v) <= a.e+b.e }

// extremeError is that of a maximum, which does not round: it is off by no more than a number that may be it.
func extremeError(a, b num) float64 {
	switch {
	case close(a, b):
		return max(a.e, b.e)
	case a.v >= b.v:
		return a.e
	}
	return b.e
}

// extremeSlopes are 1 for the number that is the maximum or minimum; both may be where that is open.
func extremeSlopes(first func(a, b num) bool) func(a, b, y num, p Producer) (num, num, bool) {
	return func(a, b, _ num, _ Producer) (num, num, bool) {
		da, db := num{0, 0}, num{1, 0}
		if first(a, b) {
			da, db = db, da
		}
		if close(a, b) {
			return num{da.v, 1}, num{db.v, 1}, true
		}
		return da, db, false
	}
}

func squaredDifference(a, b num, _ float64, p Producer) float64 {
	d := a.sub(b, p.U)
	return d.mul(d, p.U).e + p.Tiny
}

func squaredDifferenceSlopes(a, b, _ num, p Producer) (da, db num, undecided bool) {
	d := a.sub(b, p.U)
	d = num{2 * d.v, 2 * d.e}
	return d, d.negative(), false
}

// power is a^b within K_pow u. It rises or falls in a and in b, so that errors take it no farther than to the corners of what
// both may be, for a positive a, or the size of a negative one for an exact whole b. Else a^b may be anything, but if the
// errors leave a at 0 and b is whole and positive.
func (a num) power(b num, p Producer) num {
	v := math.Pow(a.v, b.v)
	whole := b.e == 0 && b.v == math.Trunc(b.v)
	e := math.Inf(1)
	switch size := (num{math.Abs(a.v), a.e}); {
	case a.e == 0 && b.e == 0:
		e = 0
	case size.v > size.e && (a.v > 0 || whole):
		e = size.corners(b)
	case whole && b.v >= 0:
		e = math.Pow(size.v+size.e, b.v) + math.Abs(v)
	}
	return num{v, e + p.kPow()*p.U*(math.Abs(v)+e) + p.Tiny}
}

// corners is how far a^b is from its values at the corners.
func (a num) corners(b num) float64 {
	v, e := math.Pow(a.v, b.v), 0.0
	for _, x := range []float64{a.v - a.e, a.v + a.e} {
		for _, y := range []float64{b.v - b.e, b.v + b.e} {
			e = max(e, math.Abs(math.Pow(x, y)-v))
		}
	}
	return e
}

// powerSlopes are b a^(b-1) and a^b ln a, 0 for an a that is not positive.
func powerSlopes(a, b, y num, p Producer) (da, db num, undecided bool) {
	da = b.times(a.power(b.sub(num{1, 0}, p.U), p), p)
	switch {
	case a.v > a.e:
		return da, y.times(a.image(math.Log, kLog, p), p), false
	case a.v < -a.e || a.e == 0:
		return da, num{}, false
	}
	return da, num{0, math.Inf(1)}, true
}

// floorQuotient bounds a quotient that is rounded, and then rounded down. The first keeps the order of numbers and whole numbers as
// they are, so that it may take the quotient up to a whole number, but never down from one.
func floorQuotient(a, b num, y float64, p Producer) float64 {
	q := a.div(b, 0)
	most := q.v + q.e
	return farther(y, math.Floor(q.v-q.e), math.Floor(most+p.U*math.Abs(most)))
}

// wholeQuotient is likewise for a quotient whose fraction is cut off: rounding may take it away from 0.
func wholeQuotient(a, b num, y float64, p Producer) float64 {
	q := a.div(b, 0)
	least, most := q.v-q.e, q.v+q.e
	return farther(y, math.Trunc(least+p.U*min(least, 0)), math.Trunc(most+p.U*max(most, 0)))
}

// farther is the distance of y from the farther one of two numbers.
func farther(y, a, b float64) float64 { return max(math.Abs(a-y), math.Abs(b-y)) }

// remainder bounds a - n b for the whole part n of a / b, which is computed exactly from exact numbers, but for a rounding
// where a whole divisor is added. Where n may be another one, it is off by a divisor.
func remainder(cut func(float64) float64) func(a, b num, y float64, p Producer) float64 {
	return func(a, b num, y float64, p Producer) float64 {
		if a.e+b.e == 0 {
			return p.U * (math.Abs(y) + math.Abs(b.v))
		}
		q := a.div(b, U64)
		n := cut(q.v)
		e := a.e + math.Abs(n)*b.e
		if cut(q.v-q.e) != n || cut(q.v+q.e) != n {
			e = math.Abs(b.v) + b.e + math.Abs(y)
		}
		return e + p.U*(math.Abs(y)+e+math.Abs(b.v))
	}
}

// remainderSlopes are 1 and -floor(a/b).
func remainderSlopes(a, b, _ num, p Producer) (da, db num, undecided bool) {
	n := math.Floor(a.v / b.v)
	e := floorQuotient(a, b, n, p)
	return num{1, 0}, num{-n, e}, e > 0
}

// comparison is exact where two numbers are farther apart than they are off.
func comparison(a, b num, _ float64, _ Producer) float64 {
	if close(a, b) {
		return 1
	}
	return 0
}

// reasoning is exact where both are certain to be 0 or not to be.
func reasoning(a, b num, _ float64, _ Producer) float64 { return max(flips(a), flips(b)) }
