package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reduce bounds a reduction of n numbers, in any order: n-1 roundings of a sum, two more of a mean, one of each square and one of the root of a
// norm, as in Eigen's reducers; a maximum does not round.
func reduce(c *Call) []*tensor.Tensor[float64] {
	l, p := c.Layer.(layer.Reduce), c.Producer
	lists, read := l.Lists(c.In[0].Shape), numbers(c.In[0], c.Err[0])
	x, b := make([]num, len(lists.Steps)), tensor.New[float64](c.Out[0].Shape...)
	for i, start := range lists.Starts {
		inputError := 0.0
		for k, step := range lists.Steps {
			x[k] = read(start + step)
			inputError = max(inputError, x[k].e)
		}
		b.Data[i] = settled(c.Out[0].Data[i], inputError, func() float64 { return reducedError(l.Reducer, x, p) })
	}
	return one(b)
}

func reducedError(r layer.Reducer, x []num, p Producer) float64 {
	switch r {
	case layer.ReduceMax, layer.ReduceMin:
		return largestError(x, r)
	case layer.ReduceProduct:
		return productError(x, p)
	case layer.ReduceAll, layer.ReduceAny:
		e := 0.0
		for _, v := range x {
			e = max(e, flips(v))
		}
		return e
	}
	var sum total
	size := 0.0
	for _, v := range x {
		size += math.Abs(v.v)
	}
	if r == layer.ReduceSum && p.countsExactly(size, x...) {
		return 0
	}
	for _, v := range x {
		if r == layer.ReduceNorm {
			v = v.mul(v, p.U)
			v.e += p.Tiny
		}
		sum.add(v)
	}
	switch y := sum.sum(p); {
	case r == layer.ReduceNorm:
		return y.sqrt(p.U).e
	case r == layer.ReduceMean && len(x) > 1:
		return y.quotient(num{float64(len(x)), 0}, p).e
	default:
		return y.e
	}
}

// largestError is that of the numbers that may be the largest, or the smallest.
func largestError(x []num, r layer.Reducer) float64 {
	e := 0.0
	for _, k := range rivals(oriented(x, r)) {
		e = max(e, x[k].e)
	}
	return e
}

// oriented turns numbers so that what is looked for is the largest.
func oriented(x []num, r layer.Reducer) []num {
	if r != layer.ReduceMin {
		return x
	}
	list := make([]num, len(x))
	for k, v := range x {
		list[k] = v.negative()
	}
	return list
}

// productError bounds the product of n numbers: prod(|x| + e) - prod |x| for their errors, and gamma_(n-1) prod(|x| + e) for the roundings. A
// partial product may lose tiny, times the factors still to come, and may overflow if those above 1 do.
func productError(x []num, p Producer) float64 {
	size, exact, above := 1.0, 1.0, 1.0
	for _, v := range x {
		m := math.Abs(v.v)
		size, exact, above = size*(m+v.e), exact*m, above*max(1, m+v.e)
	}
	if !(above <= p.Max) {
		return math.Inf(1)
	}
	n := len(x)
	return size - exact + p.gamma(max(n-1, 0))*size + float64(n)*(U64*size+p.Tiny*above)
}

// reduceGradient bounds the gradients of numbers that were reduced.
func reduceGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Reduce)
	out := c.none()
	if c.InGrad[0] == nil {
		return out
	}
	lists, read, y := l.Lists(c.In[0].Shape), numbers(c.In[0], c.InErr[0]), numbers(c.Out[0], c.OutErr[0])
	x, to := make([]num, len(lists.Steps)), make([]num, len(lists.Steps))
	out.In[0] = tensor.New[float64](c.In[0].Shape...)
	for i, start := range lists.Starts {
		for k, step := range lists.Steps {
			x[k] = read(start + step)
		}
		out.Undecided += reducedGradient(l.Reducer, x, y(i), c.outGradient(i), c.Producer, to)
		for k, step := range lists.Steps {
			at := start + step
			out.In[0].Data[at] = settled(c.InGrad[0].Data[at], c.inputError(), func() float64 { return to[k].e })
		}
	}
	return out
}

func reducedGradient(r layer.Reducer, x []num, y, d num, p Producer, to []num) (undecided int) {
	switch r {
	case layer.ReduceMax, layer.ReduceMin:
		return tiesGradient(oriented(x, r), d, p, to)
	case layer.ReduceProduct:
		layer.ProductsOfOthers(x, to, func(a, b num) num { return a.times(b, p) }, num{1, 0})
		for k, others := range to {
			to[k] = d.times(others, p)
		}
		return 0
	}
	share := d
	if r == layer.ReduceMean && len(x) > 1 {
		share = d.quotient(num{float64(len(x)), 0}, p)
	}
	for k, v := range x {
		if to[k] = share; r == layer.ReduceNorm {
			to[k] = v.quotient(y.quotient(d, p), p)
		}
	}
	return 0
}

// tiesGradient: the largest share dy, which rounds twice if there are several. Where it is open which these are, each may get
// all or nothing.
func tiesGradient(x []num, d num, p Producer, to []num) (undecided int) {
	clear(to)
	list := rivals(x)
	exact := true
	for _, k := range list {
		exact = exact && x[k].e == 0
	}
	for _, k := range list {
		switch {
		case len(list) == 1:
			to[k] = d
		case exact:
			to[k].e = d.e + p.gamma(2)*(math.Abs(d.v)+d.e) + p.Tiny
		default:
			to[k].e, undecided = math.Abs(d.v)+d.e, 1
		}
	}
	return undecided
}
