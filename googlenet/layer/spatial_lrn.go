package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// SpatialLRN is local response normalisation over a Size by Size window of each map,
//
//	y = x / (1 + Alpha * sum of x^2 over the window around it)^Beta
//
// where the window is cut off at the border. Alpha multiplies the plain sum, as in LRN; Caffe states Alpha * Size^2.
type SpatialLRN struct {
	Size        int // odd
	Alpha, Beta float64
}

func (SpatialLRN) Kind() string { return "SpatialLRN" }

func (l SpatialLRN) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if _, _, _, _, err := spatial(l, in); err != nil {
		return nil, err
	}
	if l.Size < 1 || l.Size%2 == 0 {
		return nil, fmt.Errorf("SpatialLRN needs an odd window, got %d by %d cells", l.Size, l.Size)
	}
	return same(l, in)
}

func (l SpatialLRN) Forward32(c *Call[float32]) { spatialLRN(l, c) }
func (l SpatialLRN) Forward64(c *Call[float64]) { spatialLRN(l, c) }

// Attributes lists the settings; alpha as it multiplies the sum.
func (l SpatialLRN) Attributes() []Attribute {
	return []Attribute{{"window", strconv.Itoa(l.Size) + "x" + strconv.Itoa(l.Size)}, {"alpha", number(l.Alpha)}, {"beta", number(l.Beta)}}
}

func spatialLRN[T tensor.Float](l SpatialLRN, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	l.EachWindow(x.Shape, c.Workers, func(at int, window Group) {
		y.Data[at] = x.Data[at] * T(math.Pow(float64(spatialScale(l, x, window)), -l.Beta))
	})
}

// spatialScale is the normaliser 1 + Alpha sum x^2.
func spatialScale[T tensor.Float](l SpatialLRN, x *tensor.Tensor[T], window Group) T {
	return 1 + T(l.Alpha)*sumOver(window, func(at int) T { return x.Data[at] * x.Data[at] })
}

func (l SpatialLRN) Backward32(g *Gradient[float32]) { spatialLRNBackward(l, g) }
func (l SpatialLRN) Backward64(g *Gradient[float64]) { spatialLRNBackward(l, g) }

// spatialLRNBackward: with s the normaliser and the sum over the window around x, whose cells are those that have x in
// theirs,
//
//	dx = dy s^-Beta - 2 Alpha Beta x sum (dy y / s)
func spatialLRNBackward[T tensor.Float](l SpatialLRN, g *Gradient[T]) {
	if g.InGrad[0] == nil {
		return
	}
	x, y, d, to := g.In[0], g.Out[0].Data, g.OutGrad[0].Data, g.InGrad[0].Data
	shares := tensor.New[T](x.Shape...)
	l.EachWindow(x.Shape, g.Workers, func(at int, window Group) {
		s := spatialScale(l, x, window)
		shares.Data[at] = d[at] * y[at] / s
		to[at] = d[at] * T(math.Pow(float64(s), -l.Beta))
	})
	l.EachWindow(x.Shape, g.Workers, func(at int, window Group) {
		to[at] -= T(2*l.Alpha*l.Beta) * x.Data[at] * sumOver(window, func(k int) T { return shares.Data[k] })
	})
}

// EachWindow calls f with every element's offset and the cells of its window.
func (l SpatialLRN) EachWindow(s tensor.Shape, workers int, f func(at int, window Group)) {
	h, w, half := s[2], s[3], l.Size/2
	parallel.For(workers, s[0]*s[1], func(plane int) {
		for i := range h * w {
			top, left := max(i/w-half, 0), max(i%w-half, 0)
			bottom, right := min(i/w+half, h-1), min(i%w+half, w-1)
			f(plane*h*w+i, Group{Start: plane*h*w + top*w + left, Length: right - left + 1, Stride: w, Count: bottom - top + 1})
		}
	})
}
