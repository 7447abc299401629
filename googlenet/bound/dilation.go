package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// dilation: a sum is rounded once; the largest is off by no more than one that may be it.
func dilation(c *Call) []*tensor.Tensor[float64] {
	b := tensor.New[float64](c.Out[0].Shape...)
	d := dilations{c.Layer.(layer.Dilation), c.In, c.Err, c.Producer}
	d.each(c.Out[0].Shape, func(cell int, rivals []rival) {
		for _, r := range rivals {
			b.Data[cell] = max(b.Data[cell], r.e)
		}
	})
	return one(b)
}

// dilationGradient: where another sum may be the largest, the gradient may have gone to its elements.
func dilationGradient(c *GradientCall) GradientBounds {
	out := c.none()
	sums := [2][]total{make([]total, len(c.In[0].Data)), make([]total, len(c.In[1].Data))}
	d := numbers(c.OutGrad[0], c.OutGradErr[0])
	dilations{c.Layer.(layer.Dilation), c.In, c.InErr, c.Producer}.each(c.Out[0].Shape, func(cell int, rivals []rival) {
		if len(rivals) > 1 {
			out.Undecided++
		}
		for _, r := range rivals {
			v := d(cell)
			if len(rivals) > 1 {
				v = num{0, math.Abs(v.v) + v.e}
			}
			sums[0][r.A].add(v)
			sums[1][r.B].add(v)
		}
	})
	for i := range out.In {
		if c.InGrad[i] == nil {
			continue
		}
		out.In[i] = tensor.New[float64](c.In[i].Shape...)
		for at := range sums[i] {
			out.In[i].Data[at] = sums[i][at].sum(c.Producer).e
		}
	}
	return out
}

// dilations are the sums of a Dilation with their errors.
type dilations struct {
	layer.Dilation
	in, err []*tensor.Tensor[float64]
	p       Producer
}

// rival is a sum that may be the largest, and how far it is off.
type rival struct {
	layer.Sum2[float64]
	e float64
}

// each calls f for every cell of the output with the sums that may be the largest: the one that is if all are exact.
func (d dilations) each(out tensor.Shape, f func(cell int, rivals []rival)) {
	x, w := numbers(d.in[0], d.err[0]), numbers(d.in[1], d.err[1])
	layer.EachSum(d.Dilation, d.in[0], d.in[1], out, 1, func(cell int, sums []layer.Sum2[float64]) {
		best := rival{e: -1}
		var all []rival
		for _, s := range sums {
			r := rival{s, x(s.A).add(w(s.B), d.p.U).e}
			if best.e < 0 || s.Value > best.Value {
				best = r
			}
			all = append(all, r)
		}
		var rivals []rival
		for _, r := range all {
			if r.Sum2 == best.Sum2 || r.e+best.e > 0 && r.Value+r.e >= best.Value-best.e {
				rivals = append(rivals, r)
			}
		}
		f(cell, rivals)
	})
}
