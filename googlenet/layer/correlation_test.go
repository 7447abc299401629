package layer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/tensor"
)

// forward runs a layer in float64.
func forward(t *testing.T, l Layer, in []*tensor.Tensor[float64], params ...*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	t.Helper()
	return run(t, l, &Gradient[float64]{In: in, Params: params})
}

func close64(t *testing.T, what string, got, want *tensor.Tensor[float64]) {
	t.Helper()
	if !got.Shape.Equal(want.Shape) {
		t.Fatalf("%s: got shape %v, want %v", what, got.Shape, want.Shape)
	}
	for i, w := range want.Data {
		if !(math.Abs(got.Data[i]-w) <= 1e-12*(1+math.Abs(w))) {
			t.Fatalf("%s: %v is %v, want %v", what, want.Shape.Index(i), got.Data[i], w)
		}
	}
}

// TestConvolutionNDIsConvolution holds the plain form for any number of axes against the one for two, and the columns
// that Im2col lays out against both.
func TestConvolutionNDIsConvolution(t *testing.T) {
	for _, g := range geometries {
		t.Run(fmt.Sprintf("%v of %v", g.l, g.in), func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 3))
			in := []*tensor.Tensor[float64]{drawn[float64](r, g.in...)}
			var params []*tensor.Tensor[float64]
			for _, s := range g.l.ParamShapes([]tensor.Shape{g.in}) {
				params = append(params, drawn[float64](r, s...))
			}
			want := forward(t, g.l, in, params...)[0]
			nd := ConvolutionND{g.l.nd(g.in[2], g.in[3]), 1, g.l.Outputs, g.l.Groups, g.l.Bias}
			close64(t, "ConvolutionND", forward(t, nd, in, params...)[0], want)
			columns := forward(t, Im2col{nd.WindowND, 1}, in)[0]
			point := ConvolutionND{WindowND{}, 1, g.l.Outputs, g.l.Groups, g.l.Bias}
			n, c, cells := columns.Shape[0], columns.Shape[1], columns.Shape[2:].Len()
			rows := tensor.Permute(columns.Reshaped(n, c, cells), 0, 2, 1).Reshaped(n*cells, c)
			params[0] = params[0].Reshaped(g.l.Outputs, params[0].Shape[1:].Len())
			product := forward(t, point, []*tensor.Tensor[float64]{rows}, params...)[0]
			close64(t, "product of columns", tensor.Permute(product.Reshaped(n, cells, g.l.Outputs), 0, 2, 1).Reshaped(want.Shape...), want)
		})
	}
}

func dot(a, b *tensor.Tensor[float64]) float64 {
	sum := 0.0
	for i, v := range a.Data {
		sum += v * b.Data[i]
	}
	return sum
}

// TestDeconvolutionIsTransposed checks <conv x, y> = <x, deconv y> for every geometry.
func TestDeconvolutionIsTransposed(t *testing.T) {
	for _, g := range geometries {
		t.Run(fmt.Sprintf("%v of %v", g.l, g.in), func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 5))
			l := g.l
			l.Bias = false
			x, w := drawn[float64](r, g.in...), drawn[float64](r, l.ParamShapes([]tensor.Shape{g.in})[0]...)
			up := forward(t, l, []*tensor.Tensor[float64]{x}, w)[0]
			y := drawn[float64](r, up.Shape...)
			back := Deconvolution{Window: l.Window, Outputs: g.in[1], Groups: l.Groups}
			nd := l.nd(g.in[2], g.in[3])
			back.Padding = Padding{Top: nd.Before[0], Left: nd.Before[1], Bottom: nd.After[0], Right: nd.After[1]}
			for a := range back.Extra { // what the strides pass over at the end
				back.Extra[a] = (g.in[2+a] + nd.Before[a] + nd.After[a] - nd.extent(a)) % nd.Stride[a]
			}
			down := forward(t, back, []*tensor.Tensor[float64]{y}, w)[0]
			if !down.Shape.Equal(g.in) {
				t.Fatalf("got shape %v, want %v", down.Shape, g.in)
			}
			if a, b := dot(up, y), dot(x, down); !(math.Abs(a-b) <= 1e-10*(1+math.Abs(a))) {
				t.Errorf("got %v, want %v", b, a)
			}
		})
	}
}

// TestDeconvolutionByHand: two inputs at a stride of 2 through a kernel of 3 overlap in the middle.
func TestDeconvolutionByHand(t *testing.T) {
	l := DeconvolutionND{WindowND: WindowND{Kernel: []int{3}, Stride: []int{2}, Dilation: []int{1}, Before: []int{0}, After: []int{0}}, Axis: 1, Outputs: 1, Groups: 1, Bias: true}
	in := []*tensor.Tensor[float64]{tensor.From([]float64{1, 2}, 1, 1, 2)}
	params := []*tensor.Tensor[float64]{tensor.From([]float64{10, 20, 30}, 1, 1, 3), tensor.From([]float64{1}, 1)}
	close64(t, "whole", forward(t, l, in, params...)[0], tensor.From([]float64{11, 21, 51, 41, 61}, 1, 1, 5))
	l.Before, l.Extra = []int{1}, []int{2}
	close64(t, "cut at the front, longer at the end", forward(t, l, in, params...)[0], tensor.From([]float64{21, 51, 41, 61, 1, 1}, 1, 1, 6))
}

// TestSameDeconvolution: with padding SAME the output has stride times the input's cells.
func TestSameDeconvolution(t *testing.T) {
	for _, kernel := range []int{1, 2, 3, 4, 5} {
		for _, stride := range []int{1, 2, 3} {
			w := window(kernel, stride, 0)
			w.Padding = Padding{Mode: SameUpper}
			got, err := Deconvolution{Window: w, Outputs: 2, Groups: 1}.Infer([]tensor.Shape{{1, 3, 4, 5}})
			if want := (tensor.Shape{1, 2, 4 * stride, 5 * stride}); err != nil || !got[0].Equal(want) {
				t.Errorf("kernel %d, stride %d: got %v (%v), want %v", kernel, stride, got, err, want)
			}
		}
	}
}
