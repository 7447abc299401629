package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/tensor"
)

func drawn[T tensor.Float](r *rand.Rand, shape ...int) *tensor.Tensor[T] {
	t := tensor.New[T](shape...)
	for i := range t.Data {
		t.Data[i] = T(r.NormFloat64())
	}
	return t
}

// geometries are convolutions with every setting away from its default in one row at least.
var geometries = []struct {
	l  Convolution
	in tensor.Shape
}{
	{Convolution{window(1, 1, 0), 5, 1, true}, tensor.Shape{2, 3, 6, 7}},
	{Convolution{window(1, 3, 0), 4, 1, false}, tensor.Shape{1, 3, 8, 9}},
	{Convolution{window(3, 1, 1), 17, 1, true}, tensor.Shape{2, 3, 7, 5}},
	{Convolution{window(5, 1, 2), 16, 1, true}, tensor.Shape{1, 2, 14, 14}},
	{Convolution{window(7, 2, 3), 15, 1, true}, tensor.Shape{1, 3, 31, 30}},
	{Convolution{window(3, 2, 0), 6, 3, true}, tensor.Shape{2, 6, 9, 10}},
	{Convolution{window(3, 3, 5), 6, 2, false}, tensor.Shape{1, 4, 4, 3}},
	{Convolution{Window{[2]int{3, 2}, [2]int{2, 3}, [2]int{2, 4}, Padding{Top: 1, Left: 4, Bottom: 3, Right: 2}}, 9, 1, true}, tensor.Shape{2, 2, 11, 13}},
	{Convolution{Window{[2]int{2, 5}, [2]int{1, 2}, [2]int{1, 1}, Padding{Mode: SameUpper}}, 31, 1, true}, tensor.Shape{1, 3, 9, 8}},
	{Convolution{Window{[2]int{4, 4}, [2]int{3, 1}, [2]int{1, 1}, Padding{Mode: SameLower}}, 3, 1, true}, tensor.Shape{1, 3, 10, 6}},
	{Convolution{window(1, 1, 0), 40, 40, true}, tensor.Shape{1, 40, 7, 7}},
	{Convolution{window(1, 1, 2), 3, 1, true}, tensor.Shape{1, 2, 3, 4}},
	{Convolution{window(6, 1, 0), 30, 1, true}, tensor.Shape{1, 70, 6, 6}},
	{Convolution{window(3, 1, 1), 3, 1, true}, tensor.Shape{0, 2, 5, 5}},
}

func window(kernel, stride, pad int) Window {
	return Window{[2]int{kernel, kernel}, [2]int{stride, stride}, [2]int{1, 1}, Symmetric(pad, pad)}
}

func TestConvolutionIsItsFormula(t *testing.T) {
	for _, g := range geometries {
		t.Run(fmt.Sprintf("%v of %v", g.l, g.in), func(t *testing.T) {
			checkConvolution[float32](t, g.l, g.in, 0x1p-24)
			checkConvolution[float64](t, g.l, g.in, 0x1p-53)
		})
	}
}

func checkConvolution[T tensor.Float](t *testing.T, l Convolution, in tensor.Shape, u float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	shapes, err := l.Infer([]tensor.Shape{in})
	if err != nil {
		t.Fatal(err)
	}
	c := &Call[T]{In: []*tensor.Tensor[T]{drawn[T](r, in...)}}
	for _, s := range l.ParamShapes([]tensor.Shape{in}) {
		c.Params = append(c.Params, drawn[T](r, s...))
	}
	want := tensor.New[T](shapes[0]...)
	plain := *c
	plain.Out = []*tensor.Tensor[T]{want}
	convolvePlain(l, &plain)
	limit := roundings(l, &plain, u)
	for _, workers := range []int{1, 2, 16} {
		got := tensor.New[T](shapes[0]...)
		fast := *c
		fast.Out, fast.Workers = []*tensor.Tensor[T]{got}, workers
		convolve(l, &fast)
		for i := range want.Data {
			if d := math.Abs(float64(got.Data[i] - want.Data[i])); !(d <= limit.Data[i]) {
				t.Fatalf("%d workers: %v is %v, want %v", workers, shapes[0].Index(i), got.Data[i], want.Data[i])
			}
		}
	}
}

// roundings bounds the difference of two orders of summation: of each, every one of the terms and the bias is rounded once a
// sum and once a product.
func roundings[T tensor.Float](l Convolution, c *Call[T], u float64) *tensor.Tensor[float64] {
	terms := c.Params[0].Shape[1:].Len() + 1
	bound := &Call[float64]{In: absolute(c.In), Params: absolute(c.Params), Out: []*tensor.Tensor[float64]{tensor.New[float64](c.Out[0].Shape...)}}
	convolvePlain(l, bound)
	for i := range bound.Out[0].Data {
		bound.Out[0].Data[i] *= 2 * 1.01 * float64(terms) * u
	}
	return bound.Out[0]
}

func absolute[T tensor.Float](list []*tensor.Tensor[T]) (out []*tensor.Tensor[float64]) {
	for _, t := range list {
		a := tensor.As[float64](t).Clone()
		for i, v := range a.Data {
			a.Data[i] = math.Abs(v)
		}
		out = append(out, a)
	}
	return out
}

// A tensor read from a file has no room behind its end, and its last row must not be read over.
func TestConvolutionOfATensorWithoutSlack(t *testing.T) {
	l := Convolution{window(1, 1, 0), 5, 1, true}
	r := rand.New(rand.NewPCG(1, 1))
	x, w, b := drawn[float32](r, 1, 3, 5, 5), drawn[float32](r, 5, 3, 1, 1), drawn[float32](r, 5)
	tight := tensor.From(append(make([]float32, 0, len(x.Data)), x.Data...)[:len(x.Data):len(x.Data)], 1, 3, 5, 5)
	var got [2]*tensor.Tensor[float32]
	for i, in := range []*tensor.Tensor[float32]{x, tight} {
		got[i] = tensor.New[float32](1, 5, 5, 5)
		l.Forward32(&Call[float32]{In: []*tensor.Tensor[float32]{in}, Params: []*tensor.Tensor[float32]{w, b}, Out: got[i : i+1], Workers: 1})
	}
	for i, v := range got[0].Data {
		if got[1].Data[i] != v {
			t.Fatalf("element %d: %v with room, %v without", i, v, got[1].Data[i])
		}
	}
}
