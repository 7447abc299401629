package bound

import (
	"math"
	"slices"

	"parity/googlenet/tensor"
)

// semiHard does not round: a pair has the distance of the negative that is chosen. Where the choice is open it may be that of any rival, and
// where it is open whether the pair counts, 0.
func semiHard(c *Call) []*tensor.Tensor[float64] {
	n, d := c.In[0].Shape[0], numbers(c.In[0], c.Err[0])
	b := tensor.New[float64](c.Out[0].Shape...)
	for i := range b.Data {
		list, none := c.rivals(i/n, i%n)
		for _, at := range list {
			b.Data[i] = max(b.Data[i], math.Abs(d(at).v-c.Out[0].Data[i])+d(at).e)
		}
		if none {
			b.Data[i] = max(b.Data[i], math.Abs(c.Out[0].Data[i]))
		}
	}
	return one(b)
}

// mark says of a pair whether it is marked, and whether that is certain.
func (c *Call) mark(input, at int) (marked, certain bool) {
	m := numberAt(c.In[input], c.Err[input], at)
	return m.v != 0, flips(m) == 0
}

// rivals are the places of all distances that may be chosen for a pair, and whether none may be.
func (c *Call) rivals(anchor, positive int) (list []int, none bool) {
	n := c.In[0].Shape[0]
	counts, certain := c.mark(1, anchor*n+positive)
	if !counts && certain {
		return nil, true
	}
	var negatives []int
	open := false
	for at := anchor * n; at < (anchor+1)*n; at++ {
		marked, certain := c.mark(2, at)
		if marked || !certain {
			negatives = append(negatives, at)
		}
		open = open || !certain
	}
	if open { // any may be the only one
		return negatives, true
	}
	return c.rivalsAmong(negatives, anchor*n+positive), !counts || !certain || len(negatives) == 0
}

// rivalsAmong: every negative is nearer than the positive, farther, or within both errors of it. Any of the last may count as farther, and if none is
// certain to be, the farthest may be chosen too.
func (c *Call) rivalsAmong(negatives []int, positive int) []int {
	d := numbers(c.In[0], c.Err[0])
	own := d(positive)
	nearest, farthest := math.Inf(1), math.Inf(-1) // the nearest at most, the farthest at least
	var farther, list []int
	for _, at := range negatives {
		x := d(at)
		farthest = max(farthest, x.v-x.e)
		if x.v-x.e > own.v+own.e {
			nearest = min(nearest, x.v+x.e)
		}
		if x.v+x.e > own.v-own.e {
			farther = append(farther, at)
		}
	}
	for _, at := range farther {
		if d(at).v-d(at).e <= nearest {
			list = append(list, at)
		}
	}
	if !math.IsInf(nearest, 1) {
		return list
	}
	for _, at := range negatives {
		if d(at).v+d(at).e >= farthest && !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	return list
}

// semiHardGradient: dy goes to the chosen distance, to any rival where the choice is open or where several tie, of which a producer may take
// another one than the first.
func semiHardGradient(c *GradientCall) GradientBounds {
	n, forward, undecided := c.In[0].Shape[0], c.forward(), 0
	out := c.input(func(to []float64) {
		sums := make([]total, len(to))
		for pair := range c.Out[0].Data {
			list, none := forward.rivals(pair/n, pair%n)
			d, open := c.outGradient(pair), len(list) > 1 || none && len(list) > 0
			for _, at := range list {
				if sums[at].add(d); open {
					sums[at].e += math.Abs(d.v)
				}
			}
			if open {
				undecided++
			}
		}
		for at := range sums {
			if sums[at].n > 0 {
				to[at] = sums[at].sum(c.Producer).e
			}
		}
	})
	out.Undecided = undecided
	return out
}
