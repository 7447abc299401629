package optim

import (
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
// date. It returns the learning rate. The order and the roundings are those of Caffe's SGDSolver.
func Apply[T tensor.Float](m *Method, params []Param[T], s *State[T]) T {
	s.Step = m.Schedule.Step(s.Iteration, s.Step)
	rate := schedule.Rate[T](m.Schedule, s.Iteration, s.Step)
	clip(m.Clip, params)
	_, places := m.Optimizer.(Placer)
	for i, p := range params {
		average(m.Accumulate, p.Grad.Data)
		regularize(m, p)
		c := &Call[T]{Rate: rate * T(p.LR), Iteration: s.Iteration, Grad: p.Grad.Data, Value: p.Value.Data}
		for h := range m.Optimizer.Histories() {
			c.Histories = append(c.Histories, s.Histories[h*len(params)+i].Data)
		}
		update(m.Optimizer, c)
	}
	for _, p := range params {
		p.take(places)
	}
	if m.Average != nil {
		for i, p := range params {
			follow(m.Average, s.Iteration, s.Averages[i].Data, p.Value.Data)
		}
	}
	s.Iteration++
	return rate
}

// take subtracts the update. Where the optimiser placed the new value, the update becomes the difference.
func (p Param[T]) take(placed bool) {
	for i, d := range p.Grad.Data {
		if placed {
			p.Value.Data[i], p.Grad.Data[i] = d, p.Value.Data[i]-d
		} else {
			p.Value.Data[i] -= d
		}
	}
}
