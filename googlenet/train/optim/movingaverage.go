package optim

import "parity/googlenet/tensor"

// MovingAverage follows the parameters with an exponentially decaying average of what they were after each update, such as
// to evaluate a network with:
//
//	a = a - (1 - decay) (a - w)
//
// decay is Decay; with Counted it is less at first: min(Decay, (1 + n) / (10 + n)) after n updates. It and 1 - decay are in
// float32 whatever the parameters are in, as in TensorFlow's ExponentialMovingAverage.
type MovingAverage struct {
	Decay   float64
	Counted bool
}

// Share is 1 - decay in an iteration, counted from 0.
func (m MovingAverage) Share(iteration int) float64 {
	decay, n := float32(m.Decay), float32(iteration+1)
	if m.Counted {
		decay = min(decay, (1+n)/(10+n))
	}
	return float64(1 - decay)
}

func follow[T tensor.Float](m *MovingAverage, iteration int, averages, values []T) {
	share := T(m.Share(iteration))
	for i, v := range values {
		averages[i] = toward(averages[i], v, share)
	}
}
