package bound

import (
	"math"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func number(v float64) *tensor.Tensor[float64] { return tensor.From([]float64{v}) }

// pairBound is the bound of an operation on two numbers, off by e each.
func pairBound(t *testing.T, o layer.Operation, p Producer, a, b, e float64) float64 {
	t.Helper()
	x := execution{l: layer.Binary{Operation: o}, in: []*tensor.Tensor[float64]{number(a), number(b)}, shapes: []tensor.Shape{{}}}
	var errs []*tensor.Tensor[float64]
	if e > 0 {
		errs = []*tensor.Tensor[float64]{number(e), number(e)}
	}
	return x.bound(t, p, errs)[0].Data[0]
}

// What is rounded to whole numbers, or compared, is exact where nothing can tip it over, and admits the other result else.
func TestStepsOfOperations(t *testing.T) {
	tenth, most := float64(float32(0.1)), float64(float32(0.7)) // a little more and less than they say
	for _, row := range []struct {
		what    string
		o       layer.Operation
		a, b, e float64
		want    float64
	}{
		{"a whole quotient stays", layer.FloorQuotient, 6, 3, 0, 0},
		{"a whole negative quotient stays", layer.FloorQuotient, -6, 3, 0, 0},
		{"a quotient that float32 rounds up", layer.FloorQuotient, most, tenth, 0, 1},
		{"a quotient within its error of a whole one", layer.FloorQuotient, 6.05, 3, 0.1, 1},
		{"a quotient away from whole ones", layer.FloorQuotient, 7, 3, 0.1, 0},
		{"a cut quotient that float32 rounds away from 0", layer.WholeQuotient, -most, tenth, 0, 1},
		{"a comparison of equal numbers", layer.Less, 2, 2, 0, 0},
		{"a comparison within the errors", layer.Less, 2, 2.1, 0.1, 1},
		{"a comparison beyond the errors", layer.Less, 2, 2.3, 0.1, 0},
		{"equality within the errors", layer.Equal, 2, 2.1, 0.1, 1},
		{"a condition that may be false", layer.And, 0.05, 1, 0.1, 1},
		{"a condition that is true", layer.Or, 0.2, 1, 0.1, 0},
		{"a maximum takes the larger one's error", layer.Larger, 2, 1, 0.1, 0.1},
		{"a divisor that may be 0", layer.SafeQuotient, 1, 0.05, 0.1, math.Inf(1)},
		{"a divisor of 0", layer.SafeQuotient, 1, 0, 0, 0},
		{"a base that may be negative", layer.Pow, 0.05, 0.5, 0.1, math.Inf(1)},
	} {
		if got := pairBound(t, row.o, Native32, row.a, row.b, row.e); got != row.want {
			t.Errorf("%s: bound %g, want %g", row.what, got, row.want)
		}
	}
	if got := pairBound(t, layer.FloorRemainder, Native32, 6.05, 3, 0.1); got < 3 {
		t.Errorf("a remainder that may start again: bound %g, want 3 at least", got)
	}
}

// A producer that flushes may read a denormal number as 0, however steep a function is there; arithmetic that keeps them may
// not.
func TestDenormalNumbersAreFlushed(t *testing.T) {
	const small = 0x1p-130
	for _, row := range []struct {
		l    layer.Layer
		x    float64
		want float64 // at least
	}{
		{layer.ReLU{}, small, small},
		{layer.Unary{Function: layer.Sqrt}, small, 0x1p-65},
		{layer.Unary{Function: layer.Rsqrt}, small, math.Inf(1)},
		{layer.Cast{To: layer.Bool}, small, 1},
		{layer.Unary{Function: layer.Negative}, small, 0},
		{layer.Identity{}, small, 0},
		{layer.ReLU{}, 1, 0},
	} {
		if b := boundAt(t, row.l, TensorFlow, row.x, 0); !(b >= row.want) || row.want == 0 && b != 0 {
			t.Errorf("%s of %g: bound %g, want %g", row.l.Kind(), row.x, b, row.want)
		}
		if b := boundAt(t, row.l, Native32, row.x, 0); row.want > 0 && b >= row.want {
			t.Errorf("%s of %g: bound %g where denormal numbers are kept", row.l.Kind(), row.x, b)
		}
	}
	in := []*tensor.Tensor[float64]{number(small)}
	if TensorFlow.Alike(AnyOrder, layer.Tanh{}, in, in) || !TensorFlow.Alike(AnyOrder, layer.Tanh{}, none(in)[:0], none(in)[:0]) {
		t.Error("producers differ where there are denormal numbers, and only there")
	}
}

// Where it is open which number a choice falls on, either outcome is admitted and counted.
func TestUndecidedChoices(t *testing.T) {
	vector := func(v ...float64) *tensor.Tensor[float64] { return tensor.From(v, len(v)) }
	for _, row := range []struct {
		what      string
		l         layer.Differentiable
		in        []*tensor.Tensor[float64]
		undecided int
		want      float64 // bound of the first gradient's first element, for a gradient of 3
	}{
		{"near maximum", layer.Binary{Operation: layer.Larger}, []*tensor.Tensor[float64]{vector(1), vector(1.1)}, 1, 3},
		{"clear maximum", layer.Binary{Operation: layer.Larger}, []*tensor.Tensor[float64]{vector(1), vector(2)}, 0, 0},
		{"near extreme", layer.Reduce{Reducer: layer.ReduceMin, Axes: []int{0}, Keep: true}, []*tensor.Tensor[float64]{vector(1, 1.1, 4)}, 1, 3},
		{"clear extreme", layer.Reduce{Reducer: layer.ReduceMin, Axes: []int{0}, Keep: true}, []*tensor.Tensor[float64]{vector(1, 2, 4)}, 0, 0},
		{"open condition", layer.Select{}, []*tensor.Tensor[float64]{vector(0.05), vector(1), vector(2)}, 1, 3},
		{"clear condition", layer.Select{}, []*tensor.Tensor[float64]{vector(1), vector(1), vector(2)}, 0, 0},
	} {
		x := execution{l: row.l, in: row.in, shapes: []tensor.Shape{{1}}}
		d := []*tensor.Tensor[float64]{vector(3)}
		g, _ := backward[float64](x, x.in, d)
		var errs []*tensor.Tensor[float64]
		for _, in := range row.in {
			e := tensor.New[float64](in.Shape...)
			for i := range e.Data {
				e.Data[i] = 0.1
			}
			errs = append(errs, e)
		}
		b, err := OfGradient(&GradientCall{Layer: row.l, Gradient: g, InErr: errs, OutErr: none(d), OutGradErr: none(d), Producer: Native64})
		if err != nil {
			t.Fatal(err)
		}
		first := b.In[0]
		if first == nil {
			first = b.In[1]
		}
		if b.Undecided != row.undecided || math.Abs(first.Data[0]-row.want) > 1e-12 {
			t.Errorf("%s: %d undecided and a bound of %g, want %d and %g", row.what, b.Undecided, first.Data[0], row.undecided, row.want)
		}
	}
}
