package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// minimalFiltering computes m outputs of an r-tap filter from m+r-1 inputs by as many products,
//
//	y = A' [(G g) . (B' d)],
//
// and with these on both sides m x m outputs of an r x r filter (Winograd, Arithmetic Complexity of Computations, 1980;
// Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016). Only the magnitudes of the three matter here.
type minimalFiltering struct {
	m, r    int
	a, g, b [][]float64 // m x t, t x r, t x t with t = m+r-1
}

// points are those of Lavin and Gray, at which the polynomials are evaluated; one more is infinity. A scale of a row of B' is
// undone in that of G: what follows from the magnitudes depends on the points alone.
var points = []float64{0, 1, -1, 2, -2}

// newMinimalFiltering derives the matrices by Toom and Cook's interpolation: with the products' polynomial M = prod (x - p_l) and
// M_k without the factor of point k, A'[i][k] = p_k^i, G[k][j] = p_k^j / M_k(p_k), B'[k] the coefficients of M_k; for the
// point at infinity A' and G have the highest power, and B' the coefficients of M.
func newMinimalFiltering(m, r int) *minimalFiltering {
	t := m + r - 1
	f := &minimalFiltering{m: m, r: r, a: matrix(m, t), g: matrix(t, r), b: matrix(t, t)}
	at := points[:t-1]
	for k, p := range at {
		rest, scale := []float64{1}, 1.0
		for l, q := range at {
			if l != k {
				rest, scale = times(rest, q), scale*(p-q)
			}
		}
		for i := range f.a {
			f.a[i][k] = math.Abs(math.Pow(p, float64(i)))
		}
		for j := range r {
			f.g[k][j] = math.Abs(math.Pow(p, float64(j)) / scale)
		}
		magnitudes(f.b[k], rest)
	}
	whole := []float64{1}
	for _, q := range at {
		whole = times(whole, q)
	}
	f.a[m-1][t-1], f.g[t-1][r-1] = 1, 1
	magnitudes(f.b[t-1], whole)
	return f
}

func matrix(rows, columns int) [][]float64 {
	list := make([][]float64, rows)
	for i := range list {
		list[i] = make([]float64, columns)
	}
	return list
}

// times multiplies a polynomial, lowest power first, with x - p.
func times(c []float64, p float64) []float64 {
	out := make([]float64, len(c)+1)
	for i, v := range c {
		out[i+1] += v
		out[i] -= p * v
	}
	return out
}

func magnitudes(to, from []float64) {
	for i, v := range from {
		to[i] = math.Abs(v)
	}
}

// roundings is how many an output goes through for a number of input channels: in each of both directions of the three transforms
// the products of a row, whose constants may be rounded, and their additions; the product; and the channels' additions.
func (f *minimalFiltering) roundings(channels int) int {
	return 2*(longestRow(f.a)+longestRow(f.g)+longestRow(f.b)+3) + 1 + channels
}

func longestRow(rows [][]float64) int {
	most := 0
	for _, row := range rows {
		n := 0
		for _, v := range row {
			if v != 0 {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// filterings lists what a producer may compute a convolution by; none for one with another kernel or a stride.
func (a Arithmetic) filterings(l layer.Convolution) []*minimalFiltering {
	one := [2]int{1, 1}
	if l.Stride != one || l.Dilation != one || l.Groups != 1 || l.Kernel[0] != l.Kernel[1] {
		return nil
	}
	var list []*minimalFiltering
	for _, tile := range []struct {
		used bool
		m    int
	}{{a.Winograd.Two, 2}, {a.Winograd.Four, 4}} {
		if tile.used && (l.Kernel[0] == 3 || l.Kernel[0] == 5 && tile.m == 2) {
			list = append(list, newMinimalFiltering(tile.m, l.Kernel[0]))
		}
	}
	return list
}

// filtered widens the bound of a convolution to that of minimal filtering. As no sum on the way exceeds the sum of the
// magnitudes of its terms, with n roundings
//
//	B = |W| e + gamma_n (|A'| [(|G| |W| |G'|) . (|B'| (|x| + e) |B|)] |A| + |b|) + what underflows
//
// added up over the channels (Barabasz and others, Error analysis and improving the accuracy of Winograd convolution for deep
// neural networks, ACM TOMS 46, 2020, have norms in its place). Where a producer begins its tiles is not known: an output takes the
// largest bound of all places in a tile.
func (c *Call) filtered(b *tensor.Tensor[float64]) {
	l := c.Layer.(layer.Convolution)
	for _, f := range c.Producer.Math.filterings(l) {
		n := f.roundings(c.Params[0].Shape[1])
		if l.Bias {
			n++
		}
		g, limit, inner := c.gamma(n), c.passedOn(l), b.Shape[2:].Len()
		size, floor := c.amplified(f, l), f.floor(c.Params[0])*c.Producer.Tiny
		for i := range b.Data {
			v := limit(i) + g*size.Data[i] + floor
			if l.Bias {
				v += g * math.Abs(c.Params[1].Data[i/inner%l.Outputs])
			}
			b.Data[i] = max(b.Data[i], v)
		}
	}
}

// passedOn is what the errors of a convolution's input and parameters make of an output.
func (c *Call) passedOn(l layer.Convolution) func(at int) float64 {
	var sum *tensor.Tensor[float64]
	add := func(x, w *tensor.Tensor[float64]) {
		l.Bias = false
		if t := c.run(l, []*tensor.Tensor[float64]{x}, []*tensor.Tensor[float64]{w})[0]; sum == nil {
			sum = t
		} else {
			addScaled(sum, 1, t)
		}
	}
	if e := c.Err[0]; e != nil {
		add(e, magnitude(c.Params[0], c.paramError(0)))
	}
	if e := c.paramError(0); e != nil {
		add(abs(c.In[0]), e)
	}
	return atOrZero(sum)
}

// floor is how many times tiny an output may lose where something on the way to it underflows: of the transformed input,
// times the largest transformed weight, and of the products, times the sums of |A'| in both directions.
func (f *minimalFiltering) floor(w *tensor.Tensor[float64]) float64 {
	largest, most := 0.0, func(rows [][]float64) float64 {
		sum := 0.0
		for _, row := range rows {
			s := 0.0
			for _, v := range row {
				s += v
			}
			sum = max(sum, s)
		}
		return sum
	}
	for _, v := range w.Data {
		largest = max(largest, math.Abs(v))
	}
	channels := float64(w.Shape[1])
	a, g, b := most(f.a), most(f.g), most(f.b)
	return channels * a * a * (1 + g*g*largest + b*b) * 4
}

// bandFloats is how many numbers of transformed tiles are held at a time.
const bandFloats = 1 << 22

// amplified is the sum of magnitudes of minimal filtering for every output, for the worst place that each product's terms
// may have in a tile: with V the largest over all places (i, j) of |A'|[i][k] |A'|[j][l] (|B'| |x| |B|)[k][l] of the tile that puts an
// output there, it is the 1x1 convolution of the (m+r-1)^2 planes of V with (|G| |W| |G'|)[k][l]. It is computed in bands of rows.
func (c *Call) amplified(f *minimalFiltering, l layer.Convolution) *tensor.Tensor[float64] {
	x, out := magnitude(c.In[0], c.Err[0]), tensor.New[float64](c.Out[0].Shape...)
	kernels := f.kernels(magnitude(c.Params[0], c.paramError(0)))
	one := [2]int{1, 1}
	mix := layer.Convolution{Window: layer.Window{Kernel: one, Stride: one, Dilation: one}, Outputs: out.Shape[1], Groups: 1}
	images, outputs, height, width := out.Shape[0], out.Shape[1], out.Shape[2], out.Shape[3]
	planes := kernels.Shape[1]
	band := max(1, bandFloats/(planes*images*width))
	for first := 0; first < height; first += band {
		rows := min(band, height-first)
		call := &layer.Call[float64]{In: []*tensor.Tensor[float64]{f.tiles(x, l, first, rows, width, c.Workers)}, Params: []*tensor.Tensor[float64]{kernels},
			Out: []*tensor.Tensor[float64]{tensor.New[float64](images, outputs, rows, width)}, Workers: c.Workers}
		mix.Forward64(call)
		for i := range images * outputs {
			copy(out.Data[(i*height+first)*width:], call.Out[0].Data[i*rows*width:(i+1)*rows*width])
		}
	}
	return out
}

// kernels are (|G| |W| |G'|)[k][l] as the weights of a 1x1 convolution: outputs x channel, k, l.
func (f *minimalFiltering) kernels(w *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	t, outputs, channels := f.m+f.r-1, w.Shape[0], w.Shape[1]
	out := tensor.New[float64](outputs, channels*t*t, 1, 1)
	for at := range outputs * channels {
		kernel := w.Data[at*f.r*f.r : (at+1)*f.r*f.r]
		for k := range t {
			for l := range t {
				sum := 0.0
				for i := range f.r {
					for j := range f.r {
						sum += f.g[k][i] * f.g[l][j] * kernel[i*f.r+j]
					}
				}
				out.Data[at*t*t+k*t+l] = sum
			}
		}
	}
	return out
}

// tiles are the planes V for some rows of the output: images x channel, k, l x rows x columns.
func (f *minimalFiltering) tiles(x *tensor.Tensor[float64], l layer.Convolution, first, rows, columns, workers int) *tensor.Tensor[float64] {
	t, h, w := f.m+f.r-1, x.Shape[2], x.Shape[3]
	top, left, _, _ := l.Padding.For(h, w, l.Window)
	out := tensor.New[float64](x.Shape[0], x.Shape[1]*t*t, rows, columns)
	parallel.For(workers, x.Shape[0]*x.Shape[1], func(i int) {
		plane := x.Data[i*h*w : (i+1)*h*w]
		cell := func(y, k int) float64 { // of the input, from the place of the first tile on
			y, k = y+first-top-f.m+1, k-left-f.m+1
			if y < 0 || k < 0 || y >= h || k >= w {
				return 0
			}
			return plane[y*w+k]
		}
		f.transform(out.Data[i*t*t*rows*columns:], cell, rows, columns)
	})
	return out
}

// transform fills the planes of one channel: the transformed tiles of every place from m-1 before the first output on, first
// along the columns, then along the rows, and of these the largest that an output may meet.
func (f *minimalFiltering) transform(out []float64, cell func(y, x int) float64, rows, columns int) {
	t, height, width := f.m+f.r-1, rows+f.m-1, columns+f.m-1
	along, tile := make([]float64, (height+t-1)*width), make([]float64, height*width)
	for l := range t {
		for i := range along {
			along[i] = 0
			for j, b := range f.b[l] {
				if b != 0 {
					along[i] += b * cell(i/width, i%width+j)
				}
			}
		}
		for k := range t {
			clear(tile)
			for j, b := range f.b[k] {
				addTimes(tile, b, along[j*width:])
			}
			f.largest(out[(k*t+l)*rows*columns:][:rows*columns], tile, k, l, columns)
		}
	}
}

// largest takes the largest over the places of an output in a tile; the tile that has it in row i and column j begins that far
// before it.
func (f *minimalFiltering) largest(to, tile []float64, k, l, columns int) {
	width := columns + f.m - 1
	for i := range f.m {
		for j := range f.m {
			factor := f.a[i][k] * f.a[j][l]
			for y := 0; y < len(to)/columns && factor != 0; y++ {
				from := tile[(y+f.m-1-i)*width+f.m-1-j:][:columns]
				for x, v := range from {
					to[y*columns+x] = max(to[y*columns+x], factor*v)
				}
			}
		}
	}
}

// addTimes adds f times the beginning of x.
func addTimes(to []float64, f float64, x []float64) {
	if f == 0 {
		return
	}
	x = x[:len(to)]
	for i := range to {
		to[i] += f * x[i]
	}
}
