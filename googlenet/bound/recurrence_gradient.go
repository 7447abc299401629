package bound

import "parity/googlenet/tensor"

// recurrenceGradient collects the bounds of a recurrent layer's gradients, stream by stream.
type recurrenceGradient struct {
	*recurrence
	GradientBounds
	c *GradientCall
}

func newRecurrenceGradient(c *GradientCall, r *recurrence) *recurrenceGradient {
	g := &recurrenceGradient{recurrence: r, GradientBounds: c.none(), c: c}
	for i, t := range c.In {
		if c.InGrad[i] != nil {
			g.In[i] = tensor.New[float64](t.Shape...)
		}
	}
	for i, t := range c.Params {
		if c.ParamGrad[i] != nil {
			g.Params[i] = tensor.New[float64](t.Shape...)
		}
	}
	return g
}

// outGrad is a row of the gradient of an output.
func (g *recurrenceGradient) outGrad(output, row int) []form {
	e := atOrZero(g.c.OutGradErr[output])
	out := make([]form, g.Outputs)
	for i := range out {
		at := row*g.Outputs + i
		out[i] = within(g.c.OutGrad[output].Data[at], e(at))
	}
	return out
}

// start is the gradient of a state behind the last step.
func (g *recurrenceGradient) start(s *stream, state int) []form {
	if !g.States || g.Truncated {
		return make([]form, g.Outputs)
	}
	return g.outGrad(1+state, s.n)
}

// finish writes the bounds for a state before the first step.
func (g *recurrenceGradient) finish(s *stream, state int, d []form) {
	if !g.States || g.Truncated {
		return
	}
	if to := g.In[g.stateInput(state)]; to != nil {
		writeBounds(to, s.n, d)
	}
}

// back is W^T d, for W with n columns: the sum over rows in any order.
func (s *stream) back(w []float64, n int, d []form) []form {
	out := make([]form, n)
	for j := range out {
		var sum products
		for g, a := range d {
			sum.add(within(w[g*n+j], 0), a)
		}
		out[j] = sum.sum(sum.terms, s.producer)
	}
	return out
}

// weights adds the bounds for the weights of y = W x + b, sums of d x over steps and streams in any order; x nil stands
// for ones, those of b.
func (g *recurrenceGradient) weights(param int, d, x [][]form) {
	to := g.Params[param]
	if to == nil {
		return
	}
	columns := len(to.Data) / len(d[0])
	for at := range to.Data {
		var sum products
		for t := range d {
			factor := within(1, 0)
			if x != nil {
				factor = x[t][at%columns]
			}
			sum.add(d[t][at/columns], factor)
		}
		to.Data[at] += sum.sum(g.steps*g.streams, g.producer).r
	}
}

// inputs adds the bounds for x, the static input and their weights, d being the gradient of the gates at each step.
func (g *recurrenceGradient) inputs(s *stream, d [][]form) {
	g.weights(0, d, s.x)
	g.weights(1, d, nil)
	if to := g.In[0]; to != nil {
		for t := range d {
			writeBounds(to, t*g.streams+s.n, s.back(s.w, len(s.x[t]), d[t]))
		}
	}
	if g.Static {
		g.static(s, d)
	}
}

// static: the same input meets the gradients of all steps.
func (g *recurrenceGradient) static(s *stream, d [][]form) {
	same := make([][]form, len(d))
	var rows []float64
	var all []form
	for t := range d {
		same[t] = s.static
		rows = append(rows, s.ws...)
		all = append(all, d[t]...)
	}
	g.weights(2, d, same)
	if to := g.In[2]; to != nil {
		writeBounds(to, s.n, s.back(rows, len(s.static), all))
	}
}

// hiddenParam is the index of the weights of the hidden state.
func (r *recurrence) hiddenParam() int {
	if r.Static {
		return 3
	}
	return 2
}
