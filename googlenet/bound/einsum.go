package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// einsum bounds sums of n products of k factors: gamma_(n+k-1) of the sum of their magnitudes, and for each input the products that
// have its error in the place of its value. A single element of one input only moves.
func einsum(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Einsum)
	n, k := l.Products(shapesOf(c.In)), len(c.In)
	if n*k == 1 && !known(c.Err) {
		return one(nil)
	}
	sizes := sizesOf(c.In, c.Err)
	out := c.run(l, sizes, nil)
	roundings(out[0], c.Producer, n+k-2)
	if n*k == 1 {
		out[0] = tensor.New[float64](c.Out[0].Shape...)
	}
	for i, e := range c.Err {
		if e != nil {
			addScaled(out[0], 1, c.run(l, replaced(sizes, i, e), nil)[0])
		}
	}
	return out
}

// einsumGradient bounds the sums of products of the output's gradient and the other inputs likewise.
func einsumGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.Einsum)
	sizes := sizesOf(c.In, c.InErr)
	back := func(in []*tensor.Tensor[float64], d *tensor.Tensor[float64]) []*tensor.Tensor[float64] {
		return c.back(l, in, nil, []*tensor.Tensor[float64]{d}).InGrad
	}
	d := magnitude(c.OutGrad[0], c.OutGradErr[0])
	out := GradientBounds{In: back(sizes, d)}
	for i, t := range out.In {
		if t != nil {
			roundings(t, c.Producer, l.GradientProducts(shapesOf(c.In), i)+len(c.In)-2)
		}
	}
	add := func(part []*tensor.Tensor[float64], except int) {
		for i, t := range out.In {
			if t != nil && i != except {
				addScaled(t, 1, part[i])
			}
		}
	}
	if e := c.OutGradErr[0]; e != nil {
		add(back(sizes, e), -1)
	}
	for i, e := range c.InErr {
		if e != nil {
			add(back(replaced(sizes, i, e), d), i)
		}
	}
	return out
}

func sizesOf(in, errs []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for i, t := range in {
		list = append(list, magnitude(t, errs[i]))
	}
	return list
}

// replaced returns the list with another tensor in one place.
func replaced(list []*tensor.Tensor[float64], i int, with *tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	out := append([]*tensor.Tensor[float64]{}, list...)
	out[i] = with
	return out
}

func shapesOf(list []*tensor.Tensor[float64]) []tensor.Shape {
	var out []tensor.Shape
	for _, t := range list {
		out = append(out, t.Shape)
	}
	return out
}
