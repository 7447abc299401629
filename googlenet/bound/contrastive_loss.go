package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// contrastiveLoss bounds the sum of the pairs' terms over 2 N: the squared distance as squares says, its root, the
// difference from the margin and the square round once each, then the sum and the quotient. A pair whose similarity is
// within its error of changing may have either term.
func contrastiveLoss(c *Call) []*tensor.Tensor[float64] {
	l, u := c.Layer.(layer.ContrastiveLoss), c.Producer.U
	pairs := layer.Items(c.In[0].Shape)
	var s sum
	for i := range pairs.Outer {
		square := squares(c.In, c.Err, pairs, i, c.Producer)
		far := num{v: l.Margin}.sub(square, u).positive()
		if !l.SquaredDistance {
			short := num{v: l.Margin}.sub(square.sqrt(u), u).positive()
			far = short.mul(short, u)
		}
		v, _ := similarity(c.In[2], c.Err[2], i, square, far)
		s.add(v)
	}
	return scalar(s.rounded(pairs.Outer, c.Producer).over(exactly(pairs.Outer), c.Producer).e / 2)
}

// similarity is the value for a similar pair or another, with a bound that covers both if the pair may be both.
func similarity(stored, e *tensor.Tensor[float64], i int, similar, far num) (v num, undecided bool) {
	off := atOrZero(e)(i)
	lo, hi := layer.Label(stored.Data[i]-off), layer.Label(stored.Data[i]+off)
	v, other := far, similar
	if layer.Label(stored.Data[i]) != 0 {
		v, other = similar, far
	}
	if lo == hi || !(lo <= 0 && 0 <= hi) {
		return v, false
	}
	v.e = max(v.e, math.Abs(v.v-other.v)+other.e)
	return v, true
}

// contrastiveLossGradient bounds dy/N f (a - b) and its negative, with the factor f of the pair: 1, or
// -max(margin - d, 0)/(d + offset), or for the squared distance -1 within the margin and 0 beyond, either if the squared
// distance is within its error of the margin.
func contrastiveLossGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.ContrastiveLoss), c.Producer.U
	pairs := layer.Items(c.In[0].Shape)
	scale := c.lossScale(exactly(pairs.Outer))
	undecided := 0
	factors := make([]num, pairs.Outer)
	for i := range factors {
		far, kink := contrastiveFactor(l, squares(c.In, c.InErr, pairs, i, c.Producer), u)
		f, either := similarity(c.In[2], c.InErr[2], i, num{v: 1}, far)
		if either || kink && layer.Label(c.In[2].Data[i]) == 0 {
			undecided += pairs.Count
		}
		factors[i] = f
	}
	out := c.opposed(func(at int) num {
		return difference(c.In, c.InErr, at, u).mul(factors[at/pairs.Count].mul(scale, u), u)
	})
	out.Undecided = undecided
	return out
}

// contrastiveFactor is f for a pair that is not similar, and whether the margin lies within the error of its distance.
func contrastiveFactor(l layer.ContrastiveLoss, square num, u float64) (f num, kink bool) {
	if l.SquaredDistance {
		short := num{v: l.Margin}.sub(square, u)
		f = num{v: -float64(count(short.v > 0))}
		if kink = math.Abs(short.v) <= short.e; kink {
			f.e = 1
		}
		return f, kink
	}
	distance := square.sqrt(u)
	short := num{v: l.Margin}.sub(distance, u).positive()
	divisor := distance.add(num{layer.DistanceOffset, u * layer.DistanceOffset}, u)
	f.v = -short.v / divisor.v
	least := max(distance.v-distance.e, 0) + layer.DistanceOffset*(1-4*u) // a distance is not negative
	f.e = (short.e + math.Abs(f.v)*divisor.e) / least
	return f.rounded(u), false
}
