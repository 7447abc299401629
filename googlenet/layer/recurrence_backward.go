package layer

import "parity/googlenet/tensor"

// sequenceGradient is one backward execution of a recurrent layer: where the gradients go, nil where nobody asks.
type sequenceGradient[T tensor.Float] struct {
	*sequence[T]
	x, static    *tensor.Tensor[T]
	initial      []*tensor.Tensor[T]
	final        []*tensor.Tensor[T] // gradients of the final states, to read
	w, b, ws, wh *tensor.Tensor[T]
	rest         []*tensor.Tensor[T]
}

func newSequenceGradient[T tensor.Float](r Recurrence, gates int, g *Gradient[T]) *sequenceGradient[T] {
	g.InGrad[1] = nil // cont
	s := &sequenceGradient[T]{sequence: newSequence(r, gates, g.In, g.Params, g.Workers)}
	s.x, s.w, s.b = g.InGrad[0], g.ParamGrad[0], g.ParamGrad[1]
	in, params := g.InGrad[2:], g.ParamGrad[2:]
	if r.Static {
		s.static, s.ws = in[0], params[0]
		in, params = in[1:], params[1:]
	}
	s.wh, s.rest = params[0], params[1:]
	if r.States && !r.Truncated {
		s.initial, s.final = in, g.OutGrad[1:]
	}
	return s
}

// start is the gradient of a state behind the last step.
func (s *sequenceGradient[T]) start(state int) *tensor.Tensor[T] {
	if s.final == nil {
		return tensor.New[T](s.streams, s.Outputs)
	}
	return s.final[state].Clone().Reshaped(s.streams, s.Outputs)
}

// finish passes on the gradient of a state before the first step.
func (s *sequenceGradient[T]) finish(state int, d *tensor.Tensor[T]) {
	if s.initial != nil && s.initial[state] != nil {
		copy(s.initial[state].Data, d.Data)
	}
}

// product adds the gradients of y = W x + b, given that of y, to those of x, W and b; nil is not wanted.
func (s *sequenceGradient[T]) product(x, w, d, toX, toW, toB *tensor.Tensor[T]) {
	rows := d.Reshaped(len(d.Data)/w.Shape[0], w.Shape[0])
	g := &Gradient[T]{
		In: []*tensor.Tensor[T]{x}, Params: []*tensor.Tensor[T]{w, nil}, OutGrad: []*tensor.Tensor[T]{rows},
		InGrad: []*tensor.Tensor[T]{wanted(toX, x)}, ParamGrad: []*tensor.Tensor[T]{wanted(toW, w), toB}, Workers: s.workers,
	}
	innerProductBackward(InnerProduct{Outputs: w.Shape[0], Bias: toB != nil}, g)
}

// wanted is the gradient to write, or scratch space if nobody asks for it.
func wanted[T tensor.Float](grad, like *tensor.Tensor[T]) *tensor.Tensor[T] {
	if grad == nil {
		return tensor.New[T](like.Shape...)
	}
	return grad
}

// hidden passes a step's gradient of the gates on to the weights of the hidden state, and returns that of the hidden state
// before the step.
func (s *sequenceGradient[T]) hidden(states, gates *tensor.Tensor[T], step int) *tensor.Tensor[T] {
	d := tensor.New[T](s.streams, s.Outputs)
	s.product(s.continued(states, step), s.sequence.wh, s.at(gates, step), d, s.wh, nil)
	s.mark(d, step)
	return d
}

// inputs passes the gradients of the gates of all steps on to x, the static input and their weights.
func (s *sequenceGradient[T]) inputs(gates *tensor.Tensor[T]) {
	s.product(s.sequence.x, s.sequence.w, gates, s.x, s.w, s.b)
	if s.Static {
		sum := tensor.New[T](s.streams, s.gates)
		for t := range s.steps {
			axpy(1, s.at(gates, t).Data, sum.Data)
		}
		s.product(s.sequence.static, s.sequence.ws, sum, s.static, s.ws, nil)
	}
}
