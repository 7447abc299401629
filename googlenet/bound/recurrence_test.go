package bound

import (
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// longSequences runs a test for both recurrent layers over 20 steps of sequences that never end.
func longSequences(t *testing.T, f func(t *testing.T, x execution)) {
	r := layer.Recurrence{Outputs: 12}
	for _, l := range []layer.Layer{layer.RNN{Recurrence: r}, layer.LSTM{Recurrence: r}} {
		t.Run(l.Kind(), func(t *testing.T) {
			f(t, draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{20, 2, 6}, {20, 2}}, Draw: unbroken}, 1, 3))
		})
	}
}

func unbroken(_ *rand.Rand, in []*tensor.Tensor[float64]) {
	for i := range in[1].Data {
		in[1].Data[i] = 1
	}
}

// tamed scales the weights so that states and gradients neither die out nor explode.
func tamed(x execution) execution {
	for _, w := range x.params {
		for i := range w.Data {
			w.Data[i] = float64(float32(w.Data[i] / 2))
		}
	}
	return x
}

func TestLongSequencesAreBounded(t *testing.T) {
	longSequences(t, func(t *testing.T, x execution) {
		x = tamed(x)
		exact, got, b := x.run64(x.l, x.in), x.run32(x.in), x.bound(t, Native32, nil)
		if r := worst(exact, got, b); !(r <= 1) {
			t.Errorf("a float32 run is %g times over the bound", r)
		}
		if r := vacuity(exact[0], b[0]); !(r <= 1e-4) {
			t.Errorf("a bound of %g times the largest result", r)
		}
	})
}

func TestGradientsOfLongSequencesAreBounded(t *testing.T) {
	longSequences(t, func(t *testing.T, x execution) {
		x = tamed(x)
		outGrad := []*tensor.Tensor[float64]{fill(rand.New(rand.NewPCG(8, 8)), 1, x.shapes[0]...)}
		g, exact := backward[float64](x, x.in, outGrad)
		_, got := backward[float32](x, x.in, outGrad)
		b := gradientBound(t, x, g, Native32, none(x.in), x.bound(t, Native32, nil), none(outGrad))
		if r := worst(exact, got, b); !(r <= 1) {
			t.Errorf("a float32 run is %g times over the bound", r)
		}
		for i := range exact {
			if r := vacuity(exact[i], b[i]); !(r <= 1e-3) {
				t.Errorf("gradient %d: a bound of %g times the largest result", i, r)
			}
		}
	})
}

// Errors that are not followed are bounded too, and by no less.
func TestErrorsNeedNotBeFollowed(t *testing.T) {
	longSequences(t, func(t *testing.T, x execution) {
		l, gates := x.l, 12
		states := func(follow bool) [][]form {
			r := layer.Recurrence{Outputs: 12}
			if l.Kind() == "LSTM" {
				gates = 48
			}
			s := newRecurrence(r, 1, gates, x.in, x.params, none(x.in), Native32)
			s.follow = follow
			if l.Kind() == "LSTM" {
				return s.stream(0).lstm().h
			}
			return s.stream(0).rnn().h
		}
		followed := states(true)
		for t1, row := range states(false) {
			for i, a := range row {
				if b := followed[t1][i]; a.v != b.v || b.r > 2*a.r+1e-12 {
					t.Fatalf("step %d, state %d: %g within %g, without following %g within %g", t1, i, b.v, b.r, a.v, a.r)
				}
			}
		}
	})
}

// A layer whose gradients stop at the first and last step is told from one whose do not.
func TestTruncationLeavesTheBound(t *testing.T) {
	whole, cut := layer.Recurrence{Outputs: 5, States: true}, layer.Recurrence{Outputs: 5, States: true, Truncated: true}
	state := tensor.Shape{1, 2, 5}
	for _, row := range []struct {
		base, with layer.Layer
		in         []tensor.Shape
	}{
		{layer.RNN{Recurrence: whole}, layer.RNN{Recurrence: cut}, []tensor.Shape{{4, 2, 3}, {4, 2}, state}},
		{layer.LSTM{Recurrence: whole}, layer.LSTM{Recurrence: cut}, []tensor.Shape{{4, 2, 3}, {4, 2}, state, state}},
	} {
		x := draw(t, layer.Example{Layer: row.base, Inputs: row.in, Draw: unbroken}, 1, 6)
		r := rand.New(rand.NewPCG(8, 8))
		var outGrad []*tensor.Tensor[float64]
		for _, s := range x.shapes {
			outGrad = append(outGrad, fill(r, 1, s...))
		}
		g, exact := backward[float64](x, x.in, outGrad)
		b := gradientBound(t, x, g, AnyOrder, none(x.in), x.bound(t, AnyOrder, nil), none(outGrad))
		x.l = row.with
		if _, changed := backward[float64](x, x.in, outGrad); worst(exact, changed, b) <= 1 {
			t.Errorf("%s: the change stays inside the bound", row.base.Kind())
		}
	}
}
