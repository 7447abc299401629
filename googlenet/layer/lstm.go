package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// LSTM is the recurrent network with long short-term memory in the form of Zaremba and Sutskever, "Learning to execute" (2014),
// without connections from the cell to the gates. With h'[t-1] = cont[t] h[t-1] and
//
//	(i, f, o, g) = W_xc x[t] + b_c + W_hc h'[t-1] + W_xc_static x_static
//
// in this order, Outputs rows each, and s the logistic function,
//
//	c[t] = cont[t] s(f) c[t-1] + s(i) tanh(g)
//	h[t] = s(o) tanh(c[t])
//
// The output is h; the states are h and c. Parameters: W_xc [4 Outputs, inputs], b_c [4 Outputs], with Static W_xc_static
// [4 Outputs, static inputs], then W_hc [4 Outputs, Outputs].
type LSTM struct{ Recurrence }

func (LSTM) Kind() string { return "LSTM" }

func (l LSTM) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return l.infer(l, in, 2) }

// ParamShapes returns the shapes of the weights.
func (l LSTM) ParamShapes(in []tensor.Shape) []tensor.Shape {
	return append(l.inputParams(in, 4*l.Outputs), tensor.Shape{4 * l.Outputs, l.Outputs})
}

func (l LSTM) Forward32(c *Call[float32]) { lstm(l, c) }
func (l LSTM) Forward64(c *Call[float64]) { lstm(l, c) }

func lstm[T tensor.Float](l LSTM, c *Call[T]) {
	s := newLSTM(newSequence(l.Recurrence, 4*l.Outputs, c.In, c.Params, c.Workers))
	copy(c.Out[0].Data, s.after(s.h).Data)
	if l.States {
		copy(c.Out[1].Data, s.at(s.h, s.steps).Data)
		copy(c.Out[2].Data, s.at(s.c, s.steps).Data)
	}
}

// memory is one execution: the states over time, and the gates after their functions.
type memory[T tensor.Float] struct {
	*sequence[T]
	h, c, gates *tensor.Tensor[T]
}

func newLSTM[T tensor.Float](s *sequence[T]) *memory[T] {
	m := &memory[T]{sequence: s, h: s.states(0), c: s.states(1), gates: s.inputs()}
	for t := range s.steps {
		s.addHidden(s.at(m.gates, t), m.h, t)
		for n := range s.streams {
			m.step(t, n)
		}
	}
	return m
}

// cell is one stream at one step: the gates after their functions, the cell before and after, the hidden state after.
type cell[T tensor.Float] struct{ i, f, o, g, before, c, h []T }

func (m *memory[T]) cell(step, stream int) cell[T] {
	size := m.Outputs
	gates := m.gates.Data[(step*m.streams+stream)*4*size:]
	gate := func(i int) []T { return gates[i*size : (i+1)*size] }
	state := func(states *tensor.Tensor[T], step int) []T { return states.Data[(step*m.streams+stream)*size:][:size] }
	return cell[T]{gate(0), gate(1), gate(2), gate(3), state(m.c, step), state(m.c, step+1), state(m.h, step+1)}
}

// step computes a stream's next state. A forget gate at the beginning of a sequence is 0 whatever its input.
func (m *memory[T]) step(step, stream int) {
	x, cont := m.cell(step, stream), m.cont.Data[step*m.streams+stream]
	for d := range m.Outputs {
		x.i[d], x.o[d] = logistic(x.i[d]), logistic(x.o[d])
		x.f[d] = cont * logistic(x.f[d])
		if cont == 0 {
			x.f[d] = 0
		}
		x.g[d] = T(math.Tanh(float64(x.g[d])))
		x.c[d] = x.f[d]*x.before[d] + x.i[d]*x.g[d]
		x.h[d] = x.o[d] * T(math.Tanh(float64(x.c[d])))
	}
}

func (l LSTM) Backward32(g *Gradient[float32]) { lstmBackward(l, g) }
func (l LSTM) Backward64(g *Gradient[float64]) { lstmBackward(l, g) }

// lstmBackward is backpropagation through time.
func lstmBackward[T tensor.Float](l LSTM, g *Gradient[T]) {
	s := newSequenceGradient(l.Recurrence, 4*l.Outputs, g)
	m := newLSTM(s.sequence)
	gates := tensor.New[T](m.gates.Shape...)
	dh, dc := s.start(0), s.start(1)
	for t := s.steps - 1; t >= 0; t-- {
		axpy(1, s.at(g.OutGrad[0], t).Data, dh.Data)
		for n := range s.streams {
			m.stepBack(t, n, gates, dh, dc)
		}
		dh = s.hidden(m.h, gates, t)
	}
	s.inputs(gates)
	s.finish(0, dh)
	s.finish(1, dc)
}

// stepBack turns the gradients of a stream's state after a step into those of the gates, and dc into that of the cell before.
// The forget gate is f = cont s(f'), cont being 0 or 1, so that its derivative is f (1 - f).
func (m *memory[T]) stepBack(step, stream int, gates, dh, dc *tensor.Tensor[T]) {
	x, size := m.cell(step, stream), m.Outputs
	d := gates.Data[(step*m.streams+stream)*4*size:]
	h, c := dh.Data[stream*size:][:size], dc.Data[stream*size:][:size]
	for k := range size {
		i, f, o, g := x.i[k], x.f[k], x.o[k], x.g[k]
		y := T(math.Tanh(float64(x.c[k])))
		all := c[k] + h[k]*o*(1-y*y)
		d[k] = all * g * i * (1 - i)
		d[size+k] = all * x.before[k] * f * (1 - f)
		d[2*size+k] = h[k] * y * o * (1 - o)
		d[3*size+k] = all * i * (1 - g*g)
		c[k] = all * f
	}
}
