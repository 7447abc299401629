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

// TestBlockwiseGradients holds gradients on maps in blocks against those on plain ones.
func TestBlockwiseGradients(t *testing.T) {
	rows := append(blockwise, []struct {
		l  Blockwise
		in []tensor.Shape
	}{
		{Convolution{window(7, 2, 3), 33, 1, true}, []tensor.Shape{{2, 3, 15, 14}}},
		{Convolution{window(3, 2, 0), 5, 1, false}, []tensor.Shape{{2, 18, 8, 8}}},
		{Convolution{window(1, 1, 2), 19, 1, true}, []tensor.Shape{{9, 17, 5, 5}}},
		{Convolution{Window{[2]int{3, 2}, [2]int{2, 3}, [2]int{2, 4}, Padding{Top: 1, Left: 4, Bottom: 3, Right: 2}}, 9, 1, true}, []tensor.Shape{{2, 20, 11, 13}}},
		{Convolution{window(1, 1, 0), 48, 1, true}, []tensor.Shape{{3, 40, 7, 7}}},
		{Convolution{window(2, 1, 4), 3, 1, true}, []tensor.Shape{{1, 16, 3, 3}}},
	}...)
	for _, row := range rows {
		t.Run(fmt.Sprintf("%v of %v", row.l, row.in), func(t *testing.T) {
			l := row.l.(BlockwiseDifferentiable)
			checkBlockwiseGradient(t, l, row.in, 2e-5, l.(Differentiable).Backward32, l.BackwardBlocked32)
			checkBlockwiseGradient(t, l, row.in, 1e-13, l.(Differentiable).Backward64, l.BackwardBlocked64)
		})
	}
}

func checkBlockwiseGradient[T tensor.Float](t *testing.T, l Blockwise, in []tensor.Shape, tolerance float64, plain func(*Gradient[T]), blocked func(*BlockedGradient[T])) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	shapes, err := l.Infer(in)
	if err != nil {
		t.Fatal(err)
	}
	p := &Gradient[T]{OutGrad: []*tensor.Tensor[T]{drawn[T](r, shapes[0]...)}, Out: []*tensor.Tensor[T]{tensor.New[T](shapes[0]...)}}
	for _, s := range in {
		p.In, p.InGrad = append(p.In, drawn[T](r, s...)), append(p.InGrad, tensor.New[T](s...))
	}
	var weights []tensor.Shape
	if parametric, ok := l.(Parametric); ok {
		weights = parametric.ParamShapes(in)
	}
	for _, s := range weights {
		p.Params, p.ParamGrad = append(p.Params, drawn[T](r, s...)), append(p.ParamGrad, tensor.New[T](s...))
	}
	c := &Call[T]{In: p.In, Params: p.Params, Out: p.Out, Workers: 1}
	switch c := any(c).(type) {
	case *Call[float32]:
		l.Forward32(c)
	case *Call[float64]:
		l.Forward64(c)
	}
	plain(p)
	for _, workers := range []int{1, 2, 16} {
		b := &BlockedGradient[T]{Params: p.Params, Out: []*Maps[T]{PlainMaps(p.Out[0])}, OutGrad: []*Maps[T]{PlainMaps(p.OutGrad[0])}, Workers: workers}
		for _, x := range p.In {
			b.In, b.InGrad = append(b.In, PlainMaps(x)), append(b.InGrad, NewBlocked[T](x.Shape))
		}
		for _, s := range weights {
			b.ParamGrad = append(b.ParamGrad, tensor.New[T](s...))
		}
		blocked(b)
		for i, g := range b.InGrad {
			nearly(t, fmt.Sprintf("%d workers: gradient of input %d", workers, i), BlockedMaps(g).Plain(1), p.InGrad[i], tolerance)
		}
		for i, g := range b.ParamGrad {
			nearly(t, fmt.Sprintf("%d workers: gradient of parameter %d", workers, i), g, p.ParamGrad[i], tolerance)
		}
	}
}

// nearly compares relative to the largest element.
func nearly[T tensor.Float](t *testing.T, what string, got, want *tensor.Tensor[T], tolerance float64) {
	t.Helper()
	largest := 0.0
	for _, v := range want.Data {
		largest = max(largest, math.Abs(float64(v)))
	}
	for i, v := range want.Data {
		if d := math.Abs(float64(got.Data[i] - v)); !(d <= tolerance*largest) {
			t.Fatalf("%s: %v is %v, want %v", what, want.Shape.Index(i), got.Data[i], v)
		}
	}
}
