package bound

import (
	"iter"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// momentsOf bounds means and variances as in Call.moments.
func momentsOf(c *Call) []*tensor.Tensor[float64] {
	lists := c.Layer.(layer.Moments).Lists(c.In[0].Shape)
	b := []*tensor.Tensor[float64]{tensor.New[float64](c.Out[0].Shape...), tensor.New[float64](c.Out[1].Shape...)}
	for i := range lists.Starts {
		mean, variance, _ := c.momentsOver(each(lists, i), len(lists.Steps), 1)
		b[0].Data[i], b[1].Data[i] = mean.e, variance.e
	}
	return b
}

// each lists the elements of a list.
func each(lists layer.Lists, i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, step := range lists.Steps {
			if !yield(lists.Starts[i] + step) {
				return
			}
		}
	}
}

// momentsGradient bounds (dmean + 2 dvariance (x - mean)) / n, where each part may be divided by itself.
func momentsGradient(c *GradientCall) GradientBounds {
	lists, u, p := c.Layer.(layer.Moments).Lists(c.In[0].Shape), c.Producer.U, c.Producer
	x, mean := numbers(c.In[0], c.InErr[0]), numbers(c.Out[0], c.OutErr[0])
	d, dv := numbers(c.OutGrad[0], c.OutGradErr[0]), numbers(c.OutGrad[1], c.OutGradErr[1])
	n := num{float64(len(lists.Steps)), 0}
	return c.input(func(to []float64) {
		for i := range lists.Starts {
			for at := range each(lists, i) {
				distance := dv(i).mul(num{2, 0}, 0).mul(x(at).sub(mean(i), u), u)
				distance.e += p.Tiny
				to[at] = d(i).div(n, u).add(distance.div(n, u), u).e + u*distance.e + 2*p.Tiny
			}
		}
	})
}
