package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// matMul bounds sums of k products a b with errors: sum (|da| (|b| + |db|) + |a| |db|) for these, gamma_(k+1) sum (|a| + |da|)
// (|b| + |db|) for the roundings, and what may underflow.
func matMul(c *Call) []*tensor.Tensor[float64] {
	a, b := magnitude(c.In[0], c.Err[0]), magnitude(c.In[1], c.Err[1])
	k := c.In[0].Shape[len(c.In[0].Shape)-1]
	if c.Layer.(layer.MatMul).TransposeA {
		k = c.In[0].Shape[len(c.In[0].Shape)-2]
	}
	out := c.run(c.Layer, []*tensor.Tensor[float64]{a, b}, nil)
	roundings(out[0], c.Producer, k)
	for _, in := range errorTerms(c.In, c.Err, b) {
		addScaled(out[0], 1, c.run(c.Layer, in, nil)[0])
	}
	return out
}

// roundings makes of sums of the magnitudes of n products what their roundings may come to.
func roundings(t *tensor.Tensor[float64], p Producer, n int) {
	g := p.gamma(n + 1)
	for i, v := range t.Data {
		t.Data[i] = g*v + float64(n)*p.Tiny
	}
}

// errorTerms are the products that carry the errors of a and b, given the largest magnitudes of b.
func errorTerms(in, errs []*tensor.Tensor[float64], b *tensor.Tensor[float64]) [][]*tensor.Tensor[float64] {
	var list [][]*tensor.Tensor[float64]
	if errs[0] != nil {
		list = append(list, []*tensor.Tensor[float64]{errs[0], b})
	}
	if errs[1] != nil {
		list = append(list, []*tensor.Tensor[float64]{abs(in[0]), errs[1]})
	}
	return list
}

// matMulGradient bounds dA = dY B' and dB = A' dY likewise.
func matMulGradient(c *GradientCall) GradientBounds {
	d := magnitude(c.OutGrad[0], c.OutGradErr[0])
	in := []*tensor.Tensor[float64]{magnitude(c.In[0], c.InErr[0]), magnitude(c.In[1], c.InErr[1])}
	grad := func(in []*tensor.Tensor[float64], d *tensor.Tensor[float64]) []*tensor.Tensor[float64] {
		return c.back(c.Layer, in, nil, []*tensor.Tensor[float64]{d}).InGrad
	}
	out := GradientBounds{In: grad(in, d)}
	parts := [][]*tensor.Tensor[float64]{grad([]*tensor.Tensor[float64]{errorOf(c.InErr[0], c.In[0]), errorOf(c.InErr[1], c.In[1])}, d)}
	if e := c.OutGradErr[0]; e != nil {
		parts = append(parts, grad([]*tensor.Tensor[float64]{abs(c.In[0]), abs(c.In[1])}, e))
	}
	for i, t := range out.In {
		if t == nil {
			continue
		}
		roundings(t, c.Producer, c.matMulTerms(i))
		for _, part := range parts {
			addScaled(t, 1, part[i])
		}
	}
	return out
}

// matMulTerms is the number of products in an element of an input's gradient: columns (rows for the second input) of the result,
// for each place where the matrix is repeated.
func (c *GradientCall) matMulTerms(input int) int {
	shape, own := c.OutGrad[0].Shape, c.In[input].Shape
	n := shape[len(shape)-1-input]
	return n * shape[:len(shape)-2].Len() / max(1, own[:len(own)-2].Len())
}
