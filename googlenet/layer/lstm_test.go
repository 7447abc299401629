package layer

import (
	"testing"

	"parity/googlenet/tensor"
)

// TestLSTMByHand follows one unit over four steps, of which the first and the last begin a sequence. Its numbers come from
// the formulas, worked out with the exponential function alone.
func TestLSTMByHand(t *testing.T) {
	l := LSTM{Recurrence{Outputs: 1}}
	g := &Gradient[float64]{
		In: []*tensor.Tensor[float64]{
			tensor.From([]float64{1, 0.5, -1, 2}, 4, 1, 1), tensor.From([]float64{0, 1, 1, 0}, 4, 1),
		},
		Params: []*tensor.Tensor[float64]{ // rows i, f, o, g
			tensor.From([]float64{1, 2, 3, 0.5}, 4, 1), tensor.From([]float64{0, 0.25, 0, 0}, 4), tensor.From([]float64{0.1, 0.2, 0.3, 0.4}, 4, 1),
		},
	}
	want := []float64{0.3101037883782955, 0.378330988751495, -0.0007982186974404835, 0.5840646347422986}
	for i, v := range run(t, l, g)[0].Data {
		if !near(v, want[i]) {
			t.Errorf("step %d: got %v, want %v", i+1, v, want[i])
		}
	}
}

// TestForgottenStateDoesNotMatter: what was before the beginning of a sequence has no effect at all.
func TestForgottenStateDoesNotMatter(t *testing.T) {
	l := LSTM{Recurrence{Outputs: 1, States: true}}
	values := func(c float64) []*tensor.Tensor[float64] {
		return run(t, l, &Gradient[float64]{
			In: []*tensor.Tensor[float64]{
				tensor.From([]float64{1}, 1, 1, 1), tensor.From([]float64{0}, 1, 1), tensor.From([]float64{c}, 1, 1, 1), tensor.From([]float64{-c}, 1, 1, 1),
			},
			Params: []*tensor.Tensor[float64]{tensor.From([]float64{1, 2, 3, 4}, 4, 1), tensor.New[float64](4), tensor.From([]float64{5, 6, 7, 8}, 4, 1)},
		})
	}
	for i, y := range values(3) {
		if other := values(-70)[i].Data[0]; other != y.Data[0] {
			t.Errorf("output %d: %v and %v for two forgotten states", i, y.Data[0], other)
		}
	}
}
