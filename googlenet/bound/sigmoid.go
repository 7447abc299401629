package bound

import (
	"math"

	"parity/googlenet/tensor"
)

func sigmoid(c *Call) []*tensor.Tensor[float64] {
	return c.each(func(x num, _ float64) float64 { return logistic(x, c.Producer).e })
}

// logistic is s(x) = 1 / (1 + e^-x). Its slope s(x) s(-x) is largest at the point nearest to zero. As a quotient of
// exponentials, or as Eigen approximates it, it comes within K_logistic u; as (tanh(x/2) + 1) / 2, Caffe's formula, where the
// sum cancels, tanh and the sum are off in absolute terms, by the roundoff w of the arithmetic inside:
//
//	B = s(m) s(-m) e + K_logistic u s + (K_tanh / 2 + 1) w,  m = max(|x| - e, 0)
func logistic(x num, p Producer) num {
	s := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	nearest := max(math.Abs(x.v)-x.e, 0)
	v, shift := s(x.v), s(nearest)*s(-nearest)*x.e
	return num{v, shift + kLogistic*p.U*(v+shift) + (kTanh/2+1)*p.inside() + p.Tiny}
}

// sigmoidGradient bounds dy y (1 - y).
func sigmoidGradient(c *GradientCall) GradientBounds {
	u := c.Producer.U
	return c.eachGradient(func(_, y, d num) (float64, bool) {
		return d.mul(y, u).mul(num{1, 0}.sub(y, u), u).e + 2*c.Producer.Tiny, false
	})
}
