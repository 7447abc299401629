package optim

import (
	"fmt"

	"parity/googlenet/tensor"
)

// State is what a training run keeps from iteration to iteration beside the parameters.
type State[T tensor.Float] struct {
	Iteration int // iterations done
	Step      int // of the schedule
	// Histories are the optimiser's tensors: the first of every parameter, then the second of every parameter.
	Histories []*tensor.Tensor[T]
	// Averages are the moving averages of the parameters; none without a MovingAverage.
	Averages []*tensor.Tensor[T]
}

// NewState returns the state before the first iteration. Moving averages begin at the parameters.
func NewState[T tensor.Float](m *Method, params []Param[T]) *State[T] {
	s := &State[T]{}
	for h := range m.Optimizer.Histories() {
		for _, p := range params {
			t := tensor.New[T](p.Value.Shape...)
			if b, ok := m.Optimizer.(Beginner); ok {
				fill(t.Data, T(b.Begin(h)))
			}
			s.Histories = append(s.Histories, t)
		}
	}
	if m.Average != nil {
		for _, p := range params {
			s.Averages = append(s.Averages, p.Value.Clone())
		}
	}
	return s
}

func fill[T tensor.Float](to []T, v T) {
	for i := range to {
		to[i] = v
	}
}

// Check reports why the state does not belong to these parameters and this method.
func (s *State[T]) Check(m *Method, params []Param[T]) error {
	o := m.Optimizer
	if want := o.Histories() * len(params); len(s.Histories) != want {
		return fmt.Errorf("%s keeps %d tensor(s) for each of %d parameters, found %d in all", o.Name(), o.Histories(), len(params), len(s.Histories))
	}
	for i, h := range s.Histories {
		if want := params[i%len(params)].Value.Shape; !h.Shape.Equal(want) {
			return fmt.Errorf("history %d has shape %v, its parameter %v", i, h.Shape, want)
		}
	}
	if m.Average == nil {
		return nil
	}
	if len(s.Averages) != len(params) {
		return fmt.Errorf("expected a moving average for each of %d parameters, found %d", len(params), len(s.Averages))
	}
	for i, v := range s.Averages {
		if want := params[i].Value.Shape; !v.Shape.Equal(want) {
			return fmt.Errorf("moving average %d has shape %v, its parameter %v", i, v.Shape, want)
		}
	}
	return nil
}
