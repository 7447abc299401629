package bound

import (
	"math"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// eltwise bounds a sum, sum |c| e + gamma_n sum |c| (|x| + e) for n inputs with coefficients, n-1 for none; a product factor by
// factor; and a maximum, which does not round: it is off by no more than an input that may be it.
func eltwise(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Eltwise)
	if l.Combination == layer.EltwiseMaximum && !known(c.Err) {
		return one(nil)
	}
	f := map[layer.Combination]func(l layer.Eltwise, in []num) float64{
		layer.EltwiseSum: c.weightedSum, layer.EltwiseProduct: c.product, layer.EltwiseMaximum: c.maximum,
	}[l.Combination]
	in, b := inputs(c.In, c.Err), tensor.New[float64](c.Out[0].Shape...)
	for at := range b.Data {
		b.Data[at] = f(l, in(at))
	}
	return one(b)
}

// known reports whether any errors are given.
func known(errs []*tensor.Tensor[float64]) bool {
	return slices.ContainsFunc(errs, func(e *tensor.Tensor[float64]) bool { return e != nil })
}

// inputs returns a function that reads one element of every input, into the same place each time.
func inputs(in, errs []*tensor.Tensor[float64]) func(at int) []num {
	list, read := make([]num, len(in)), make([]func(at int) num, len(in))
	for i, x := range in {
		read[i] = numbers(x, errs[i])
	}
	return func(at int) []num {
		for i := range list {
			list[i] = read[i](at)
		}
		return list
	}
}

func (c *Call) weightedSum(l layer.Eltwise, in []num) float64 {
	var sum total
	for i, x := range in {
		k := l.Coefficient(i)
		sum.add(num{k * x.v, math.Abs(k) * x.e})
	}
	if l.Plain() {
		return sum.sum(c.Producer).e
	}
	sum.n++ // the products with the coefficients
	return sum.sum(c.Producer).e + float64(len(in))*c.Producer.Tiny
}

func (c *Call) product(_ layer.Eltwise, in []num) float64 { return productOf(in, -1, c.Producer).e }

// productOf multiplies all numbers but one.
func productOf(in []num, except int, p Producer) num {
	out := num{1, 0}
	first := true
	for i, x := range in {
		switch {
		case i == except:
		case first:
			out, first = x, false
		default:
			out = out.mul(x, p.U)
			out.e += p.Tiny
		}
	}
	return out
}

func (c *Call) maximum(_ layer.Eltwise, in []num) float64 {
	e := 0.0
	for _, i := range rivals(in) {
		e = max(e, in[i].e)
	}
	return e
}

// rivals lists the numbers that may be the largest.
func rivals(in []num) []int {
	least := math.Inf(-1) // that the largest is
	for _, x := range in {
		least = max(least, x.v-x.e)
	}
	var list []int
	for i, x := range in {
		if !(x.v+x.e < least) {
			list = append(list, i)
		}
	}
	return list
}

// eltwiseGradient: a coefficient or the other factors times dy, or y / x dy; for a maximum dy to one input, and to any of
// those that may be it.
func eltwiseGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Eltwise)
	out := c.none()
	for i, to := range c.InGrad {
		if to != nil {
			out.In[i] = tensor.New[float64](to.Shape...)
		}
	}
	read := inputs(c.In, c.InErr)
	for at := range c.OutGrad[0].Data {
		in := read(at)
		if l.Combination == layer.EltwiseMaximum {
			out.Undecided += c.maximumGradient(out.In, in, at)
			continue
		}
		for i, b := range out.In {
			if b != nil {
				b.Data[at] = c.factorGradient(l, in, i, at)
			}
		}
	}
	return out
}

// factorGradient bounds the derivative by the i-th input times dy.
func (c *GradientCall) factorGradient(l layer.Eltwise, in []num, i, at int) float64 {
	d, u := c.outGradient(at), c.Producer.U
	var slope num
	switch {
	case l.Combination == layer.EltwiseSum && l.Plain():
		return d.e
	case l.Combination == layer.EltwiseSum:
		slope = num{l.Coefficient(i), 0}
	case l.Quotient:
		slope = numbers(c.Out[0], c.OutErr[0])(at).div(in[i], u)
	default:
		slope = productOf(in, i, c.Producer)
	}
	return d.mul(slope, u).e + c.Producer.Tiny
}

// maximumGradient returns 1 where another input may be the largest than the one that is.
func (c *GradientCall) maximumGradient(to []*tensor.Tensor[float64], in []num, at int) (undecided int) {
	d, list := c.outGradient(at), rivals(in)
	for _, i := range list {
		if len(list) > 1 && in[i].e > 0 {
			undecided = 1
		}
	}
	for _, i := range list {
		switch {
		case to[i] == nil:
		case undecided == 1:
			to[i].Data[at] = math.Abs(d.v) + d.e
		case i == layer.Largest(c.In, at):
			to[i].Data[at] = d.e
		}
	}
	return undecided
}
