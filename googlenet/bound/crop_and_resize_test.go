package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// cropping is a CropAndResize of drawn maps of 2x3x7x11 with the given boxes, all of the second map.
func cropping(l layer.CropAndResize, boxes ...float64) execution {
	n := len(boxes) / 4
	of := tensor.New[float64](n)
	for i := range of.Data {
		of.Data[i] = 1
	}
	r := rand.New(rand.NewPCG(3, 4))
	in := []*tensor.Tensor[float64]{fill(r, 5, 2, 3, 7, 11), tensor.From(boxes, n, 4), of}
	return execution{l: l, in: in, shapes: []tensor.Shape{{n, 3, l.Size[0], l.Size[1]}}}
}

func TestCropSettingsLeaveTheBound(t *testing.T) {
	base := layer.CropAndResize{Size: [2]int{3, 5}, Outside: 2}
	for name, with := range map[string]layer.CropAndResize{
		"nearest": {Size: base.Size, Outside: 2, Nearest: true}, "outside": {Size: base.Size, Outside: 2.001},
	} {
		x := cropping(base, 0.3, -0.2, 1.4, 0.7)
		if r := worst(x.run64(base, x.in), x.run64(with, x.in), x.bound(t, AnyOrder, nil)); r <= 1 {
			t.Errorf("%s: the change stays inside the bound: ratio %g", name, r)
		}
	}
}

// A box that ends on the border does so in any precision where nothing rounds: steps of 6/3 and 10/4 cells. Steps of 10/6
// round, and the last column may be read from beyond.
func TestCropOnTheBorder(t *testing.T) {
	for _, row := range []struct {
		size  [2]int
		sharp bool
	}{{[2]int{4, 5}, true}, {[2]int{4, 7}, false}} {
		l := layer.CropAndResize{Size: row.size, Outside: 100}
		x := cropping(l, 0, 0, 1, 1)
		b := x.bound(t, TensorFlow, nil)[0]
		if last := b.Data[row.size[1]-1]; row.sharp != (last < 1e-4) {
			t.Errorf("%v: the bound of the last column is %g", row.size, last)
		}
		d := []*tensor.Tensor[float64]{fill(rand.New(rand.NewPCG(1, 1)), 1, x.shapes[0]...)}
		g, _ := backward[float64](x, x.in, d)
		got, err := OfGradient(&GradientCall{Layer: l, Gradient: g, InErr: none(x.in), OutErr: none(d), OutGradErr: none(d), Producer: TensorFlow})
		if err != nil || row.sharp != (got.Undecided == 0) {
			t.Errorf("%v: %d undecided, %v", row.size, got.Undecided, err)
		}
	}
}

// Boxes that copy cells have the gradient of blended ones where that is asked for; both are held by their bounds.
func TestSmoothGradientOfBoxes(t *testing.T) {
	boxes := []float64{0.1, 0.25, 0.9375, 0.7, 0.8, 0.9, 0.2, 0.3}
	d := fill(rand.New(rand.NewPCG(5, 5)), 1, 2, 3, 3, 5)
	for _, smooth := range []bool{false, true} {
		x := cropping(layer.CropAndResize{Size: [2]int{3, 5}, Nearest: true, Smooth: smooth}, boxes...)
		for i, v := range boxes {
			x.in[1].Data[i] = float64(float32(v))
		}
		grad := []*tensor.Tensor[float64]{d}
		g, exact := backward[float64](x, x.in, grad)
		_, got := backward[float32](x, x.in, grad)
		b := gradientBound(t, x, g, Native32, none(x.in), none(grad), none(grad))
		if r := worst(exact, got, b); !(r <= 1) {
			t.Errorf("a float32 run is %g times over the bound", r)
		}
		linear := cropping(layer.CropAndResize{Size: [2]int{3, 5}}, x.in[1].Data...)
		_, blended := backward[float64](linear, linear.in, grad)
		same := true
		for i, v := range blended[1].Data {
			same = same && math.Abs(v-exact[1].Data[i]) < 1e-12
		}
		if same != smooth {
			t.Errorf("smooth %v: the gradient of boxes is %v, that of blended cells %v", smooth, exact[1].Data, blended[1].Data)
		}
	}
}
