package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// integers makes an input whole numbers below n.
func integers(input, n int) func(r *rand.Rand, in []*tensor.Tensor[float64]) {
	return func(r *rand.Rand, in []*tensor.Tensor[float64]) {
		for i := range in[input].Data {
			in[input].Data[i] = float64(r.IntN(n))
		}
	}
}

func TestEveryAttributeOfALossLeavesTheBound(t *testing.T) {
	cube, square, pairs := []tensor.Shape{{4, 4, 4}, {4, 4}}, []tensor.Shape{{6, 5}, {6, 5}}, []tensor.Shape{{7, 3}, {7, 3}, {7}}
	matrix, ignored := []float64{1, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 1}, layer.Labels{Ignore: true, Ignored: 1}
	asymmetric := []float64{1, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.51, 1}
	gains := []tensor.Shape{{3, 3, 3}, {3, 3}}
	for _, row := range []struct {
		what       string
		base, with layer.Layer
		in         []tensor.Shape
		draw       func(r *rand.Rand, in []*tensor.Tensor[float64])
	}{
		{"softmax axis", layer.SoftmaxCrossEntropy{Axis: 1}, layer.SoftmaxCrossEntropy{Axis: 2}, cube, integers(1, 4)},
		{"softmax ignore", layer.SoftmaxCrossEntropy{Axis: 1}, layer.SoftmaxCrossEntropy{Axis: 1, Labels: ignored}, cube, integers(1, 4)},
		{"softmax ignored", layer.SoftmaxCrossEntropy{Axis: 1, Labels: layer.Labels{Ignore: true}}, layer.SoftmaxCrossEntropy{Axis: 1, Labels: ignored}, cube, integers(1, 4)},
		{"softmax divisor", layer.SoftmaxCrossEntropy{Axis: 1}, layer.SoftmaxCrossEntropy{Axis: 1, Normalization: layer.ByOuter}, cube, integers(1, 4)},
		{"sigmoid ignore", layer.SigmoidCrossEntropy{}, layer.SigmoidCrossEntropy{Labels: ignored}, square, integers(1, 2)},
		{"sigmoid divisor", layer.SigmoidCrossEntropy{}, layer.SigmoidCrossEntropy{Normalization: layer.ByOne}, square, integers(1, 2)},
		{"hinge squared", layer.HingeLoss{}, layer.HingeLoss{Squared: true}, []tensor.Shape{{6, 5}, {6}}, integers(1, 5)},
		{"infogain axis", layer.InfogainLoss{Axis: 1, Gain: matrix}, layer.InfogainLoss{Axis: 2, Gain: matrix}, gains, integers(1, 3)},
		{"infogain matrix", layer.InfogainLoss{Axis: 1, Gain: matrix}, layer.InfogainLoss{Axis: 1, Gain: asymmetric}, gains, integers(1, 3)},
		{"infogain ignore", layer.InfogainLoss{Axis: 1, Gain: matrix}, layer.InfogainLoss{Axis: 1, Gain: matrix, Labels: ignored}, gains, integers(1, 3)},
		{"infogain divisor", layer.InfogainLoss{Axis: 1, Gain: matrix}, layer.InfogainLoss{Axis: 1, Gain: matrix, Normalization: layer.ByOuter}, gains, integers(1, 3)},
		{"contrastive margin", layer.ContrastiveLoss{Margin: 20}, layer.ContrastiveLoss{Margin: 20.001}, pairs, integers(2, 2)},
		{"contrastive square", layer.ContrastiveLoss{Margin: 20}, layer.ContrastiveLoss{Margin: 20, SquaredDistance: true}, pairs, integers(2, 2)},
		{"likelihood axis", layer.NegativeLogLikelihood{Axis: 1}, layer.NegativeLogLikelihood{Axis: 2}, cube, integers(1, 4)},
		{"likelihood ignore", layer.NegativeLogLikelihood{Axis: 1}, layer.NegativeLogLikelihood{Axis: 1, Labels: ignored}, cube, integers(1, 4)},
		{"likelihood average", layer.NegativeLogLikelihood{Axis: 1}, layer.NegativeLogLikelihood{Axis: 1, Average: layer.AverageSum}, cube, integers(1, 4)},
		{"accuracy axis", layer.Accuracy{Axis: 1, TopK: 1}, layer.Accuracy{Axis: 2, TopK: 1}, cube, integers(1, 4)},
		{"accuracy best", layer.Accuracy{Axis: 1, TopK: 1}, layer.Accuracy{Axis: 1, TopK: 2}, cube, integers(1, 4)},
		{"accuracy ignore", layer.Accuracy{Axis: 1, TopK: 1}, layer.Accuracy{Axis: 1, TopK: 1, Labels: ignored}, cube, integers(1, 4)},
		{"argmax axis", layer.ArgMax{Axis: 1, TopK: 4}, layer.ArgMax{Axis: 2, TopK: 4}, cube[:1], nil},
		{"argmax values", layer.ArgMax{Axis: 1, TopK: 2}, layer.ArgMax{Axis: 1, TopK: 2, Values: true}, cube[:1], nil},
	} {
		t.Run(row.what, func(t *testing.T) {
			x := draw(t, layer.Example{Layer: row.base, Inputs: row.in, Draw: row.draw}, 5, 6)
			if r := worst(x.run64(row.base, x.in), x.run64(row.with, x.in), x.bound(t, AnyOrder, nil)); r <= 1 {
				t.Errorf("the change stays inside the bound: ratio %g", r)
			}
		})
	}
}

// A label that may be no class leaves no bound, and no NaN is inside of one.
func TestLabelsThatMayBeNoClass(t *testing.T) {
	l := layer.SoftmaxCrossEntropy{Axis: 1}
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{2, 3}, {2}}, Draw: integers(1, 3)}, 1, 1)
	x.in[1].Data[0] = 2
	e := []*tensor.Tensor[float64]{nil, tensor.From([]float64{1, 0}, 2)}
	if b := x.bound(t, Caffe, e)[0].Data[0]; !math.IsInf(b, 1) {
		t.Errorf("got %g", b)
	}
	x.in[1].Data[0] = 3
	if b := x.bound(t, Caffe, nil)[0].Data[0]; b >= 0 && !math.IsInf(b, 1) {
		t.Errorf("a loss that is not a number has the bound %g", b)
	}
}

func TestChoices(t *testing.T) {
	rows, labels := layer.Classes{Outer: 1, Count: 4, Inner: 1}, layer.Labels{Ignore: true, Ignored: 2}
	for _, row := range []struct {
		v, e                        float64
		classes                     int
		skipped, outside, undecided bool
	}{
		{1, 0, 1, false, false, false},
		{2, 0, 0, true, false, false},
		{5, 0, 0, false, true, false},
		{-0.5, 0.4, 1, false, false, false},
		{0.5, 0.6, 2, false, false, true},
		{1.5, 0.5, 1, true, false, true},
		{3.5, 0.6, 1, true, true, true},
		{1, math.Inf(1), 3, true, true, true},
		{math.NaN(), 0, 0, false, true, false},
	} {
		c := choiceOf(labels, rows, row.v, row.e)
		if len(c.classes) != row.classes || c.skipped != row.skipped || c.outside != row.outside || c.undecided() != row.undecided {
			t.Errorf("%g +- %g: got %+v", row.v, row.e, c)
		}
	}
}

// Probabilities that underflow meet the floor exactly: the bound is that of the logarithm alone.
func TestFloorOfTheLogarithm(t *testing.T) {
	l := layer.SoftmaxCrossEntropy{Axis: 1}
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{1, 2}, {1}}, Draw: integers(1, 1)}, 1, 1)
	for _, gap := range []float64{87, 87.3365, 88, 103, 200, 1e4} {
		x.in[0] = tensor.From([]float64{-gap, 0}, 1, 2)
		b := x.bound(t, Caffe, nil)
		if r := worst(x.run64(l, x.in), x.run32(x.in), b); !(r <= 1) {
			t.Errorf("gap %g: %g times over", gap, r)
		}
		if b[0].Data[0] > 1e-3 {
			t.Errorf("gap %g: a bound of %g", gap, b[0].Data[0])
		}
	}
}

// Errors that may change which number is the largest admit every index that it may have.
func TestArgMaxAdmitsRivals(t *testing.T) {
	l := layer.ArgMax{Axis: 0, TopK: 2}
	in := tensor.From([]float64{1, 4, 2, 3.9, 0}, 5)
	e := tensor.From([]float64{0, 0.1, 0.1, 0.1, 0}, 5)
	c := &Call{Layer: l, In: one(in), Out: one(tensor.From([]float64{1, 3}, 2)), Err: one(e), Producer: Caffe, Workers: 1}
	if b := argMax(c)[0].Data; b[0] != 2 || b[1] != 2 {
		t.Errorf("got %v, want 2 and 2: either of 1 and 3 may come first", b)
	}
	e.Data[1] = 0
	in.Data[3] = 3.5
	if b := argMax(c)[0].Data; b[0] != 0 || b[1] != 0 {
		t.Errorf("got %v: nothing is near", b)
	}
}

func TestAccuracyAdmitsRivals(t *testing.T) {
	l := layer.Accuracy{Axis: 1, TopK: 1}
	x := execution{l: l, in: []*tensor.Tensor[float64]{tensor.From([]float64{1, 2, 1, 1.1}, 2, 2), tensor.From([]float64{1, 1}, 2)}, shapes: []tensor.Shape{{}}}
	e := []*tensor.Tensor[float64]{tensor.From([]float64{0.1, 0.1, 0.1, 0.1}, 2, 2), nil}
	if b := x.bound(t, Caffe, e)[0].Data[0]; !(math.Abs(b-0.5) < 1e-6) {
		t.Errorf("one of two rows may be wrong: got %g", b)
	}
	if b := x.bound(t, Caffe, nil)[0].Data[0]; b > 1e-6 {
		t.Errorf("exact predictions: got %g", b)
	}
}
