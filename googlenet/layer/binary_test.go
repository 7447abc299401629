package layer

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

// Pairs of numbers, what an operation makes of them, and both gradients for a gradient of 2. The values are TensorFlow's.
func TestBinaryOfSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, row := range []struct {
		o            Operation
		a, b         float64
		y, da, db    float64
		withoutSlope bool
	}{
		{o: Larger, a: 3, b: 3, y: 3, da: 2},
		{o: Larger, a: 1, b: nan, y: nan, db: 2},
		{o: Larger, a: nan, b: 1, y: nan, db: 2},
		{o: Smaller, a: 3, b: 3, y: 3, da: 2},
		{o: Smaller, a: 3, b: 2, y: 2, db: 2},
		{o: Quotient, a: -3, b: 0, y: -inf, da: inf, db: inf},
		{o: SafeQuotient, a: -3, b: 0},
		{o: SafeQuotient, a: -3, b: 2, y: -1.5, da: 1, db: 1.5},
		{o: Pow, a: 0, b: 0, y: 1, da: nan, db: 0},
		{o: Pow, a: -2, b: 3, y: -8, da: 24, db: 0},
		{o: Pow, a: 4, b: 0.5, y: 2, da: 0.5, db: 4 * math.Log(4)},
		{o: SquaredDifference, a: 1, b: 4, y: 9, da: -12, db: 12},
		{o: FloorQuotient, a: -7, b: 3, y: -3, withoutSlope: true},
		{o: FloorQuotient, a: 5, b: 0, y: inf, withoutSlope: true},
		{o: WholeQuotient, a: -7, b: 3, y: -2, withoutSlope: true},
		{o: FloorRemainder, a: -7, b: 3, y: 2, da: 2, db: 6},
		{o: FloorRemainder, a: 7, b: -3, y: -2, da: 2, db: 6},
		{o: WholeRemainder, a: -7, b: 3, y: -1, withoutSlope: true},
		{o: Less, a: 2, b: 3, y: 1, withoutSlope: true},
		{o: LessEqual, a: nan, b: 3, y: 0, withoutSlope: true},
		{o: GreaterEqual, a: 3, b: 3, y: 1, withoutSlope: true},
		{o: Greater, a: 3, b: 3, y: 0, withoutSlope: true},
		{o: Equal, a: nan, b: nan, y: 0, withoutSlope: true},
		{o: NotEqual, a: nan, b: nan, y: 1, withoutSlope: true},
		{o: And, a: 1, b: 0, y: 0, withoutSlope: true},
		{o: Or, a: 0, b: -2, y: 1, withoutSlope: true},
	} {
		l := Binary{Operation: row.o}
		g := &Gradient[float64]{In: []*tensor.Tensor[float64]{single(row.a), single(row.b)}, OutGrad: []*tensor.Tensor[float64]{single(2)}}
		g.Out, g.InGrad = run(t, l, g), zeros(g.In)
		l.Backward64(g)
		if y := g.Out[0].Data[0]; !close(y, row.y) {
			t.Errorf("%v %s %v: %v, want %v", row.a, row.o, row.b, y, row.y)
		}
		if got := g.InGrad[0] == nil; got != row.withoutSlope {
			t.Errorf("%s: without a gradient: %v, want %v", row.o, got, row.withoutSlope)
		}
		if row.withoutSlope {
			continue
		}
		if da, db := g.InGrad[0].Data[0], g.InGrad[1].Data[0]; !close(da, row.da) || !close(db, row.db) {
			t.Errorf("%v %s %v: gradients %v and %v, want %v and %v", row.a, row.o, row.b, da, db, row.da, row.db)
		}
	}
}

func single(v float64) *tensor.Tensor[float64] { return tensor.From([]float64{v}) }

// float32 quotients are rounded before they are rounded down: 0.7 / 0.1 is 7 there, and less in float64.
func TestFloorQuotientRoundsFirst(t *testing.T) {
	c := &Call[float32]{In: []*tensor.Tensor[float32]{tensor.From([]float32{0.7}), tensor.From([]float32{0.1})}, Out: []*tensor.Tensor[float32]{tensor.New[float32]()}}
	Binary{Operation: FloorQuotient}.Forward32(c)
	if got := c.Out[0].Data[0]; got != 7 {
		t.Errorf("got %v, want 7", got)
	}
}

// Gradients of what is repeated are added up.
func TestRepeatedOperands(t *testing.T) {
	l := Binary{Operation: Product}
	g := &Gradient[float64]{
		In:      []*tensor.Tensor[float64]{tensor.From([]float64{1, 2}, 2, 1), tensor.From([]float64{3, 4, 5}, 3)},
		OutGrad: []*tensor.Tensor[float64]{tensor.From([]float64{1, 1, 1, 10, 10, 10}, 2, 3)},
	}
	g.Out, g.InGrad = run(t, l, g), zeros(g.In)
	l.Backward64(g)
	for _, row := range []struct {
		what      string
		got, want []float64
	}{
		{"product", g.Out[0].Data, []float64{3, 4, 5, 6, 8, 10}},
		{"first gradient", g.InGrad[0].Data, []float64{12, 120}},
		{"second gradient", g.InGrad[1].Data, []float64{21, 21, 21}},
	} {
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("%s: %s", row.what, diff)
		}
	}
	if _, err := l.Infer([]tensor.Shape{{2, 3}, {2}}); err == nil || err.Error() != "Binary cannot repeat input 1 of shape 2 to meet [2x3]" {
		t.Errorf("got %v", err)
	}
}
