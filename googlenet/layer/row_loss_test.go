package layer

import (
	"math"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// A target that adds up to 3: the gradient is p - t all the same. What comes back from the second output, which is p - t
// too, goes through the softmax.
func TestRowLossGradients(t *testing.T) {
	l := SoftmaxCrossEntropyDense{Axis: 1}
	half, third := math.Log(2), math.Log(3)
	g := &Gradient[float64]{In: []*tensor.Tensor[float64]{tensor.From([]float64{half, 0, third}, 1, 3), tensor.From([]float64{0.5, 2, 0.5}, 1, 3)}}
	g.Out = run(t, l, g)
	for _, row := range []struct{ loss, second, want []float64 }{
		{[]float64{2}, []float64{0, 0, 0}, []float64{2 * (1./3 - 0.5), 2 * (1./6 - 2), 0}},
		{[]float64{0}, []float64{6, 0, 0}, []float64{1. / 3 * 4, -1. / 3, -1}},
	} {
		g.OutGrad = []*tensor.Tensor[float64]{tensor.From(row.loss, 1), tensor.From(row.second, 1, 3)}
		g.InGrad = zeros(g.In)
		l.Backward64(g)
		for i, want := range row.want {
			if got := g.InGrad[0].Data[i]; !(math.Abs(got-want) <= 1e-14) {
				t.Errorf("got %v, want %v", g.InGrad[0].Data, row.want)
				break
			}
		}
	}
}

// The loss of a class that is far from the largest one is exact where the class's probability vanishes.
func TestRowLossOfVanishingProbabilities(t *testing.T) {
	x := []*tensor.Tensor[float32]{tensor.From([]float32{500, 0, -500}, 1, 3), tensor.From([]float32{2}, 1)}
	c := &Call[float32]{In: x, Out: []*tensor.Tensor[float32]{tensor.New[float32](1), tensor.New[float32](1, 3)}}
	SoftmaxCrossEntropySparse{Axis: 1}.Forward32(c)
	if c.Out[0].Data[0] != 1000 || c.Out[1].Data[2] != -1 {
		t.Errorf("got %v and %v", c.Out[0].Data, c.Out[1].Data)
	}
}

func TestRowLossRefusesLabels(t *testing.T) {
	in := []*tensor.Tensor[float64]{tensor.New[float64](2, 3), tensor.From([]float64{2, 3}, 2)}
	_, err := OutputShapes(SoftmaxCrossEntropySparse{Axis: 1}, in)
	if err == nil || !strings.Contains(err.Error(), "the label 3 of row 1 is none of the classes 0 to 2") {
		t.Errorf("got %v", err)
	}
}
