package layer

import (
	"math"
	"testing"

	"parity/googlenet/tensor"
)

func TestLabel(t *testing.T) {
	for _, row := range []struct {
		v    float64
		want int
	}{{0, 0}, {2.9, 2}, {-0.9, 0}, {-1, -1}, {255, 255}, {math.NaN(), math.MinInt32}, {math.Inf(1), math.MinInt32}, {3e9, math.MinInt32}, {-3e9, math.MinInt32}} {
		if got := Label(row.v); got != row.want {
			t.Errorf("%g: got %d, want %d", row.v, got, row.want)
		}
	}
}

// loss runs a layer with one output of one number.
func loss(t *testing.T, l Layer, in ...*tensor.Tensor[float64]) float64 {
	t.Helper()
	return run(t, l, &Gradient[float64]{In: in})[0].Data[0]
}

// gradient returns that of the first input.
func gradient(t *testing.T, l Differentiable, in ...*tensor.Tensor[float64]) []float64 {
	t.Helper()
	g := &Gradient[float64]{In: in, Out: run(t, l, &Gradient[float64]{In: in}), OutGrad: []*tensor.Tensor[float64]{tensor.From([]float64{1})}, InGrad: zeros(in)}
	l.Backward64(g)
	return g.InGrad[0].Data
}

func vector(v ...float64) *tensor.Tensor[float64] { return tensor.From(v, len(v)) }

func rowsOf(columns int, v ...float64) *tensor.Tensor[float64] {
	return tensor.From(v, len(v)/columns, columns)
}

// labelledLosses take two rows of three classes and two labels.
var labelledLosses = []Differentiable{
	SoftmaxCrossEntropy{Axis: 1}, HingeLoss{}, HingeLoss{Squared: true}, MultinomialLogisticLoss{},
	InfogainLoss{Axis: 1, Gain: []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}},
}

// A label that is no class must show: it may neither panic nor pass.
func TestLabelsOutsideAreNaN(t *testing.T) {
	x := rowsOf(3, 0.2, 0.3, 0.5, 0.1, 0.2, 0.7)
	for _, l := range labelledLosses {
		for _, bad := range []float64{-1, 3, 1e9, 1e10, math.NaN(), math.Inf(-1)} {
			labels := vector(1, bad)
			if got := loss(t, l, x, labels); !math.IsNaN(got) {
				t.Errorf("%s: label %g: the loss is %g", l.Kind(), bad, got)
			}
			d := gradient(t, l, x, labels)
			if math.IsNaN(d[1]) || !math.IsNaN(d[3]) || !math.IsNaN(d[5]) {
				t.Errorf("%s: label %g: the gradient is %v", l.Kind(), bad, d)
			}
		}
	}
	if got := loss(t, Accuracy{Axis: 1, TopK: 1}, x, vector(2, 3)); !math.IsNaN(got) {
		t.Errorf("accuracy %g", got)
	}
}

// Nobody may ask for a gradient.
func TestUnwantedGradients(t *testing.T) {
	for _, k := range Kinds {
		for _, x := range k.Examples {
			l, ok := x.Layer.(Differentiable)
			_, weighted := x.Layer.(Parametric)
			if !ok || weighted || x.Draw == nil && k.Name != "EuclideanLoss" {
				continue
			}
			g := &Gradient[float64]{Workers: 1, InGrad: make([]*tensor.Tensor[float64], len(x.Inputs))}
			for _, s := range x.Inputs {
				g.In = append(g.In, tensor.New[float64](s...))
			}
			g.Out = run(t, l, g)
			g.OutGrad = zeros(g.Out)
			l.Backward64(g)
		}
	}
}

func TestFloors(t *testing.T) {
	for _, row := range []struct {
		l    Layer
		in   []*tensor.Tensor[float64]
		want float64
	}{
		{SoftmaxCrossEntropy{Axis: 1}, []*tensor.Tensor[float64]{rowsOf(2, -500, 0), vector(0)}, -math.Log(0x1p-126)},
		{InfogainLoss{Axis: 1, Gain: []float64{1, 0, 0, 1}}, []*tensor.Tensor[float64]{rowsOf(2, -500, 0), vector(0)}, -math.Log(float64(float32(1e-20)))},
		{MultinomialLogisticLoss{}, []*tensor.Tensor[float64]{rowsOf(2, 0, 1), vector(0)}, -math.Log(float64(float32(1e-20)))},
	} {
		if got := loss(t, row.l, row.in...); got != row.want {
			t.Errorf("%s: got %v, want %v", row.l.Kind(), got, row.want)
		}
	}
	if d := gradient(t, MultinomialLogisticLoss{}, rowsOf(2, 0, 1), vector(0)); d[0] != -1/LogFloor || d[1] != 0 {
		t.Errorf("got %v", d)
	}
}

// The divisors differ where labels are left out. Each term is log 2.
func TestNormalization(t *testing.T) {
	x, labels := tensor.New[float64](2, 2, 3), tensor.From([]float64{0, 1, 1, 0, 0, 0}, 2, 3) // two of six left out
	for _, row := range []struct {
		n    Normalization
		want float64
	}{{ByCounted, 1}, {ByAll, 4. / 6}, {ByOuter, 2}, {ByOne, 4}} {
		l := SoftmaxCrossEntropy{Axis: 1, Labels: Labels{true, 1}, Normalization: row.n}
		if got := loss(t, l, x, labels) / math.Ln2; math.Abs(got-row.want) > 1e-15 {
			t.Errorf("%v: got %g, want %g", row.n, got, row.want)
		}
	}
	all := SoftmaxCrossEntropy{Axis: 1, Labels: Labels{true, 0}}
	if got := loss(t, all, x, tensor.New[float64](2, 3)); got != 0 {
		t.Errorf("no label counts: got %g", got)
	}
}

// Targets lose their fraction before they are compared with the label that is left out.
func TestIgnoredTargets(t *testing.T) {
	l := SigmoidCrossEntropy{Labels: Labels{true, 0}}
	if got := loss(t, l, vector(0, 0, 0), vector(0.7, -0.7, 1)); got != math.Ln2 {
		t.Errorf("got %g, want the one term log 2", got)
	}
}

func TestContrastiveKinks(t *testing.T) {
	a, b := rowsOf(2, 3, 4), rowsOf(2, 0, 0)
	for _, row := range []struct {
		l       ContrastiveLoss
		similar float64
		want    float64
	}{
		{ContrastiveLoss{Margin: 1}, 1, 12.5}, {ContrastiveLoss{Margin: 1}, 0, 0}, {ContrastiveLoss{Margin: 6}, 0, 0.5},
		{ContrastiveLoss{Margin: 6}, 0.9, 0.5}, {ContrastiveLoss{Margin: 6}, -1, 12.5},
		{ContrastiveLoss{Margin: 26, SquaredDistance: true}, 0, 0.5}, {ContrastiveLoss{Margin: 24, SquaredDistance: true}, 0, 0},
	} {
		if got := loss(t, row.l, a, b, vector(row.similar)); got != row.want {
			t.Errorf("%+v, similar %g: got %g, want %g", row.l, row.similar, got, row.want)
		}
	}
	// A pair at distance 0 has no direction.
	if d := gradient(t, ContrastiveLoss{Margin: 1}, b, b, vector(0)); d[0] != 0 || d[1] != 0 {
		t.Errorf("got %v", d)
	}
}

// Ties count against a prediction, and NaN for it, as in Caffe.
func TestAccuracyTies(t *testing.T) {
	nan := math.NaN()
	for _, row := range []struct {
		x     []float64
		label float64
		best  int
		want  float64
	}{
		{[]float64{1, 2, 3}, 2, 1, 1}, {[]float64{1, 3, 3}, 2, 1, 0}, {[]float64{1, 3, 3}, 2, 2, 1}, {[]float64{1, 2, 3}, 0, 2, 0},
		{[]float64{nan, 2, 3}, 0, 1, 1}, {[]float64{1, nan, 3}, 2, 1, 1}, {[]float64{1, 2, 3}, 2, 0, 0},
	} {
		if got := loss(t, Accuracy{Axis: 1, TopK: row.best}, rowsOf(3, row.x...), vector(row.label)); got != row.want {
			t.Errorf("%v, label %g, best %d: got %g, want %g", row.x, row.label, row.best, got, row.want)
		}
	}
}

func TestAccuracyPerClass(t *testing.T) {
	x := rowsOf(3, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1)
	out := run(t, Accuracy{Axis: 1, TopK: 1, PerClass: true, Labels: Labels{true, 2}}, &Gradient[float64]{In: []*tensor.Tensor[float64]{x, vector(0, 1, 1, 2)}})
	if got := out[0].Data[0]; got != 2./3 {
		t.Errorf("got %g", got)
	}
	if got := out[1].Data; got[0] != 1 || got[1] != 0.5 || got[2] != 0 {
		t.Errorf("got %v", got)
	}
}

func TestArgMaxShapesAndTies(t *testing.T) {
	x := tensor.From([]float64{5, 7, 7, 1, 2, 2}, 1, 2, 3)
	for _, row := range []struct {
		l     ArgMax
		shape tensor.Shape
		want  []float64
	}{
		{ArgMax{Axis: 2, TopK: 2}, tensor.Shape{1, 2, 2}, []float64{2, 1, 2, 1}},
		{ArgMax{Axis: 1, TopK: 1, Values: true}, tensor.Shape{1, 1, 3}, []float64{5, 7, 7}},
		{ArgMax{Flat: true, TopK: 3}, tensor.Shape{1, 1, 3}, []float64{2, 1, 0}},
		{ArgMax{Flat: true, TopK: 2, Values: true}, tensor.Shape{1, 2, 2}, []float64{2, 1, 7, 7}},
	} {
		out := run(t, row.l, &Gradient[float64]{In: []*tensor.Tensor[float64]{x}})[0]
		if !out.Shape.Equal(row.shape) {
			t.Errorf("%+v: shape %v, want %v", row.l, out.Shape, row.shape)
		}
		for i, v := range row.want {
			if out.Data[i] != v {
				t.Errorf("%+v: got %v, want %v", row.l, out.Data, row.want)
				break
			}
		}
	}
	shapes, err := ArgMax{Flat: true, TopK: 4, Values: true}.Infer([]tensor.Shape{{2, 3, 4, 5}})
	if err != nil || !shapes[0].Equal(tensor.Shape{2, 2, 4, 1}) {
		t.Errorf("got %v, %v", shapes, err)
	}
}

func TestLossShapes(t *testing.T) {
	for _, row := range []struct {
		l  Layer
		in []tensor.Shape
	}{
		{SoftmaxCrossEntropy{Axis: 1}, []tensor.Shape{{2, 3, 4}, {2, 3}}},
		{SoftmaxCrossEntropy{Axis: 1}, []tensor.Shape{{2, 3}, {1, 2}}},
		{SoftmaxCrossEntropy{Axis: 3}, []tensor.Shape{{2, 3}, {2}}},
		{SoftmaxCrossEntropy{Axis: 0}, []tensor.Shape{{}, {}}},
		{SigmoidCrossEntropy{}, []tensor.Shape{{2, 3}, {2}}},
		{EuclideanLoss{}, []tensor.Shape{{2, 3}, {3, 2}}},
		{HingeLoss{}, []tensor.Shape{{2, 3}, {3}}},
		{HingeLoss{}, []tensor.Shape{{2, 3}, {2, 0}}},
		{MultinomialLogisticLoss{}, []tensor.Shape{{2, 3}, {2, 3}}},
		{InfogainLoss{Axis: 1}, []tensor.Shape{{2, 3}, {2}}},
		{InfogainLoss{Axis: 1}, []tensor.Shape{{2, 3}, {2}, {3, 4}}},
		{InfogainLoss{Axis: 1, Gain: []float64{1}}, []tensor.Shape{{2, 3}, {2}}},
		{ContrastiveLoss{}, []tensor.Shape{{2, 3}, {2, 4}, {2}}},
		{ContrastiveLoss{}, []tensor.Shape{{2, 3}, {2, 3}, {1}}},
		{Accuracy{Axis: 1, TopK: 4}, []tensor.Shape{{2, 3}, {2}}},
		{Accuracy{Axis: 1, TopK: 1}, []tensor.Shape{{2, 3}, {3}}},
		{ArgMax{Axis: 1, TopK: 4}, []tensor.Shape{{2, 3}}},
		{ArgMax{Axis: 1}, []tensor.Shape{{2, 3}}},
		{ArgMax{Flat: true, TopK: 1}, []tensor.Shape{{}}},
	} {
		if out, err := row.l.Infer(row.in); err == nil {
			t.Errorf("%s %+v of %v: accepted as %v", row.l.Kind(), row.l, row.in, out)
		}
	}
}
