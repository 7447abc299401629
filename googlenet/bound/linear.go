package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// spread returns t = e + g (|x| + e): what a dot product with |W| turns into the bound of a sum of products
// whose factors are off by e and whose roundings are within g.
func (c *Call) spread(g float64) *tensor.Tensor[float64] {
	x, e := c.In[0], c.inputError(0)
	t := tensor.New[float64](x.Shape...)
	for i, v := range x.Data {
		d := e(i)
		t.Data[i] = d + g*(math.Abs(v)+d)
	}
	return t
}

func abs(t *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := tensor.New[float64](t.Shape...)
	for i, v := range t.Data {
		out.Data[i] = math.Abs(v)
	}
	return out
}

// run executes a layer in float64 on the bounds.
func (c *Call) run(l layer.Layer, in, params []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	call := &layer.Call[float64]{In: in, Params: params, Workers: c.Workers}
	for _, t := range c.Out {
		call.Out = append(call.Out, tensor.New[float64](t.Shape...))
	}
	l.Forward64(call)
	return call.Out
}

// dotProducts is the bound of b + sum_n w x with n terms (Higham, section 3.1, with inputs off by e):
//
//	B = |W| e + gamma_(n+2) (|W| (|x| + e) + |b|) + n tiny
//
// and, for parameters that are off themselves, by dW and db, with |W| + dW for |W| and dW |x| + db more.
// One more than the n+1 roundings of a sum with a bias is for weights that were converted on the way. The
// last term is for products and sums that underflow. Windows that hang over the border have fewer
// terms; n is that of a whole one.
func (c *Call) dotProducts(l layer.Layer, channelAxis, n int) []*tensor.Tensor[float64] {
	g := c.gamma(n + 2)
	b := c.run(l, []*tensor.Tensor[float64]{c.spread(g)}, []*tensor.Tensor[float64]{magnitude(c.Params[0], c.paramError(0))})[0]
	if e := c.paramError(0); e != nil {
		addScaled(b, 1, c.run(l, []*tensor.Tensor[float64]{abs(c.In[0])}, []*tensor.Tensor[float64]{e})[0])
	}
	floor := float64(n) * c.Producer.Tiny
	channels, inner := b.Shape[channelAxis], b.Shape[channelAxis+1:].Len()
	for i := range b.Data {
		b.Data[i] += floor
		if len(c.Params) > 1 {
			of := i / inner % channels
			e := atOrZero(c.paramError(1))(of)
			b.Data[i] += g*(math.Abs(c.Params[1].Data[of])+e) + e
		}
	}
	return one(b)
}

func convolution(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Convolution)
	l.Bias = false
	b := c.dotProducts(l, 1, c.Params[0].Shape[1:].Len())
	c.filtered(b[0])
	return b
}

func innerProduct(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.InnerProduct)
	l.Bias = false
	return c.dotProducts(l, 1, c.Params[0].Shape[1])
}

// averagePool is a dot product with weights 1/n: n-1 additions and one division. The window's own division by
// its number of cells is left to the layer; a window without cells inside the map is exact, NaN too.
func averagePool(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.AveragePool)
	n := l.Kernel[0] * l.Kernel[1]
	if l.Global {
		n = c.In[0].Shape[2:].Len()
	}
	b := c.run(l, []*tensor.Tensor[float64]{c.spread(c.gamma(n + 2))}, nil)[0]
	for i, v := range b.Data {
		if v >= 0 {
			b.Data[i] += float64(n) * c.Producer.Tiny
		} else {
			b.Data[i] = 0
		}
	}
	return one(b)
}
