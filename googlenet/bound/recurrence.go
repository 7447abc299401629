package bound

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// recurrence is a recurrent layer whose bound is derived stream by stream: its formula on affine forms. Each step's errors
// of the state, the rounding errors and those that the step's inputs bring, are numbers of their own from then on, whose effect
// on later steps is followed with its sign: through the Jacobians J of the steps, an error d of step k reaches step t
// as J[t] ... J[k+1] d, and |J[t] ... J[k+1]| is far below |J[t]| ... |J[k+1]|.
type recurrence struct {
	layer.Recurrence
	steps, streams, gates int
	in, params, errors    []*tensor.Tensor[float64]
	producer              Producer
	follow                bool
}

// mostWork is the number of multiplications, a few seconds, up to which errors are followed. Beyond it, for hundreds of outputs,
// their magnitudes are added at each step: a bound, but one that may say nothing after some steps.
const mostWork = 1e9

func newRecurrence(r layer.Recurrence, states, gates int, in, params, errors []*tensor.Tensor[float64], p Producer) *recurrence {
	x := &recurrence{Recurrence: r, gates: gates, in: in, params: params, errors: errors, producer: p}
	x.steps, x.streams = in[0].Shape[0], in[0].Shape[1]
	weights := 0
	for _, w := range params {
		weights += w.Shape.Len()
	}
	numbers := states * r.Outputs * x.steps // whose effects are followed, half of them on average
	x.follow = float64(numbers)/2*float64(weights)*float64(x.steps*x.streams) <= mostWork
	return x
}

// row is a row of n elements of an input.
func (r *recurrence) row(input, row, n int) []form {
	e := atOrZero(r.errors[input])
	out := make([]form, n)
	for i := range out {
		at := row*n + i
		out[i] = within(r.in[input].Data[at], e(at))
	}
	return out
}

// stream is one of the layer's streams.
type stream struct {
	*recurrence
	n        int
	numbers  int // that errors are followed by, so far
	x        [][]form
	cont     []form
	static   []form
	w, b, wh []float64
	ws       []float64
	rest     []*tensor.Tensor[float64]
}

func (r *recurrence) stream(n int) *stream {
	s := &stream{recurrence: r, n: n, w: r.params[0].Data, b: r.params[1].Data}
	for t := range r.steps {
		s.x = append(s.x, r.row(0, t*r.streams+n, r.in[0].Shape[2:].Len()))
		s.cont = append(s.cont, r.row(1, t*r.streams+n, 1)[0])
	}
	rest := r.params[2:]
	if r.Static {
		s.static = r.row(2, n, r.in[2].Shape[1:].Len())
		s.ws, rest = rest[0].Data, rest[1:]
	}
	s.wh, s.rest = rest[0].Data, rest[1:]
	return s
}

// stateInput is the index of the input that holds an initial state.
func (r *recurrence) stateInput(state int) int {
	if r.Static {
		return 3 + state
	}
	return 2 + state
}

// initial is a state before the first step.
func (s *stream) initial(state int) []form {
	if !s.States {
		return make([]form, s.Outputs)
	}
	return s.own(s.row(s.stateInput(state), s.n, s.Outputs))
}

// own follows what numbers are off by e from here on.
func (s *stream) own(list []form) []form {
	if !s.follow {
		return list
	}
	for i, a := range list {
		if a.e == 0 {
			continue
		}
		c := make([]float64, s.numbers+1)
		copy(c, a.c)
		c[s.numbers] = a.e
		list[i] = form{v: a.v, c: c, r: a.r}
		s.numbers++
	}
	return list
}

// times multiplies a row by one number.
func (s *stream) times(row []form, by form) []form {
	out := make([]form, len(row))
	for i, a := range row {
		out[i] = a.mul(by, s.producer)
	}
	return out
}

// apply takes a function of a row.
func (s *stream) apply(f sigmoidal, row []form) []form {
	out := make([]form, len(row))
	for i, a := range row {
		out[i] = f.of(a, s.producer)
	}
	return out
}

// addRow adds the products of a row of weights.
func (p *products) addRow(w []float64, x []form) {
	for i, a := range x {
		p.add(within(w[i], 0), a)
	}
}

// preactivations is the sum of a step's products, taken as one sum in any order.
func (s *stream) preactivations(step int, continued []form) []form {
	out := make([]form, s.gates)
	for g := range out {
		var sum products
		sum.add(within(s.b[g], 0), within(1, 0))
		sum.addRow(s.w[g*len(s.x[step]):], s.x[step])
		if s.Static {
			sum.addRow(s.ws[g*len(s.static):], s.static)
		}
		sum.addRow(s.wh[g*s.Outputs:], continued)
		out[g] = sum.sum(sum.terms, s.producer)
	}
	return out
}

// writeBounds puts the bounds of a row in their place.
func writeBounds(to *tensor.Tensor[float64], row int, list []form) {
	for i, a := range list {
		to.Data[row*len(list)+i] = a.r
	}
}
