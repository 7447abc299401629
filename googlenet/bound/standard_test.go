package bound

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// standard32 is (x - mean) / sqrt(variance + epsilon), or with an outer epsilon / (sqrt(variance) + epsilon), with float32 sums
// from left to right.
func standard32(x []float64, epsilon float32, outer bool) []float64 {
	share := 1 / float32(len(x))
	var mean, variance float32
	for _, v := range x {
		mean += float32(v)
	}
	mean *= share
	d := make([]float32, len(x))
	for i, v := range x {
		d[i] = float32(v) - mean
		variance += d[i] * d[i]
	}
	variance *= share
	s := float32(math.Sqrt(float64(variance + epsilon)))
	if outer {
		s = float32(math.Sqrt(float64(variance))) + epsilon
	}
	y := make([]float64, len(x))
	for i := range x {
		y[i] = float64(d[i] / s)
	}
	return y
}

// Groups whose rounding errors are all there is of them, or whose squares leave the range of float32.
func TestStandardAtTheLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, row := range []struct {
		what         string
		n            int
		mean, spread float64
	}{
		{"constant", 315, 1234.567, 0},
		{"nearly constant", 315, 1e6, 0.25},
		{"far from zero", 3150, 1e4, 1},
		{"single", 1, 77.7, 0},
		{"a pair", 2, 1e3, 1e-3},
		{"zeros", 315, 0, 0},
		{"tiny", 315, 0, 1e-22},
		{"denormal", 315, 0, 1e-40},
		{"squares overflow", 315, 0, 1e20},
	} {
		x := fill(r, row.spread, 1, 1, row.n)
		for i := range x.Data {
			x.Data[i] = float64(float32(x.Data[i] + row.mean))
		}
		for _, l := range []layer.Layer{
			layer.BatchNorm{Epsilon: float64(float32(1e-5)), Batch: true}, layer.MVN{Axis: 2, Variance: true, Epsilon: float64(float32(1e-9))},
		} {
			t.Run(fmt.Sprint(row.what, "/", l.Kind()), func(t *testing.T) {
				m, outer := l.(layer.MVN)
				epsilon := float32(1e-5)
				if outer {
					epsilon = float32(m.Epsilon)
				}
				run := execution{l: l, in: []*tensor.Tensor[float64]{x}, shapes: []tensor.Shape{x.Shape}}
				got := []*tensor.Tensor[float64]{tensor.From(standard32(x.Data, epsilon, outer), x.Shape...)}
				b := run.bound(t, Caffe, nil)
				if r := worst(run.run64(l, run.in), got, b); !(r <= 1) {
					t.Errorf("a float32 run is %g times over the bound", r)
				}
				if most := 3 * math.Sqrt(float64(row.n)); !(b[0].Data[0] <= most) {
					t.Errorf("a bound of %g, where nothing can exceed %g", b[0].Data[0], most)
				}
			})
		}
	}
}

func TestUpdateStaysInside(t *testing.T) {
	l := layer.BatchNorm{Epsilon: 1e-5, Batch: true, Momentum: float64(float32(0.9))}
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{5, 3, 7, 2}}}, 10, 1)
	c := &Call{Layer: l, In: x.in, Params: x.params, Err: none(x.in), Producer: Native32}
	b, err := OfUpdate(c)
	if err != nil {
		t.Fatal(err)
	}
	want := l.Update64(&layer.Call[float64]{In: x.in, Params: x.params})
	update32 := func(l layer.BatchNorm) []*tensor.Tensor[float64] {
		return convert64(l.Update32(&layer.Call[float32]{In: convert[float32](x.in), Params: convert[float32](x.params)}))
	}
	if r := worst(want, update32(l), b); !(r <= 1) {
		t.Errorf("a float32 update is %g times over the bound", r)
	}
	l.Momentum = 0.901
	if r := worst(want, update32(l), b); r <= 1 {
		t.Errorf("another momentum stays inside the bound: ratio %g", r)
	}
}

func convert64(list []*tensor.Tensor[float32]) []*tensor.Tensor[float64] {
	var out []*tensor.Tensor[float64]
	for _, t := range list {
		out = append(out, tensor.As[float64](t))
	}
	return out
}
