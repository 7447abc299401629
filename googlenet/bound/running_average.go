package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// runningAverage bounds Decay p + (1 - Decay) x, which may be p - (1 - Decay) (p - x) too, as in TensorFlow's assign_moving_average. Its
// largest roundings are those of (1 - Decay) (|p| + |x|) and of the sum. The share 1 - Decay may come from a rounded Decay.
func runningAverage(c *Call) []*tensor.Tensor[float64] {
	decay, u := c.Layer.(layer.RunningAverage).Decay, c.Producer.U
	x, p := numbers(c.In[0], c.Err[0]), numbers(c.Params[0], c.paramError(0))
	kept, share := constant(decay, u), num{1 - decay, u}
	b := tensor.New[float64](c.In[0].Shape...)
	for i := range b.Data {
		plain := kept.mul(p(i), u).add(share.mul(x(i), u), u)
		moved := p(i).sub(share.mul(p(i).sub(x(i), u), u), u)
		b.Data[i] = max(plain.e, moved.e) + 2*c.Producer.Tiny
	}
	return one(b)
}

// noGradient is for operations that pass none on.
func noGradient(c *GradientCall) GradientBounds { return c.none() }
