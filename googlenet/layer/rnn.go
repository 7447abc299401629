package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// RNN is the simple recurrent network (Elman 1990) with an output layer: with h'[t-1] = cont[t] h[t-1],
//
//	h[t] = tanh(W_xh x[t] + b_h + W_hh h'[t-1] + W_xh_static x_static)
//	y[t] = tanh(W_ho h[t] + b_o)
//
// The state is h. Parameters: W_xh [Outputs, inputs], b_h [Outputs], with Static W_xh_static [Outputs, static inputs], then
// W_hh and W_ho [Outputs, Outputs] and b_o [Outputs].
type RNN struct{ Recurrence }

func (RNN) Kind() string { return "RNN" }

func (l RNN) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.infer(l, in, 1) }

// ParamShapes returns the shapes of the weights.
func (l RNN) ParamShapes(in []tensor.Shape) []tensor.Shape {
	n := l.Outputs
	return append(l.inputParams(in, n), tensor.Shape{n, n}, tensor.Shape{n, n}, tensor.Shape{n})
}

func (l RNN) Forward32(c *Call[float32]) { rnn(l, c) }
func (l RNN) Forward64(c *Call[float64]) { rnn(l, c) }

func rnn[T tensor.Float](l RNN, c *Call[T]) {
	s := newSequence(l.Recurrence, l.Outputs, c.In, c.Params, c.Workers)
	h, y := rnnStates(s)
	copy(c.Out[0].Data, y.Data)
	if l.States {
		copy(c.Out[1].Data, s.at(h, s.steps).Data)
	}
}

// rnnStates runs the network and returns h, with the initial state before it, and y.
func rnnStates[T tensor.Float](s *sequence[T]) (h, y *tensor.Tensor[T]) {
	h = s.states(0)
	in := s.inputs()
	for t := range s.steps {
		row := s.at(in, t)
		s.addHidden(row, h, t)
		for i, v := range row.Data {
			s.at(h, t+1).Data[i] = T(math.Tanh(float64(v)))
		}
	}
	y = s.product(s.after(h), s.steps*s.streams, s.rest[0], s.rest[1])
	for i, v := range y.Data {
		y.Data[i] = T(math.Tanh(float64(v)))
	}
	return h, y
}

func (l RNN) Backward32(g *Gradient[float32]) { rnnBackward(l, g) }
func (l RNN) Backward64(g *Gradient[float64]) { rnnBackward(l, g) }

// rnnBackward is backpropagation through time: tanh' = 1 - tanh^2.
func rnnBackward[T tensor.Float](l RNN, g *Gradient[T]) {
	s := newSequenceGradient(l.Recurrence, l.Outputs, g)
	h, y := rnnStates(s.sequence)
	d := tensor.New[T](y.Shape...)
	for i, v := range y.Data {
		d.Data[i] = g.OutGrad[0].Data[i] * (1 - v*v)
	}
	gates := tensor.New[T](s.steps, s.streams, l.Outputs) // of h, then of what tanh is taken of
	s.product(s.after(h), s.sequence.rest[0], d, gates, s.rest[0], s.rest[1])
	later := s.start(0)
	for t := s.steps - 1; t >= 0; t-- {
		row := s.at(gates, t).Data
		for i, v := range s.at(h, t+1).Data {
			row[i] = (row[i] + later.Data[i]) * (1 - v*v)
		}
		later = s.hidden(h, gates, t)
	}
	s.inputs(gates)
	s.finish(0, later)
}
