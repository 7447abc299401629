package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// scalar is a node of a graph of numbers: its value, its gradient, and what it hands its gradient to.
type scalar struct {
	v, d float64
	from []*scalar
	by   []float64 // derivatives
}

// tape lists a graph's nodes in the order of computation.
type tape struct{ nodes []*scalar }

func (t *tape) node(v float64, from []*scalar, by []float64) *scalar {
	s := &scalar{v: v, from: from, by: by}
	t.nodes = append(t.nodes, s)
	return s
}

func (t *tape) add(a, b *scalar) *scalar {
	return t.node(a.v+b.v, []*scalar{a, b}, []float64{1, 1})
}

func (t *tape) mul(a, b *scalar) *scalar {
	return t.node(a.v*b.v, []*scalar{a, b}, []float64{b.v, a.v})
}

func (t *tape) tanh(a *scalar) *scalar {
	e := math.Exp(2 * a.v)
	return t.node(1-2/(e+1), []*scalar{a}, []float64{4 * e / (e + 1) / (e + 1)})
}

func (t *tape) logistic(a *scalar) *scalar {
	e := math.Exp(a.v)
	return t.node(e/(1+e), []*scalar{a}, []float64{e / (1 + e) / (1 + e)})
}

func (t *tape) back() {
	for i := len(t.nodes) - 1; i >= 0; i-- {
		for j, to := range t.nodes[i].from {
			to.d += t.nodes[i].d * t.nodes[i].by[j]
		}
	}
}

// leaves are nodes for the elements of a tensor.
func leaves(x *tensor.Tensor[float64]) []*scalar {
	out := make([]*scalar, len(x.Data))
	for i, v := range x.Data {
		out[i] = &scalar{v: v}
	}
	return out
}

// unrolled is a recurrent layer written out, number by number.
type unrolled struct {
	tape
	in, params, out [][]*scalar
}

// dot adds W x to y, for row g of W.
func (u *unrolled) dot(y *scalar, w []*scalar, g int, x []*scalar) *scalar {
	for j, v := range x {
		y = u.add(y, u.mul(w[g*len(x)+j], v))
	}
	return y
}

// unroll writes out RNN and LSTM for x [steps, streams, inputs].
func unroll(l Layer, r Recurrence, g *Gradient[float64]) *unrolled {
	u := &unrolled{}
	for _, x := range g.In {
		u.in = append(u.in, leaves(x))
	}
	for _, w := range g.Params {
		u.params = append(u.params, leaves(w))
	}
	for _, y := range g.Out {
		u.out = append(u.out, make([]*scalar, len(y.Data)))
	}
	for n := range g.In[0].Shape[1] {
		u.stream(l, r, n, g.In[0].Shape)
	}
	return u
}

func (u *unrolled) stream(l Layer, r Recurrence, n int, shape tensor.Shape) {
	_, isLSTM := l.(LSTM)
	d, states := r.Outputs, u.in[2:]
	hidden := u.params[2:]
	if r.Static {
		states, hidden = u.in[3:], u.params[3:]
	}
	h, c := make([]*scalar, d), make([]*scalar, d)
	for k := range d {
		h[k], c[k] = &scalar{}, &scalar{}
		if r.States {
			h[k] = states[0][n*d+k]
		}
		if r.States && isLSTM {
			c[k] = states[1][n*d+k]
		}
	}
	for t := range shape[0] {
		row := t*shape[1] + n
		cont := u.in[1][row]
		read := make([]*scalar, d)
		for k := range d {
			read[k] = u.mul(cont, h[k])
		}
		gate := func(g int) *scalar {
			y := u.dot(u.params[1][g], u.params[0], g, u.in[0][row*shape[2]:(row+1)*shape[2]])
			if r.Static {
				size := len(u.in[2]) / shape[1]
				y = u.dot(y, u.params[2], g, u.in[2][n*size:(n+1)*size])
			}
			return u.dot(y, hidden[0], g, read)
		}
		next := make([]*scalar, d)
		for k := range d {
			if isLSTM {
				keep := u.mul(u.mul(cont, u.logistic(gate(d+k))), c[k])
				c[k] = u.add(keep, u.mul(u.logistic(gate(k)), u.tanh(gate(3*d+k))))
				next[k] = u.mul(u.logistic(gate(2*d+k)), u.tanh(c[k]))
			} else {
				next[k] = u.tanh(gate(k))
			}
		}
		h = next
		for k := range d {
			y := h[k]
			if !isLSTM {
				y = u.tanh(u.dot(hidden[2][k], hidden[1], k, h))
			}
			u.out[0][row*d+k] = y
		}
	}
	for i, final := range [][]*scalar{h, c} {
		if i+1 < len(u.out) {
			copy(u.out[i+1][n*d:], final)
		}
	}
}

// recurrentExample is a layer with every setting on and drawn values.
func recurrentExample(t *testing.T, l Layer, r Recurrence, states int) *Gradient[float64] {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 5))
	in := []tensor.Shape{{7, 3, 4}, {7, 3}}
	if r.Static {
		in = append(in, tensor.Shape{3, 2})
	}
	for range states {
		if r.States {
			in = append(in, tensor.Shape{1, 3, r.Outputs})
		}
	}
	g := &Gradient[float64]{Workers: 2}
	for _, s := range in {
		g.In = append(g.In, drawn[float64](rng, s...))
	}
	continuations(rng, g.In)
	for _, s := range l.(Parametric).ParamShapes(in) {
		g.Params = append(g.Params, drawn[float64](rng, s...))
	}
	g.Out = run(t, l, g)
	for _, y := range g.Out {
		g.OutGrad = append(g.OutGrad, drawn[float64](rng, y.Shape...))
	}
	g.InGrad, g.ParamGrad = zeros(g.In), zeros(g.Params)
	return g
}

// recurrentLayers are both layers with all combinations of settings.
func recurrentLayers(t *testing.T, f func(t *testing.T, l Layer, r Recurrence, states int)) {
	for i := range 4 {
		r := Recurrence{Outputs: 5, Static: i&1 > 0, States: i&2 > 0}
		t.Run(fmt.Sprintf("RNN/%v", r.Attributes()), func(t *testing.T) { f(t, RNN{r}, r, 1) })
		t.Run(fmt.Sprintf("LSTM/%v", r.Attributes()), func(t *testing.T) { f(t, LSTM{r}, r, 2) })
	}
}

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-12*(1+math.Abs(want)) }

// TestRecurrenceUnrolled holds values and gradients against the layer written out number by number, whose gradients follow
// from those of sums, products, tanh and the logistic function.
func TestRecurrenceUnrolled(t *testing.T) {
	recurrentLayers(t, func(t *testing.T, l Layer, r Recurrence, states int) {
		g := recurrentExample(t, l, r, states)
		u := unroll(l, r, g)
		for i, y := range g.Out {
			for j, v := range y.Data {
				if !near(v, u.out[i][j].v) {
					t.Fatalf("output %d at %v: got %v, want %v", i, y.Shape.Index(j), v, u.out[i][j].v)
				}
				u.out[i][j].d += g.OutGrad[i].Data[j]
			}
		}
		u.back()
		l.(Differentiable).Backward64(g)
		for i, x := range g.InGrad {
			if (x == nil) != (i == 1) {
				t.Fatalf("input %d: nil is %v", i, x == nil)
			}
			if x != nil {
				checkLeaves(t, fmt.Sprintf("input %d", i), x, u.in[i])
			}
		}
		for i, w := range g.ParamGrad {
			checkLeaves(t, fmt.Sprintf("parameter %d", i), w, u.params[i])
		}
	})
}

func checkLeaves(t *testing.T, what string, got *tensor.Tensor[float64], want []*scalar) {
	t.Helper()
	for i, v := range got.Data {
		if !near(v, want[i].d) {
			t.Fatalf("%s at %v: gradient %v, want %v", what, got.Shape.Index(i), v, want[i].d)
		}
	}
}

// TestTruncatedGradients: final states bring no gradient in, initial ones get none.
func TestTruncatedGradients(t *testing.T) {
	recurrentLayers(t, func(t *testing.T, l Layer, r Recurrence, states int) {
		whole := recurrentExample(t, l, r, states)
		cut := *whole
		cut.InGrad, cut.ParamGrad = zeros(cut.In), zeros(cut.Params)
		for _, d := range whole.OutGrad[1:] {
			clear(d.Data)
		}
		l.(Differentiable).Backward64(whole)
		cut.OutGrad = append(cut.OutGrad[:1:1], whole.Out[1:]...) // anything
		r.Truncated = true
		truncated := Layer(RNN{r})
		if states == 2 {
			truncated = LSTM{r}
		}
		truncated.(Differentiable).Backward64(&cut)
		for i, d := range cut.InGrad {
			if d == nil {
				continue
			}
			for j, v := range d.Data {
				want := whole.InGrad[i].Data[j]
				if r.States && i >= len(cut.In)-states {
					want = 0
				}
				if v != want {
					t.Fatalf("input %d at %v: gradient %v, want %v", i, d.Shape.Index(j), v, want)
				}
			}
		}
	})
}

// TestStatesContinueARun: two runs, the second from the states that the first leaves, are one run.
func TestStatesContinueARun(t *testing.T) {
	for _, l := range []Layer{RNN{Recurrence{Outputs: 5, States: true}}, LSTM{Recurrence{Outputs: 5, States: true}}} {
		states := 1
		if l.Kind() == "LSTM" {
			states = 2
		}
		g := recurrentExample(t, l, Recurrence{Outputs: 5, States: true}, states)
		split := func(from, to int) []*tensor.Tensor[float64] {
			x, cont := g.In[0].Data[from*12:to*12], g.In[1].Data[from*3:to*3]
			return []*tensor.Tensor[float64]{tensor.From(x, to-from, 3, 4), tensor.From(cont, to-from, 3)}
		}
		first := run(t, l, &Gradient[float64]{In: append(split(0, 3), g.In[2:]...), Params: g.Params})
		second := run(t, l, &Gradient[float64]{In: append(split(3, 7), first[1:]...), Params: g.Params})
		for i, v := range append(first[0].Data, second[0].Data...) {
			if v != g.Out[0].Data[i] {
				t.Fatalf("%s at %d: got %v, want %v", l.Kind(), i, v, g.Out[0].Data[i])
			}
		}
		for i, state := range second[1:] {
			for j, v := range state.Data {
				if v != g.Out[1+i].Data[j] {
					t.Fatalf("%s: state %d at %d: got %v, want %v", l.Kind(), i, j, v, g.Out[1+i].Data[j])
				}
			}
		}
	}
}

func TestRecurrenceShapes(t *testing.T) {
	x, cont, state := tensor.Shape{4, 2, 3}, tensor.Shape{4, 2}, tensor.Shape{1, 2, 5}
	for _, row := range []struct {
		l    Layer
		in   []tensor.Shape
		want string
	}{
		{LSTM{Recurrence{Outputs: 5}}, []tensor.Shape{x}, "takes 2 input(s), got 1"},
		{LSTM{Recurrence{Outputs: 5, States: true}}, []tensor.Shape{x, cont, state}, "takes 4 input(s), got 3"},
		{RNN{Recurrence{Outputs: 5, Static: true}}, []tensor.Shape{x, cont}, "takes 3 input(s), got 2"},
		{LSTM{}, []tensor.Shape{x, cont}, "at least one output"},
		{LSTM{Recurrence{Outputs: 5}}, []tensor.Shape{{4, 2}, cont}, "at least 3 dimensions"},
		{LSTM{Recurrence{Outputs: 5}}, []tensor.Shape{{0, 2, 3}, {0, 2}}, "at least one time step"},
		{RNN{Recurrence{Outputs: 5}}, []tensor.Shape{x, {4, 3}}, "one continuation mark for each step and stream, 4x2, got 4x3"},
		{RNN{Recurrence{Outputs: 5}}, []tensor.Shape{x, {4, 2, 1}}, "one continuation mark"},
		{RNN{Recurrence{Outputs: 5, Static: true}}, []tensor.Shape{x, cont, {2}}, "static input of at least 2 dimensions"},
		{RNN{Recurrence{Outputs: 5, Static: true}}, []tensor.Shape{x, cont, {3, 2}}, "static input for each of 2 streams, got 3x2"},
		{RNN{Recurrence{Outputs: 5, States: true}}, []tensor.Shape{x, cont, {2, 5}}, "initial states of shape 1x2x5, state 0 has 2x5"},
		{LSTM{Recurrence{Outputs: 5, States: true}}, []tensor.Shape{x, cont, state, {1, 2, 4}}, "state 1 has 1x2x4"},
	} {
		if _, err := row.l.Infer(row.in); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v of %v: got %v, want %s", row.l, row.in, err, row.want)
		}
	}
}
