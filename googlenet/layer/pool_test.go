package layer

import (
	"math"
	"testing"

	"parity/googlenet/tensor"
)

func ceiling(kernel, stride int) Pool { return Pool{Window: window(kernel, stride, 0), Ceil: true} }

// TestMeanOfNothing: Caffe divides the sum of a window outside the map by the product of what lies between, which is
// negative along one axis, positive along two and may be zero.
func TestMeanOfNothing(t *testing.T) {
	x := tensor.New[float64](1, 1, 2, 2)
	for i := range x.Data {
		x.Data[i] = 4
	}
	for _, c := range []struct {
		stride int
		want   []float64
	}{
		{3, []float64{4, math.Copysign(0, -1), math.Copysign(0, -1), 0}}, // starts one cell behind the end
		{2, []float64{4}},
	} {
		got := forward(t, AveragePool{ceiling(1, c.stride), PaddedCells}, []*tensor.Tensor[float64]{x})[0]
		for i, w := range c.want {
			if g := got.Data[i]; g != w || math.Signbit(g) != math.Signbit(w) {
				t.Errorf("stride %d: got %v, want %v", c.stride, got.Data, c.want)
			}
		}
	}
	column := tensor.From([]float64{4, 4, 4}, 1, 1, 3, 1)
	got := forward(t, AveragePool{ceiling(1, 3), PaddedCells}, []*tensor.Tensor[float64]{column})[0]
	if want := (tensor.Shape{1, 1, 2, 1}); !got.Shape.Equal(want) || got.Data[0] != 4 || !math.IsNaN(got.Data[1]) {
		t.Errorf("got %v %v, want %v and NaN at the end", got.Shape, got.Data, want)
	}
}

// TestSpill: the gradients of windows outside the map go to the last cell of the plane before.
func TestSpill(t *testing.T) {
	x, d := tensor.From([]float64{1, 2, 3, 4}, 1, 2, 2, 1), tensor.From([]float64{1, 10, 100, 1000}, 1, 2, 2, 1)
	for _, c := range []struct {
		spill bool
		want  []float64
	}{{true, []float64{1, 1000, 100, 0}}, {false, []float64{1, 0, 100, 0}}} {
		l := MaxPool{Pool: ceiling(1, 3), Spill: c.spill}
		g := &Gradient[float64]{In: []*tensor.Tensor[float64]{x}, OutGrad: []*tensor.Tensor[float64]{d}}
		g.Out, g.InGrad = forward(t, l, g.In), zeros(g.In)
		l.Backward64(g)
		close64(t, "gradient", g.InGrad[0], tensor.From(c.want, 1, 2, 2, 1))
	}
}

// TestWindowLargerThanTheMap: rounding up leaves one window as long as the next one would start beyond the map.
func TestWindowLargerThanTheMap(t *testing.T) {
	for _, c := range []struct {
		kernel, stride, want int
	}{{4, 2, 1}, {5, 3, 1}, {5, 2, 0}, {4, 1, 0}} {
		got, err := MaxPool{Pool: ceiling(c.kernel, c.stride)}.Infer([]tensor.Shape{{1, 1, 3, 3}})
		if ok := err == nil; ok != (c.want > 0) || ok && got[0][2] != c.want {
			t.Errorf("kernel %d, stride %d: got %v (%v), want %d windows", c.kernel, c.stride, got, err, c.want)
		}
	}
}

func TestStochasticPoolWeighsByValue(t *testing.T) {
	x := tensor.From([]float64{1, 3, -2, -1, 0, 0}, 1, 1, 1, 6)
	l := StochasticPool{Pool{Window: Window{Kernel: [2]int{1, 2}, Stride: [2]int{1, 2}, Dilation: [2]int{1, 1}}}}
	close64(t, "pool", forward(t, l, []*tensor.Tensor[float64]{x})[0], tensor.From([]float64{2.5, 0, 0}, 1, 1, 1, 3))
}

func TestReshapeOfAnEmptyBatch(t *testing.T) {
	got, err := Reshape{Shape: []int{0, -1, 2}}.Infer([]tensor.Shape{{0, 3, 4}})
	if want := (tensor.Shape{0, 6, 2}); err != nil || !got[0].Equal(want) {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
}
