package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// logSumExp bounds y = log(sum_j exp x_j) over the marked of n elements.
//
// With m the largest x_j, or 0 where it is smaller and 1 is added, the difference x_j - m rounds by u |x_j - m|, which exp turns into a relative error of
// its term. A term's share of the sum is p_j = exp(x_j - y), so that all terms together are off by sum_j p_j (e_j + u |x_j - m|); exp adds K_exp u to
// each, the sum n roundings. An error of the sum relative to itself is one of y as it stands; the logarithm of a sum of s rounds by K_log u |log s|, and
// adding m by u |y|. Where no largest element is taken out first, exp x_j is off by K_exp u likewise and the logarithm by K_log u |y|.
//
// Where a mark is open its element may be part of the sum or not: y lies between the sums without and with all of these.
func logSumExp(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.LogSumExp)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	b := tensor.New[float64](c.Out[0].Shape...)
	for row := range b.Data {
		b.Data[row] = c.logSum(l, rows, row).e
	}
	return one(b)
}

// term is an element of a sum of exponentials.
type term struct {
	x            num
	marked, open bool
}

// terms lists the elements of a row that are part of the sum or may be.
func (c *Call) terms(rows layer.Classes, row int) []term {
	x, marks := numbers(c.In[0], c.Err[0]), numbers(c.In[1], c.Err[1])
	var list []term
	for i := range rows.Count {
		at := rows.At(row, i)
		t := term{x(at), marks(at).v != 0, flips(marks(at)) > 0}
		if t.marked || t.open {
			list = append(list, t)
		}
	}
	return list
}

func (c *Call) logSum(l layer.LogSumExp, rows layer.Classes, row int) num {
	terms := c.terms(rows, row)
	v := logSumOf(terms, l.One, func(t term) bool { return t.marked })
	if len(terms) == 0 {
		return num{v, 0}
	}
	least := logSumOf(terms, l.One, func(t term) bool { return !t.open })
	most := logSumOf(terms, l.One, func(term) bool { return true })
	e := max(most-v, v-least)
	if math.IsInf(v, -1) && math.IsInf(most, -1) {
		e = 0
	}
	e += c.logSumRounding(terms, l.One, least, most)
	return num{v, uncertain(e)}
}

// logSumRounding is that of the sum between least and most which it is worse for.
func (c *Call) logSumRounding(terms []term, one bool, least, most float64) float64 {
	u, largest, n := c.Producer.U, math.Inf(-1), len(terms)
	if one {
		largest, n = 0, n+1
	}
	for _, t := range terms {
		largest = max(largest, t.x.v+t.x.e)
	}
	if math.IsInf(largest, -1) {
		return 0
	}
	part, worst := 0.0, 0.0 // of the sum, where it is smallest; of an exponent
	add := func(x, off float64) {
		part += min(math.Exp(x-least), 1) * math.Expm1(off)
		worst = max(worst, off)
	}
	for _, t := range terms {
		add(t.x.v, t.x.e+u*(largest-t.x.v+t.x.e))
	}
	if one {
		add(0, u*largest)
	}
	e := worst // the logarithm moves by no more than its largest exponent does
	if part < 1 {
		e = min(e, -math.Log1p(-part))
	}
	e += c.gamma(n + kExp)
	size := max(math.Abs(least), math.Abs(most))
	if math.IsInf(size, 1) {
		size = math.Abs(most)
	}
	return e + (kLog+1)*u*(size+e) + kLog*u*math.Log(float64(n)) + u*(size+e) + float64(n)*c.Producer.Tiny
}

// logSumOf is the logarithm of the sum of those terms that count.
func logSumOf(terms []term, one bool, counts func(t term) bool) float64 {
	x, marks := tensor.New[float64](1, len(terms)), tensor.New[float64](1, len(terms))
	for i, t := range terms {
		if x.Data[i] = t.x.v; counts(t) {
			marks.Data[i] = 1
		}
	}
	y := tensor.New[float64](1)
	layer.LogSumExp{Axis: 1, One: one}.Forward64(&layer.Call[float64]{In: []*tensor.Tensor[float64]{x, marks}, Out: []*tensor.Tensor[float64]{y}, Workers: 1})
	return y.Data[0]
}

// logSumExpGradient bounds dy exp(x_j - y), with y as it is bounded, and 0 too where the mark is open. No share is larger than 1.
func logSumExpGradient(c *GradientCall) GradientBounds {
	l, forward := c.Layer.(layer.LogSumExp), c.forward()
	x, marks := numbers(c.In[0], c.InErr[0]), numbers(c.In[1], c.InErr[1])
	rows, undecided := layer.ClassesOf(c.In[0].Shape, l.Axis), 0
	out := c.input(func(to []float64) {
		for row := range rows.Rows() {
			y := forward.logSum(l, rows, row)
			d := c.outGradient(row)
			for i := range rows.Count {
				at := rows.At(row, i)
				open := flips(marks(at)) > 0
				if !open && marks(at).v == 0 {
					continue
				}
				share := x(at).sub(y, c.Producer.U).exp(c.Producer)
				share.e = min(share.e, 1+c.Producer.gamma(rows.Count+kExp))
				if math.IsInf(y.v, -1) {
					share = num{0, 1}
				}
				to[at] = d.times(share, c.Producer).e + c.Producer.Tiny
				if open {
					undecided++
					to[at] = either(d.times(share, c.Producer), num{}) + c.Producer.Tiny
				}
			}
		}
	})
	out.Undecided = undecided
	return out
}
