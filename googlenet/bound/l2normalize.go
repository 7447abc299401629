package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// l2Normalize bounds x / r with r = sqrt(max(s, Epsilon)) and s the sum of n squares: a rounding of each, n-1 additions in any
// order, and the root, or its reciprocal, by which x is multiplied.
func l2Normalize(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.L2Normalize)
	x, b, lists := numbers(c.In[0], c.Err[0]), tensor.New[float64](c.Out[0].Shape...), l.Lists(c.In[0].Shape)
	for i, start := range lists.Starts {
		_, norm := c.norm(l, x, lists, i)
		for _, step := range lists.Steps {
			at := start + step
			b.Data[at] = c.normalized(x(at), norm).e
		}
	}
	return one(b)
}

// normalized is x over the norm.
func (c *Call) normalized(x, norm num) num {
	y := x.div(norm, c.Producer.U)
	y.e += c.Producer.Tiny
	return y
}

// norm is the sum of the squares of a list, and what its elements are divided by.
func (c *Call) norm(l layer.L2Normalize, x func(at int) num, lists layer.Lists, i int) (sum, norm num) {
	u := c.Producer.U
	var squares total
	for _, step := range lists.Steps {
		v := x(lists.Starts[i] + step)
		v = v.mul(v, u)
		v.e += c.Producer.Tiny
		squares.add(v)
	}
	sum = squares.sum(c.Producer)
	least := l.Epsilon * (1 - u)
	norm = num{max(sum.v, l.Epsilon), max(sum.e, constant(l.Epsilon, u).e)}.root(least)
	norm.e += kRsqrt * u * (norm.v + norm.e)
	return sum, norm
}

// l2NormalizeGradient bounds (dy - y sum dy y) / r or, where Epsilon counts, dy / r, and either where that is undecided.
func l2NormalizeGradient(c *GradientCall) GradientBounds {
	l, u, p := c.Layer.(layer.L2Normalize), c.Producer.U, c.Producer
	out := c.none()
	if c.InGrad[0] == nil {
		return out
	}
	forward, lists := c.forward(), l.Lists(c.In[0].Shape)
	x, d := numbers(c.In[0], c.InErr[0]), numbers(c.OutGrad[0], c.OutGradErr[0])
	out.In[0] = tensor.New[float64](c.In[0].Shape...)
	for i, start := range lists.Starts {
		sum, norm := forward.norm(l, x, lists, i)
		var along total
		for _, step := range lists.Steps {
			product := d(start+step).mul(forward.normalized(x(start+step), norm), u)
			product.e += p.Tiny
			along.add(product)
		}
		undecided := near(sum, l.Epsilon, u)
		for _, step := range lists.Steps {
			at := start + step
			small := d(at).div(norm, u)
			large := d(at).sub(forward.normalized(x(at), norm).mul(along.sum(p), u), u).div(norm, u)
			switch {
			case undecided:
				out.In[0].Data[at] = either(small, large)
				out.Undecided++
			case sum.v >= l.Epsilon:
				out.In[0].Data[at] = large.e
			default:
				out.In[0].Data[at] = small.e
			}
			out.In[0].Data[at] += 2 * p.Tiny / max(norm.v-norm.e, p.Tiny)
		}
	}
	return out
}
