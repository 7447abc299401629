package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Recurrence is what the recurrent layers have in common. They read several independent streams side by side.
//
// Inputs: x [steps, streams, ...]; cont [steps, streams], 1 where a sequence goes on and 0 where one begins, which forgets the
// state before; with Static an input [streams, ...] that is the same in all steps; with States the initial states, each
// [1, streams, Outputs], which are zero otherwise. Outputs: y [steps, streams, Outputs]; with States the final states, shaped as
// the initial ones.
//
// cont decides and gets no gradient.
type Recurrence struct {
	Outputs int
	Static  bool
	States  bool
	// Truncated: gradients flow neither in through the final states nor out to the initial ones, whose gradients are zero.
	// Backpropagation through time then ends at the first and the last step, as it always does in Caffe.
	Truncated bool
}

// Attributes lists the settings.
func (r Recurrence) Attributes() []Attribute {
	list := []Attribute{{"outputs", strconv.Itoa(r.Outputs)}}
	for _, flag := range []struct {
		name string
		on   bool
	}{{"static input", r.Static}, {"states", r.States}, {"truncated", r.Truncated}} {
		if flag.on {
			list = append(list, Attribute{flag.name, "yes"})
		}
	}
	return list
}

// infer is Infer for a layer with that many states.
func (r Recurrence) infer(l Layer, in []tensor.Shape, states int) ([]tensor.Shape, error) {
	first := 2 // of the states
	if r.Static {
		first++
	}
	n := first
	if r.States {
		n += states
	}
	if err := arity(l, in, n); err != nil {
		return nil, err
	}
	if err := r.checkSequence(l, in); err != nil {
		return nil, err
	}
	streams := in[0][1]
	state := tensor.Shape{1, streams, r.Outputs}
	out := []tensor.Shape{{in[0][0], streams, r.Outputs}}
	for i, s := range in[first:] {
		if !s.Equal(state) {
			return nil, fmt.Errorf("%s takes initial states of shape %v, state %d has %v", l.Kind(), state, i, s)
		}
		out = append(out, state.Clone())
	}
	return out, nil
}

// checkSequence checks x, cont and the static input.
func (r Recurrence) checkSequence(l Layer, in []tensor.Shape) error {
	x, cont := in[0], in[1]
	switch {
	case r.Outputs < 1:
		return fmt.Errorf("%s needs at least one output, got %d", l.Kind(), r.Outputs)
	case len(x) < 3:
		return fmt.Errorf("%s takes an input of at least 3 dimensions (steps, streams, ...), got %v", l.Kind(), x)
	case x[0] < 1:
		return fmt.Errorf("%s needs at least one time step, got %v", l.Kind(), x)
	case !cont.Equal(x[:2]):
		return fmt.Errorf("%s takes one continuation mark for each step and stream, %v, got %v", l.Kind(), x[:2], cont)
	case !r.Static:
		return nil
	case len(in[2]) < 2:
		return fmt.Errorf("%s takes a static input of at least 2 dimensions (streams, ...), got %v", l.Kind(), in[2])
	case in[2][0] != x[1]:
		return fmt.Errorf("%s takes a static input for each of %d streams, got %v", l.Kind(), x[1], in[2])
	}
	return nil
}

// inputParams returns the shapes of the weights and the bias of x and of the weights of the static input.
func (r Recurrence) inputParams(in []tensor.Shape, gates int) []tensor.Shape {
	shapes := []tensor.Shape{{gates, in[0][2:].Len()}, {gates}}
	if r.Static {
		shapes = append(shapes, tensor.Shape{gates, in[2][1:].Len()})
	}
	return shapes
}

// sequence is one execution of a recurrent layer over time. Arrays over time hold a row of all streams for each step; those
// of states begin with the initial one.
type sequence[T tensor.Float] struct {
	Recurrence
	steps, streams, gates int // gates: rows of the weights

	x, cont, static *tensor.Tensor[T]
	initial         []*tensor.Tensor[T]
	// The weights of x, of the static input and of the hidden state; rest are those behind it.
	w, b, ws, wh *tensor.Tensor[T]
	rest         []*tensor.Tensor[T]
	workers      int
}

func newSequence[T tensor.Float](r Recurrence, gates int, in, params []*tensor.Tensor[T], workers int) *sequence[T] {
	s := &sequence[T]{Recurrence: r, gates: gates, x: in[0], cont: in[1], workers: workers}
	s.steps, s.streams = in[0].Shape[0], in[0].Shape[1]
	s.w, s.b = params[0], params[1]
	in, params = in[2:], params[2:]
	if r.Static {
		s.static, s.ws = in[0], params[0]
		in, params = in[1:], params[1:]
	}
	s.initial, s.wh, s.rest = in, params[0], params[1:]
	return s
}

// states makes room for a state over time, with the i-th initial one in place.
func (s *sequence[T]) states(i int) *tensor.Tensor[T] {
	t := tensor.New[T](s.steps+1, s.streams, s.Outputs)
	if s.States {
		copy(t.Data, s.initial[i].Data)
	}
	return t
}

// at is the row of a step.
func (s *sequence[T]) at(t *tensor.Tensor[T], step int) *tensor.Tensor[T] {
	n := t.Shape[1:].Len()
	return tensor.From(t.Data[step*n:(step+1)*n], t.Shape[1:]...)
}

// after is a state over time without the initial one.
func (s *sequence[T]) after(states *tensor.Tensor[T]) *tensor.Tensor[T] {
	return tensor.From(states.Data[s.streams*s.Outputs:], s.steps, s.streams, s.Outputs)
}

// product is W x + b for each row of x; b may be nil.
func (s *sequence[T]) product(x *tensor.Tensor[T], rows int, w, b *tensor.Tensor[T]) *tensor.Tensor[T] {
	y := tensor.New[T](rows, w.Shape[0])
	l := InnerProduct{Outputs: w.Shape[0], Bias: b != nil}
	innerProduct(l, &Call[T]{
		In: []*tensor.Tensor[T]{x}, Params: []*tensor.Tensor[T]{w, b}, Out: []*tensor.Tensor[T]{y}, Workers: s.workers,
	})
	return y
}

// inputs is W x + b, plus the product with the static input, for every step: [steps, streams, gates].
func (s *sequence[T]) inputs() *tensor.Tensor[T] {
	y := s.product(s.x, s.steps*s.streams, s.w, s.b).Reshaped(s.steps, s.streams, s.gates)
	if s.Static {
		fixed := s.product(s.static, s.streams, s.ws, nil)
		for t := range s.steps {
			axpy(1, fixed.Data, s.at(y, t).Data)
		}
	}
	return y
}

// continued is the hidden state that a step reads: the one before it, times cont.
func (s *sequence[T]) continued(hidden *tensor.Tensor[T], step int) *tensor.Tensor[T] {
	h := s.at(hidden, step).Clone()
	s.mark(h, step)
	return h
}

// mark multiplies each stream's part of a row by its cont.
func (s *sequence[T]) mark(row *tensor.Tensor[T], step int) {
	for i := range row.Data {
		row.Data[i] *= s.cont.Data[step*s.streams+i/s.Outputs]
	}
}

// addHidden adds the product with the hidden state to a step's row of inputs.
func (s *sequence[T]) addHidden(row, hidden *tensor.Tensor[T], step int) {
	axpy(1, s.product(s.continued(hidden, step), s.streams, s.wh, nil).Data, row.Data)
}
