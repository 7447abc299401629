package optim

import (
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
	"parity/googlenet/train/schedule"
)

// Method is everything that turns gradients into new parameters.
type Method struct {
	Optimizer Optimizer
	Schedule  schedule.Policy
	// Accumulate is how many batches are added up to the gradient of one iteration; at least 1.
	Accumulate int
	// Clip limits gradients; nil does not.
	Clip Clip
	// Decay weighs the penalty on large parameters.
	Decay   float64
	Penalty Penalty
	// Average follows the parameters; nil for nothing.
	Average *MovingAverage
}

// Penalty is what regularisation adds to the objective.
type Penalty string

const (
	// L2 is half the sum of squares: its gradient is the parameter.
	L2 Penalty = "L2"
	// L1 is the sum of magnitudes: its gradient is the parameter's sign, 0 at 0.
	L1 Penalty = "L1"
)

// Param is one parameter tensor in training.
type Param[T tensor.Float] struct {
	Value *tensor.Tensor[T]
	// Grad is the sum of the gradients of the batches of one iteration. Apply replaces it by the update.
	Grad *tensor.Tensor[T]
	// LR and Decay multiply the learning rate and the weight decay.
	LR, Decay float64
}

// Apply does one iteration: the gradients are clipped all together, then for each parameter divided by the number of
// batches, regularised and turned into an update, and then all updates are subtracted and moving averages brought up to
// date. It returns the learning rate. The order and the roundings are those of Caffe's SGDSolver. What becomes of an element
// depends on no other one but for the clipping, so that results do not depend on the number of workers.
func Apply[T tensor.Float](m *Method, params []Param[T], s *State[T], workers int) T {
	s.Step = m.Schedule.Step(s.Iteration, s.Step)
	rate := schedule.Rate[T](m.Schedule, s.Iteration, s.Step)
	clip(m.Clip, params)
	for i, p := range params {
		parallel.Ranges(workers, len(p.Grad.Data), piece, func(lo, hi int) { applyTo(m, s, p, i, len(params), rate, lo, hi) })
	}
	s.Iteration++
	return rate
}

// piece is how many elements are brought up to date at a time: what stays in a first-level cache.
const piece = 2048

// applyTo updates the elements from lo to hi of a parameter.
func applyTo[T tensor.Float](m *Method, s *State[T], p Param[T], number, params int, rate T, lo, hi int) {
	grad, value := p.Grad.Data[lo:hi], p.Value.Data[lo:hi]
	average(m.Accumulate, grad)
	regularize(m, T(m.Decay)*T(p.Decay), value, grad)
	c := &Call[T]{Rate: rate * T(p.LR), Iteration: s.Iteration, Grad: grad, Value: value}
	for h := range m.Optimizer.Histories() {
		c.Histories = append(c.Histories, s.Histories[h*params+number].Data[lo:hi])
	}
	update(m.Optimizer, c)
	_, places := m.Optimizer.(Placer)
	take(value, grad, places)
	if m.Average != nil {
		follow(m.Average, s.Iteration, s.Averages[number].Data[lo:hi], value)
	}
}

// take subtracts the update. Where the optimiser placed the new value, the update becomes the difference.
func take[T tensor.Float](value, update []T, placed bool) {
	for i, d := range update {
		if placed {
			value[i], update[i] = d, value[i]-d
		} else {
			value[i] -= d
		}
	}
}
