package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// rnn bounds, with h' = cont h,
//
//	h[t] = tanh(W_xh x[t] + b_h + W_hh h'[t-1] + W_xh_static x_static),  y[t] = tanh(W_ho h[t] + b_o)
//
// The n products of each tanh's argument are a sum in any order, gamma_(n+2) of their magnitudes; cont rounds once; tanh
// passes the argument's error on by its slope and adds K_tanh u. See recurrence for how errors reach later steps.
func rnn(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.RNN)
	r := newRecurrence(l.Recurrence, 1, l.Outputs, c.In, c.Params, c.Err, c.Producer)
	out := c.room()
	for n := range r.streams {
		x := r.stream(n).rnn()
		for t, y := range x.y {
			writeBounds(out[0], t*r.streams+n, y)
		}
		if l.States {
			writeBounds(out[1], n, x.h[r.steps])
		}
	}
	return out
}

// room is a zero tensor for each output.
func (c *Call) room() []*tensor.Tensor[float64] {
	var list []*tensor.Tensor[float64]
	for _, t := range c.Out {
		list = append(list, tensor.New[float64](t.Shape...))
	}
	return list
}

// rnnRun is a stream over time: h, which begins with the initial state, what each step read of it, and y.
type rnnRun struct{ h, read, y [][]form }

func (s *stream) rnn() rnnRun {
	x := rnnRun{h: [][]form{s.initial(0)}}
	for t := range s.steps {
		read := s.times(x.h[t], s.cont[t])
		h := s.own(s.apply(tanhCurve, s.preactivations(t, read)))
		x.h, x.read = append(x.h, h), append(x.read, read)
		x.y = append(x.y, s.apply(tanhCurve, s.outputs(h)))
	}
	return x
}

// outputs is W_ho h + b_o.
func (s *stream) outputs(h []form) []form {
	out := make([]form, s.Outputs)
	for g := range out {
		var sum products
		sum.add(within(s.rest[1].Data[g], 0), within(1, 0))
		sum.addRow(s.rest[0].Data[g*s.Outputs:], h)
		out[g] = sum.sum(sum.terms, s.producer)
	}
	return out
}

// rnnGradient bounds backpropagation through time: tanh' = 1 - tanh^2 rounds twice and its product once, the other
// products are sums in any order. The gradients of the state are followed through the steps like the states themselves.
func rnnGradient(c *GradientCall) GradientBounds {
	l := c.Layer.(layer.RNN)
	r := newRecurrence(l.Recurrence, 2, l.Outputs, c.In, c.Params, c.InErr, c.Producer)
	g := newRecurrenceGradient(c, r)
	first := r.hiddenParam()
	for n := range r.streams {
		s := r.stream(n)
		x := s.rnn()
		dy, dh := make([][]form, r.steps), make([][]form, r.steps) // of the arguments of tanh
		later := g.start(s, 0)
		for t := r.steps - 1; t >= 0; t-- {
			dy[t] = s.flatten(g.outGrad(0, t*r.streams+n), x.y[t])
			dh[t] = s.flatten(s.own(s.sum(s.back(s.rest[0].Data, l.Outputs, dy[t]), later)), x.h[t+1])
			later = s.times(s.back(s.wh, l.Outputs, dh[t]), s.cont[t])
		}
		g.inputs(s, dh)
		g.weights(first, dh, x.read)
		g.weights(first+1, dy, x.h[1:])
		g.weights(first+2, dy, nil)
		g.finish(s, 0, later)
	}
	return g.GradientBounds
}

// sum adds two rows.
func (s *stream) sum(a, b []form) []form {
	out := make([]form, len(a))
	for i := range a {
		out[i] = a[i].add(b[i], s.producer)
	}
	return out
}

// flatten is d (1 - y^2).
func (s *stream) flatten(d, y []form) []form {
	out := make([]form, len(d))
	for i := range d {
		out[i] = d[i].mul(y[i].mul(y[i], s.producer).complement(s.producer), s.producer)
	}
	return out
}
