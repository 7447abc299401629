package bound

import (
	"math"

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
	if l.Inside {
		c.rootOf(&n, variance, l.Epsilon)
		return n
	}
	root := variance.root(0)
	root.e += kPow * u * (root.v + root.e)
	n.s = root.add(num{l.Epsilon, 0}, u)
	n.floor = l.Epsilon * (1 - u)
	return n
}

// rootOf bounds the divisor sqrt(variance + epsilon) of a group's own variance, or what is multiplied with in its place: 1/sqrt
// is off by up to K_rsqrt u.
func (c *Call) rootOf(n *standard, variance num, epsilon float64) {
	u := c.Producer.U
	least := epsilon * (1 - 2*u)
	n.s = variance.add(num{epsilon, 0}, u).root(least)
	n.s.e += kRsqrt * u * (n.s.v + n.s.e)
	n.floor = math.Sqrt(least) * (1 - kRsqrt*u)
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
