package layer

import (
	"math"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Sampling is a linear map along one axis: every output cell is a weighted sum of input cells. The weights are computed
// in float32 whatever the precision of the data, as frameworks do, and are part of what a layer is: where a place falls on
// the limit between two cells, rounding decides, and the same in any precision.
type Sampling struct {
	From int
	Taps [][]Tap // of each output cell
	// Between: the two taps of a cell, a and b, are blended as a + (b - a) t.
	Between bool
	// Doubt is how many roundings the weights of another implementation may be off, relative to the sum of a cell's weights
	// without their signs: that of sines and exponentials.
	Doubt int
}

// Tap is an input cell and what it counts.
type Tap struct {
	At     int
	Weight float64
}

// Terms is the largest number of input cells that an output cell is made of.
func (s Sampling) Terms() int {
	most := 0
	for _, taps := range s.Taps {
		most = max(most, len(taps))
	}
	return most
}

// Readers is the largest number of output cells that an input cell goes into.
func (s Sampling) Readers() int {
	count := make([]int, s.From)
	most := 0
	for _, taps := range s.Taps {
		for _, t := range taps {
			count[t.At]++
			most = max(most, count[t.At])
		}
	}
	return most
}

// magnitude has the weights that rounding errors have. In a + (b - a) t those of a are 1 + t.
func (s Sampling) magnitude() Sampling {
	out := s
	out.Between = false
	out.Taps = make([][]Tap, len(s.Taps))
	for i, taps := range s.Taps {
		for j, t := range taps {
			t.Weight = math.Abs(t.Weight)
			if s.Between && j == 0 {
				t.Weight = 1 + taps[1].Weight
			}
			out.Taps[i] = append(out.Taps[i], t)
		}
	}
	return out
}

// Separable is a map of planes: one along the rows and one along the columns, then a factor.
type Separable struct {
	Vertical, Horizontal Sampling
	VerticalFirst        bool
	Factor               float64
}

// Magnitude is the map of what rounding errors are relative to.
func (s Separable) Magnitude() Separable {
	s.Vertical, s.Horizontal = s.Vertical.magnitude(), s.Horizontal.magnitude()
	s.Factor = math.Abs(s.Factor)
	return s
}

// Apply maps every plane of x, NCHW.
func (s Separable) Apply(x *tensor.Tensor[float64], workers int) *tensor.Tensor[float64] {
	out := tensor.New[float64](x.Shape[0], x.Shape[1], len(s.Vertical.Taps), len(s.Horizontal.Taps))
	separable(s, x, out, workers)
	return out
}

// Back maps gradients of the output to those of the input.
func (s Separable) Back(d *tensor.Tensor[float64], workers int) *tensor.Tensor[float64] {
	out := tensor.New[float64](d.Shape[0], d.Shape[1], s.Vertical.From, s.Horizontal.From)
	separableBackward(s, d, out, workers)
	return out
}

func separableForward[T tensor.Float](s Separable, c *Call[T]) {
	separable(s, c.In[0], c.Out[0], c.Workers)
}

func separableGradient[T tensor.Float](s Separable, g *Gradient[T]) {
	if g.InGrad[0] != nil {
		separableBackward(s, g.OutGrad[0], g.InGrad[0], g.Workers)
	}
}

func separable[T tensor.Float](s Separable, x, y *tensor.Tensor[T], workers int) {
	in, out := s.Vertical.From*s.Horizontal.From, len(s.Vertical.Taps)*len(s.Horizontal.Taps)
	parallel.For(workers, len(x.Data)/in, func(plane int) {
		from, to := x.Data[plane*in:][:in], y.Data[plane*out:][:out]
		if s.VerticalFirst {
			between := make([]T, len(s.Vertical.Taps)*s.Horizontal.From)
			sample(s.Vertical, from, between, s.Horizontal.From)
			sample(s.Horizontal, between, to, 1)
		} else {
			between := make([]T, s.Vertical.From*len(s.Horizontal.Taps))
			sample(s.Horizontal, from, between, 1)
			sample(s.Vertical, between, to, len(s.Horizontal.Taps))
		}
		if s.Factor != 1 {
			for i := range to {
				to[i] *= T(s.Factor)
			}
		}
	})
}

// sample maps along the middle one of any number x From x inner.
func sample[T tensor.Float](s Sampling, x, y []T, inner int) {
	in, out := s.From*inner, len(s.Taps)*inner
	for i := range len(x) / max(in, 1) {
		from, to := x[i*in:][:in], y[i*out:][:out]
		for cell, taps := range s.Taps {
			row := to[cell*inner:][:inner]
			if s.Between {
				blend(row, from[taps[0].At*inner:], from[taps[1].At*inner:], T(taps[1].Weight))
				continue
			}
			for j, t := range taps {
				weighted(row, from[t.At*inner:], T(t.Weight), j == 0)
			}
		}
	}
}

func blend[T tensor.Float](to, a, b []T, t T) {
	for i := range to {
		to[i] = a[i] + T((b[i]-a[i])*t)
	}
}

func weighted[T tensor.Float](to, x []T, weight T, first bool) {
	if first {
		for i := range to {
			to[i] = x[i] * weight
		}
		return
	}
	for i := range to {
		to[i] += T(x[i] * weight)
	}
}

func separableBackward[T tensor.Float](s Separable, d, to *tensor.Tensor[T], workers int) {
	in, out := s.Vertical.From*s.Horizontal.From, len(s.Vertical.Taps)*len(s.Horizontal.Taps)
	parallel.For(workers, len(to.Data)/in, func(plane int) {
		between := make([]T, s.Vertical.From*len(s.Horizontal.Taps))
		from := d.Data[plane*out:][:out]
		if s.Factor != 1 {
			from = append([]T(nil), from...)
			for i := range from {
				from[i] *= T(s.Factor)
			}
		}
		spread(s.Vertical, from, between, len(s.Horizontal.Taps))
		spread(s.Horizontal, between, to.Data[plane*in:][:in], 1)
	})
}

// spread is the transpose of sample.
func spread[T tensor.Float](s Sampling, d, to []T, inner int) {
	in, out := s.From*inner, len(s.Taps)*inner
	for i := range len(d) / max(out, 1) {
		from, sums := d[i*out:][:out], to[i*in:][:in]
		for cell, taps := range s.Taps {
			row := from[cell*inner:][:inner]
			for _, t := range taps {
				if t.Weight != 0 {
					weighted(sums[t.At*inner:][:inner], row, T(t.Weight), false)
				}
			}
		}
	}
}
