package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// rowSoftmax is the softmax of the first input, with its bound.
func (c *Call) rowSoftmax(axis int) []num {
	l := layer.Softmax{Axis: axis}
	call := &Call{Layer: l, In: c.In[:1], Out: []*tensor.Tensor[float64]{c.In[0]}, Err: c.Err[:1], Producer: c.Producer, Workers: c.Workers}
	call.Out = call.run(l, call.In, nil)
	e := softmax(call)[0]
	p := make([]num, len(e.Data))
	for i, v := range call.Out[0].Data {
		p[i] = num{v, e.Data[i]}
	}
	return p
}

// rowLossGradient bounds the gradient of a layer with a loss for every row and, as second output, p - t: dloss (p - t), one
// product, and where something flows back from the second output the gradient of a softmax and an addition.
func (c *GradientCall) rowLossGradient(axis int) GradientBounds {
	u, rows := c.Producer.U, layer.ClassesOf(c.In[0].Shape, axis)
	difference, d := numbers(c.Out[1], c.OutErr[1]), numbers(c.OutGrad[0], c.OutGradErr[0])
	direct := c.softmaxPart(axis)
	return c.input(func(to []float64) {
		for at := range to {
			v := difference(at).mul(d(rows.Of(at)), u)
			v.e += c.Producer.Tiny
			if direct != nil {
				v = v.add(direct[at], u)
			}
			to[at] = v.e
		}
	})
}

// softmaxPart is what flows back from the second output; nil for nothing.
func (c *GradientCall) softmaxPart(axis int) []num {
	nothing := c.OutGradErr[1] == nil
	for _, v := range c.OutGrad[1].Data {
		nothing = nothing && v == 0
	}
	if nothing {
		return nil
	}
	p, e := tensor.New[float64](c.In[0].Shape...), tensor.New[float64](c.In[0].Shape...)
	for at, v := range c.forward().rowSoftmax(axis) {
		p.Data[at], e.Data[at] = v.v, v.e
	}
	l := layer.Softmax{Axis: axis}
	g := &layer.Gradient[float64]{
		In: c.In[:1], Out: []*tensor.Tensor[float64]{p}, OutGrad: c.OutGrad[1:],
		InGrad: []*tensor.Tensor[float64]{tensor.New[float64](p.Shape...)}, Workers: c.Workers,
	}
	l.Backward64(g)
	b := softmaxGradient(&GradientCall{
		Layer: l, Gradient: g, InErr: c.InErr[:1], OutErr: []*tensor.Tensor[float64]{e}, OutGradErr: c.OutGradErr[1:], Producer: c.Producer,
	}).In[0]
	out := make([]num, len(b.Data))
	for at, v := range b.Data {
		out[at] = num{g.InGrad[0].Data[at], v}
	}
	return out
}
