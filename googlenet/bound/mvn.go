package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// mvn bounds y = (x - mean) / s with s = sqrt(variance) + epsilon, or y = x - mean.
func mvn(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.MVN)
	x, b := numbers(c.In[0], c.Err[0]), tensor.New[float64](c.Out[0].Shape...)
	l.EachGroup(c.In[0].Shape, c.Workers, func(group layer.Group) {
		n := c.mvnNormal(l, group)
		for at := range group.All() {
			if l.Variance {
				b.Data[at] = n.output(x(at), c.Out[0].Data[at])
			} else {
				b.Data[at] = n.distance(x(at)).e
			}
		}
	})
	return one(b)
}

// mvnNormal bounds mean and divisor of a group. Caffe squares and takes roots with pow.
func (c *Call) mvnNormal(l layer.MVN, group layer.Group) standard {
	u := c.Producer.U
	n := standard{group: group, taken: true, p: c.Producer}
	var variance num
	n.mean, variance, n.overflows = c.moments(group, kPow)
	root := variance.root(0)
	root.e += kPow * u * (root.v + root.e)
	n.s = root.add(num{l.Epsilon, 0}, u)
	n.floor = l.Epsilon * (1 - u)
	return n
}

// mvnGradient bounds what standard.gradient says, or dx = dy - mean(dy).
func mvnGradient(c *GradientCall) GradientBounds {
	l, u := c.Layer.(layer.MVN), c.Producer.U
	forward := c.forward()
	d, y := numbers(c.OutGrad[0], c.OutGradErr[0]), numbers(c.Out[0], c.OutErr[0])
	return c.input(func(to []float64) {
		l.EachGroup(c.In[0].Shape, 1, func(group layer.Group) {
			if l.Variance {
				forward.mvnNormal(l, group).gradient(y, d, to)
				return
			}
			var shift total
			for at := range group.All() {
				shift.add(d(at))
			}
			mean := shift.sum(c.Producer).mul(num{1, u}.div(num{float64(group.Len()), 0}, 0), u)
			for at := range group.All() {
				to[at] = d(at).sub(mean, u).e + 2*c.Producer.Tiny
			}
		})
	})
}
