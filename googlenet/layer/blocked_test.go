package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/kernel"
	"parity/googlenet/tensor"
)

// shapes with ragged extents, few and many channels, windows that hang over every edge or lie outside.
var blockwise = []struct {
	l  Blockwise
	in []tensor.Shape
}{
	{MaxPool{Pool: Pool{Window: window(3, 2, 0), Ceil: true}}, []tensor.Shape{{2, 19, 8, 9}}},
	{MaxPool{Pool: Pool{Window: window(3, 1, 1)}}, []tensor.Shape{{1, 32, 7, 7}}},
	{MaxPool{Pool: Pool{Window: window(5, 1, 2)}}, []tensor.Shape{{1, 3, 2, 3}}},
	{MaxPool{Pool: Pool{Window: window(2, 3, 4), Ceil: true}}, []tensor.Shape{{1, 17, 5, 4}}},
	{AveragePool{Pool{Window: window(3, 2, 1), Ceil: true, Clip: true}, PaddedCells}, []tensor.Shape{{2, 18, 6, 9}}},
	{AveragePool{Pool{Window: window(3, 1, 1)}, ValidCells}, []tensor.Shape{{1, 16, 5, 6}}},
	{AveragePool{Pool{Window: window(2, 3, 4)}, ValidCells}, []tensor.Shape{{1, 5, 3, 4}}},
	{AveragePool{Pool: Pool{Global: true}}, []tensor.Shape{{2, 33, 7, 7}}},
	{LRN{Size: 5, Alpha: 0.1, Beta: 0.75, K: 1}, []tensor.Shape{{2, 32, 5, 13}}},
	{LRN{Size: 4, Alpha: 0.1, Beta: 0.75, K: 2}, []tensor.Shape{{1, 16, 9, 9}}},
	{ReLU{}, []tensor.Shape{{2, 21, 3, 5}}},
	{Concat{Axis: 1}, []tensor.Shape{{2, 16, 3, 5}, {2, 32, 3, 5}, {2, 7, 3, 5}}},
	{Convolution{window(3, 1, 1), 33, 1, true}, []tensor.Shape{{3, 35, 7, 7}}},
}

// TestBlockwise holds layers on maps in blocks against the same layers on plain ones.
func TestBlockwise(t *testing.T) {
	for _, row := range blockwise {
		t.Run(fmt.Sprintf("%v of %v", row.l, row.in), func(t *testing.T) {
			checkBlockwise(t, row.l, row.in, 1e-5, row.l.Forward32, row.l.ForwardBlocked32)
			checkBlockwise(t, row.l, row.in, 1e-13, row.l.Forward64, row.l.ForwardBlocked64)
		})
	}
}

func checkBlockwise[T tensor.Float](t *testing.T, l Blockwise, in []tensor.Shape, tolerance float64, plain func(*Call[T]), blocked func(*BlockedCall[T])) {
	t.Helper()
	if !l.InBlocks(in, kernel.LineOf[T]()) {
		t.Fatal("not in blocks")
	}
	r := rand.New(rand.NewPCG(1, 1))
	shapes, err := l.Infer(in)
	if err != nil {
		t.Fatal(err)
	}
	c := &Call[T]{Out: []*tensor.Tensor[T]{tensor.New[T](shapes[0]...)}}
	for _, s := range in {
		c.In = append(c.In, drawn[T](r, s...))
	}
	c.In[0].Data[5] = T(math.NaN())
	if p, ok := l.(Parametric); ok {
		c.In[0].Data[5] = 0
		for _, s := range p.ParamShapes(in) {
			c.Params = append(c.Params, drawn[T](r, s...))
		}
	}
	plain(c)
	for _, workers := range []int{1, 2, 16} {
		b := &BlockedCall[T]{Params: c.Params, Out: []*Blocked[T]{NewBlocked[T](shapes[0])}, Workers: workers}
		for _, x := range c.In {
			b.In = append(b.In, PlainMaps(x))
		}
		blocked(b)
		got := BlockedMaps(b.Out[0]).Plain(workers)
		for i, want := range c.Out[0].Data {
			v := got.Data[i]
			if d := math.Abs(float64(v - want)); !(d <= tolerance*(1+math.Abs(float64(want)))) && (v == v || want == want) {
				t.Fatalf("%d workers: %v is %v, want %v", workers, shapes[0].Index(i), v, want)
			}
		}
	}
}
