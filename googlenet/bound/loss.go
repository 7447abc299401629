package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// divisor is what a loss is divided by: as replayed, at least, at most.
type divisor struct{ n, least, most float64 }

func (c counts) divisor(by layer.Normalization, outer, all int) divisor {
	of := func(counted int) float64 { return by.Divisor(outer, all, counted) }
	return divisor{of(c.counted), of(c.least), of(c.most)}
}

func (l *labelled) divisor(by layer.Normalization) divisor {
	return l.counts.divisor(by, l.rows.Outer, l.rows.Rows())
}

// exactly is a divisor that does not depend on labels.
func exactly(n int) divisor { return divisor{float64(n), float64(n), float64(n)} }

// over bounds a/n: the error of a over the least n, what another n changes, one rounding of the quotient and one of n.
func (a num) over(d divisor, p Producer) num {
	e := a.e/d.least + math.Abs(a.v)*max(1/d.least-1/d.n, 1/d.n-1/d.most)
	v := a.v / d.n
	return num{v, e + p.gamma(2)*(math.Abs(v)+e) + p.Tiny}
}

// sum is a sum of terms, and the sum of their magnitudes.
type sum struct {
	num
	size float64
}

func (s *sum) add(t num) {
	s.v += t.v
	s.e += t.e
	s.size += math.Abs(t.v) + t.e
}

// rounded bounds the sum taken in any order, each of its n summands with one more rounding of its own:
// gamma_n times the sum of the magnitudes, and what may underflow.
func (s sum) rounded(n int, p Producer) num {
	return num{s.v, s.e + p.gamma(n)*s.size + float64(n)*p.Tiny}
}

// scalar wraps the bound of a loss.
func scalar(e float64) []*tensor.Tensor[float64] {
	t := tensor.New[float64]()
	t.Data[0] = e
	return one(t)
}

// loss bounds the sum of a term for each row, divided: term(row, label) is a term with its bound, made of the given
// number of summands.
func (c *Call) loss(l *labelled, by layer.Normalization, summands int, term func(row, label int) num) []*tensor.Tensor[float64] {
	var s sum
	for row := range l.choices {
		s.add(l.any(row, func(label int) num { return term(row, label) }))
	}
	return scalar(s.rounded(len(l.choices)*summands, c.Producer).over(l.divisor(by), c.Producer).e)
}

// lossGradient bounds the gradient of the first input: value(row, class, label) with its bound, times the gradient of the
// loss over the divisor; the other inputs have none.
func (c *GradientCall) lossGradient(l *labelled, by layer.Normalization, value func(row, class, label int) num) GradientBounds {
	out := c.none()
	b := tensor.New[float64](c.In[0].Shape...)
	scale := c.lossScale(l.divisor(by))
	for row, choice := range l.choices {
		for class := range l.rows.Count {
			v := l.any(row, func(label int) num { return value(row, class, label) })
			b.Data[l.rows.At(row, class)] = v.mul(scale, c.Producer.U).e + c.Producer.Tiny
		}
		if choice.undecided() {
			out.Undecided += l.rows.Count
		}
	}
	out.In[0] = b
	return out
}

// lossScale is the gradient of the loss over the divisor.
func (c *GradientCall) lossScale(d divisor) num {
	return num{c.OutGrad[0].Data[0], atOrZero(c.OutGradErr[0])(0)}.over(d, c.Producer)
}
