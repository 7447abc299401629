package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// lstm bounds, for gates i, f, o, g whose arguments are sums of products like those of rnn,
//
//	c[t] = cont[t] s(f) c[t-1] + s(i) tanh(g),  h[t] = s(o) tanh(c[t])
//
// operation by operation, one u each, K_logistic u for s and K_tanh u for tanh. Caffe computes tanh(x) as 2 s(2x) - 1 in double
// precision (lstm_unit_layer.cpp), which near 0 is off by an absolute (2 K_logistic + 1) 2^-53.
func lstm(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.LSTM)
	r := newRecurrence(l.Recurrence, 2, 4*l.Outputs, c.In, c.Params, c.Err, c.Producer)
	out := c.room()
	for n := range r.streams {
		x := r.stream(n).lstm()
		for t := range r.steps {
			writeBounds(out[0], t*r.streams+n, x.h[t+1])
		}
		if l.States {
			writeBounds(out[1], n, x.h[r.steps])
			writeBounds(out[2], n, x.c[r.steps])
		}
	}
	return out
}

// doubleTanh is tanh with the error of 2 s(2x) - 1 in double precision.
var doubleTanh = func() sigmoidal {
	f := tanhCurve
	f.absolute = (2*kLogistic + 1) * U64
	return f
}()

// lstmRun is a stream over time: the states, which begin with the initial ones, what each step read of h, and the gates.
type lstmRun struct {
	h, c, read [][]form
	gates      []gates
}

// gates are those of one step after their functions, and tanh of the cell behind it.
type gates struct{ i, f, o, g, y []form }

func (s *stream) lstm() lstmRun {
	x := lstmRun{h: [][]form{s.initial(0)}, c: [][]form{s.initial(1)}}
	for t := range s.steps {
		read := s.times(x.h[t], s.cont[t])
		a := s.preactivations(t, read)
		gate := func(k int, f sigmoidal) []form { return s.apply(f, a[k*s.Outputs:(k+1)*s.Outputs]) }
		v := gates{i: gate(0, logisticCurve), f: s.times(gate(1, logisticCurve), s.cont[t]), o: gate(2, logisticCurve), g: gate(3, doubleTanh)}
		c := s.own(s.sum(s.each(v.f, x.c[t]), s.each(v.i, v.g)))
		v.y = s.apply(doubleTanh, c)
		x.h, x.c = append(x.h, s.own(s.each(v.o, v.y))), append(x.c, c)
		x.read, x.gates = append(x.read, read), append(x.gates, v)
	}
	return x
}

// each multiplies rows element by element.
func (s *stream) each(first []form, more ...[]form) []form {
	out := first
	for _, row := range more {
		next := make([]form, len(row))
		for i, a := range row {
			next[i] = out[i].mul(a, s.producer)
		}
		out = next
	}
	return out
}

// complement is 1 - x for each element.
func (s *stream) complement(row []form) []form {
	out := make([]form, len(row))
	for i, a := range row {
		out[i] = a.complement(s.producer)
	}
	return out
}

// lstmGradient bounds backpropagation through time operation by operation, one u each; the products with weights are sums in
// any order. The gradients of both states are followed through the steps like the states themselves.
func lstmGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.LSTM)
	r := newRecurrence(l.Recurrence, 4, 4*l.Outputs, c.In, c.Params, c.InErr, c.Producer)
	g := newRecurrenceGradient(c, r)
	for n := range r.streams {
		s := r.stream(n)
		x := s.lstm()
		d := make([][]form, r.steps) // of the gates' arguments
		dh, dc := g.start(s, 0), g.start(s, 1)
		for t := r.steps - 1; t >= 0; t-- {
			dh = s.own(s.sum(g.outGrad(0, t*r.streams+n), dh))
			d[t], dc = s.lstmBack(x.gates[t], x.c[t], dh, dc)
			dh = s.times(s.back(s.wh, l.Outputs, d[t]), s.cont[t])
		}
		g.inputs(s, d)
		g.weights(r.hiddenParam(), d, x.read)
		g.finish(s, 0, dh)
		g.finish(s, 1, dc)
	}
	return g.GradientBounds
}

// lstmBack turns the gradients of the states behind a step into those of the gates' arguments and of the cell before:
// the formulas of layer.LSTM.
func (s *stream) lstmBack(x gates, before, dh, dc []form) (d, earlier []form) {
	all := s.own(s.sum(dc, s.flatten(s.each(dh, x.o), x.y)))
	d = append(d, s.each(all, x.g, x.i, s.complement(x.i))...)
	d = append(d, s.each(all, before, x.f, s.complement(x.f))...)
	d = append(d, s.each(dh, x.y, x.o, s.complement(x.o))...)
	d = append(d, s.flatten(s.each(all, x.i), x.g)...)
	return d, s.each(all, x.f)
}
