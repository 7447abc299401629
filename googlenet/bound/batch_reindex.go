package bound

import (
	"slices"

	"parity/googlenet/tensor"
)

// batchReindex moves items; where the index is not certain any that it may point to is admitted.
func batchReindex(c *Call) []*tensor.Tensor[float64] {
	exact := slices.Clone(c.Err)
	exact[1] = nil
	if exact[0] == nil && c.Err[1] == nil {
		return one(nil)
	}
	b := c.run(c.Layer, []*tensor.Tensor[float64]{errorOf(exact[0], c.In[0]), c.In[1]}, nil)
	itemsOf(c.In, c.Err).widen(b[0], c.In[0], c.Err[0])
	return b
}

func itemsOf(in, e []*tensor.Tensor[float64]) lookup {
	return lookup{in[0].Shape[0], in[0].Shape[1:].Len(), in[1], e[1]}
}

// batchReindexGradient adds up the gradients of all outputs that show an item.
func batchReindexGradient(c *GradientCall) GradientBounds {
	l := itemsOf(c.In, c.InErr)
	n := l.most()
	out := c.sums(n)
	if out.In[0] == nil {
		out.In[0] = tensor.New[float64](c.In[0].Shape...)
	}
	out.Undecided = l.widenSums(out.In[0], c.OutGrad[0], c.OutGradErr[0], c.Producer.gamma(max(n-1, 0)))
	return out
}
