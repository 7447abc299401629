package bound

import (
	"math"
	"math/rand/v2"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// The matrices as Lavin and Gray print them.
var published = map[int][3][][]float64{
	2: {
		{{1, 1, 1, 0}, {0, 1, -1, -1}},
		{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
		{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
	},
	4: {
		{{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}},
		{{0.25, 0, 0}, {-1. / 6, -1. / 6, -1. / 6}, {-1. / 6, 1. / 6, -1. / 6}, {1. / 24, 1. / 12, 1. / 6}, {1. / 24, -1. / 12, 1. / 6}, {0, 0, 1}},
		{{4, 0, -5, 0, 1, 0}, {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0}, {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}},
	},
}

// Magnitudes of A'[i][k] G[k][j] B'[k][l] do not depend on how the rows are scaled.
func TestMatricesAreThoseThatArePublished(t *testing.T) {
	for m, want := range published {
		f := newMinimalFiltering(m, 3)
		for k := range want[2] {
			for i := range m {
				for j := range 3 {
					for l := range want[2] {
						a, b := f.a[i][k]*f.g[k][j]*f.b[k][l], math.Abs(want[0][i][k]*want[1][k][j]*want[2][k][l])
						if math.Abs(a-b) > 1e-14*b {
							t.Fatalf("F(%d, 3), product %d: %g for output %d, weight %d and input %d, published %g", m, k, a, i, j, l, b)
						}
					}
				}
			}
		}
	}
}

// filter32 is a 3x3 convolution with a padding of 1 by minimal filtering in float32, with tiles that begin that far before the
// first output.
func filter32(x, w *tensor.Tensor[float64], bias []float64, m, before int) *tensor.Tensor[float64] {
	mats := published[m]
	t := m + 2
	n, channels, h, width, outputs := x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], w.Shape[0]
	out := tensor.New[float64](n, outputs, h, width)
	both := func(left [][]float64, in [][]float32) [][]float32 { // left in left'
		half := product32(left, in)
		return transposed32(product32(left, transposed32(half)))
	}
	for image := range n {
		for o := range outputs {
			for y0 := -before; y0 < h; y0 += m {
				for x0 := -before; x0 < width; x0 += m {
					sum := grid32(t, t)
					for c := range channels {
						d, g := grid32(t, t), grid32(3, 3)
						for i := range t {
							for j := range t {
								if y, k := y0+i-1, x0+j-1; y >= 0 && k >= 0 && y < h && k < width {
									d[i][j] = float32(x.Data[((image*channels+c)*h+y)*width+k])
								}
							}
						}
						for i := range 9 {
							g[i/3][i%3] = float32(w.Data[(o*channels+c)*9+i])
						}
						u, v := both(mats[1], g), both(mats[2], d)
						for i := range t {
							for j := range t {
								sum[i][j] += u[i][j] * v[i][j]
							}
						}
					}
					tile := both(mats[0], sum)
					for i := range m {
						for j := range m {
							if y, k := y0+i, x0+j; y >= 0 && k >= 0 && y < h && k < width {
								out.Data[((image*outputs+o)*h+y)*width+k] = float64(tile[i][j] + float32(bias[o]))
							}
						}
					}
				}
			}
		}
	}
	return out
}

func grid32(rows, columns int) [][]float32 {
	g := make([][]float32, rows)
	for i := range g {
		g[i] = make([]float32, columns)
	}
	return g
}

func product32(a [][]float64, b [][]float32) [][]float32 {
	out := grid32(len(a), len(b[0]))
	for i := range a {
		for j := range b[0] {
			for k := range b {
				out[i][j] += float32(a[i][k]) * b[k][j]
			}
		}
	}
	return out
}

func transposed32(a [][]float32) [][]float32 {
	out := grid32(len(a[0]), len(a))
	for i := range a {
		for j := range a[i] {
			out[j][i] = a[i][j]
		}
	}
	return out
}

func convolution3x3(channels int) layer.Convolution {
	return layer.Convolution{Window: layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: layer.Padding{Top: 1, Left: 1, Bottom: 1, Right: 1}}, Outputs: channels, Groups: 1, Bias: true}
}

// Where the inputs of an output are zero a sum of products is exact, and minimal filtering of 2x2 outputs too; that of 4x4 outputs
// adds up its neighbours and takes them away again.
func TestMinimalFilteringNeedsItsOwnBound(t *testing.T) {
	l := convolution3x3(4)
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{2, 5, 11, 13}}}, 3, 9)
	for i := range x.in[0].Data {
		if y, k := i/13%11, i%13; y < 5 && k < 6 {
			x.in[0].Data[i] = 0
		}
	}
	clear(x.params[1].Data)
	exact := x.run64(l, x.in)
	for word, m := range map[string]int{"winograd:2x2": 2, "winograd:4x4": 4} {
		limit, plain := x.bound(t, declaredMath(t, word), nil), 0.0
		for before := range m {
			got := []*tensor.Tensor[float64]{filter32(x.in[0], x.params[0], x.params[1].Data, m, before)}
			if r := worst(exact, got, limit); !(r > 1e-4 && r <= 1) {
				t.Errorf("%s, tiles %d before the first output: %g of the bound", word, before, r)
			}
			plain = max(plain, worst(exact, got, x.bound(t, AnyOrder, nil)))
		}
		if m == 4 && plain <= 1 {
			t.Errorf("%s is within the bound of a plain sum (%g): this test shows nothing", word, plain)
		}
		for i, v := range x.params[0].Data {
			x.params[0].Data[i] = v * 1.001
		}
		if r := worst(exact, x.run64(l, x.in), limit); !(r > 3) {
			t.Errorf("%s: weights that are off by a thousandth come to %g of the bound", word, r)
		}
		for i, v := range x.params[0].Data {
			x.params[0].Data[i] = v / 1.001
		}
	}
}

// Bands of rows are only a matter of memory.
func TestMinimalFilteringInBands(t *testing.T) {
	l := convolution3x3(2)
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{2, 3, 9, 7}}}, 1, 10)
	f := newMinimalFiltering(4, 3)
	whole := f.tiles(abs(x.in[0]), l, 0, 9, 7, 1)
	for first := 0; first < 9; first += 2 {
		rows := min(2, 9-first)
		part := f.tiles(abs(x.in[0]), l, first, rows, 7, 2)
		for i, v := range part.Data {
			plane, at := i/(rows*7), i%(rows*7)
			if want := whole.Data[plane*9*7+first*7+at]; v != want || v == 0 {
				t.Fatalf("rows from %d, element %d: %g, at once %g", first, i, v, want)
			}
		}
	}
}

// Only what minimal filtering is for is computed by it.
func TestWhatIsFiltered(t *testing.T) {
	both := Arithmetic{Winograd: Tiles{true, true}}
	l := convolution3x3(4)
	if n := len(both.filterings(l)); n != 2 {
		t.Errorf("%d ways for a 3x3 convolution", n)
	}
	for what, change := range map[string]func(l *layer.Convolution){
		"a stride": func(l *layer.Convolution) { l.Stride = [2]int{2, 2} }, "groups": func(l *layer.Convolution) { l.Groups = 2 },
		"dilation": func(l *layer.Convolution) { l.Dilation = [2]int{2, 2} }, "a 1x1 kernel": func(l *layer.Convolution) { l.Kernel = [2]int{1, 1} },
		"a 7x7 kernel": func(l *layer.Convolution) { l.Kernel = [2]int{7, 7} },
	} {
		other := l
		if change(&other); len(both.filterings(other)) != 0 {
			t.Errorf("%s: filtered", what)
		}
	}
	l.Kernel = [2]int{5, 5}
	if n := len(both.filterings(l)); n != 1 {
		t.Errorf("%d ways for a 5x5 convolution", n)
	}
}

// The errors of inputs and parameters go through minimal filtering as through any convolution.
func TestErrorsThroughMinimalFiltering(t *testing.T) {
	l := convolution3x3(3)
	x := draw(t, layer.Example{Layer: l, Inputs: []tensor.Shape{{1, 4, 6, 7}}}, 1, 11)
	moved, e := movedBy(rand.New(rand.NewPCG(5, 5)), x.in, 0.3)
	if r := worst(x.run64(l, x.in), x.run64(l, moved), x.bound(t, declaredMath(t, "winograd"), e)); !(r <= 1 && r > 0.1) {
		t.Errorf("%g of the bound", r)
	}
}
