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
}

// NewState returns the state before the first iteration.
func NewState[T tensor.Float](o Optimizer, params []Param[T]) *State[T] {
	s := &State[T]{}
	for range o.Histories() {
		for _, p := range params {
			s.Histories = append(s.Histories, tensor.New[T](p.Value.Shape...))
		}
	}
	return s
}

// Check reports why the state does not belong to these parameters and this optimiser.
func (s *State[T]) Check(o Optimizer, params []Param[T]) error {
	if want := o.Histories() * len(params); len(s.Histories) != want {
		return fmt.Errorf("%s keeps %d tensor(s) for each of %d parameters, found %d in all", o.Name(), o.Histories(), len(params), len(s.Histories))
	}
	for i, h := range s.Histories {
		if want := params[i%len(params)].Value.Shape; !h.Shape.Equal(want) {
			return fmt.Errorf("history %d has shape %v, its parameter %v", i, h.Shape, want)
		}
	}
	return nil
}
