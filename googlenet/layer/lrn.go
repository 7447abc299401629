package layer

import (
	"fmt"
	"math"
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// LRN is local response normalisation across channels,
//
//	y[c] = x[c] / (K + Alpha * sum_{c' = c-(Size-1)/2}^{c+Size/2} x[c']^2)^Beta
//
// with both quotients rounded down: an even window reaches one channel further up than down, as in ONNX (Krizhevsky, Sutskever, Hinton 2012, section 3.3). Alpha multiplies the plain sum: TensorFlow's convention.
// Caffe, ONNX and PyTorch state Alpha * Size.
type LRN struct {
	Size           int
	Alpha, Beta, K float64
}

func (LRN) Kind() string { return "LRN" }

func (l LRN) Infer(in []tensor.Shape) ([]tensor.Shape, error) {
	if _, _, _, _, err := spatial(l, in); err != nil {
		return nil, err
	}
	if l.Size < 1 {
		return nil, fmt.Errorf("LRN needs a window, got one of %d channels", l.Size)
	}
	return same(l, in)
}

func (l LRN) Forward32(c *Call[float32]) { lrn(l, c) }
func (l LRN) Forward64(c *Call[float64]) { lrn(l, c) }

// Attributes lists the settings; alpha as it multiplies the sum.
func (l LRN) Attributes() []Attribute {
	return []Attribute{{"window", strconv.Itoa(l.Size)}, {"alpha", number(l.Alpha)}, {"beta", number(l.Beta)}, {"k", number(l.K)}}
}

func lrn[T tensor.Float](l LRN, c *Call[T]) {
	x, y := c.In[0], c.Out[0]
	eachScale(l, x, c.Workers, func(at int, scale T) {
		y.Data[at] = x.Data[at] * T(math.Pow(float64(scale), -l.Beta))
	})
}

// Scale returns the normaliser K + Alpha sum x^2 of every element.
func (l LRN) Scale(x *tensor.Tensor[float64], workers int) *tensor.Tensor[float64] {
	out := tensor.New[float64](x.Shape...)
	eachScale(l, x, workers, func(at int, scale float64) { out.Data[at] = scale })
	return out
}

// eachScale calls f with every element's offset and normaliser. The sum is taken anew for each channel, so that
// its rounding error does not grow with the number of channels.
func eachScale[T tensor.Float](l LRN, x *tensor.Tensor[T], workers int, f func(at int, scale T)) {
	l.EachWindow(x.Shape, workers, func(at, cells, lo, hi int) {
		var sum T
		for k := lo; k <= hi; k += cells {
			v := x.Data[k]
			sum += v * v
		}
		f(at, T(l.K)+T(l.Alpha)*sum)
	})
}

func (l LRN) Backward32(g *Gradient[float32]) { lrnBackward(l, g) }
func (l LRN) Backward64(g *Gradient[float64]) { lrnBackward(l, g) }

// lrnBackward: with s the normaliser and the sum over the c' whose window has c,
//
//	dx[c] = dy[c] s[c]^-Beta - 2 Alpha Beta x[c] sum_c' dy[c'] y[c'] / s[c']
func lrnBackward[T tensor.Float](l LRN, g *Gradient[T]) {
	x, y, d, to := g.In[0], g.Out[0].Data, g.OutGrad[0].Data, g.InGrad[0].Data
	shares := tensor.New[T](x.Shape...)
	eachScale(l, x, g.Workers, func(at int, scale T) {
		shares.Data[at] = d[at] * y[at] / scale
		to[at] = d[at] * T(math.Pow(float64(scale), -l.Beta))
	})
	l.EachMirrored(x.Shape, g.Workers, func(at, cells, lo, hi int) {
		var sum T
		for k := lo; k <= hi; k += cells {
			sum += shares.Data[k]
		}
		to[at] -= T(2*l.Alpha*l.Beta) * x.Data[at] * sum
	})
}

// EachWindow calls f with every element's offset, the distance of neighbouring channels and the offsets of the
// first and last element of its window.
func (l LRN) EachWindow(s tensor.Shape, workers int, f func(at, cells, lo, hi int)) {
	eachChannelWindow(s, (l.Size-1)/2, l.Size/2, workers, f)
}

// EachMirrored does the same for the elements in whose windows an element is.
func (l LRN) EachMirrored(s tensor.Shape, workers int, f func(at, cells, lo, hi int)) {
	eachChannelWindow(s, l.Size/2, (l.Size-1)/2, workers, f)
}

func eachChannelWindow(s tensor.Shape, down, up, workers int, f func(at, cells, lo, hi int)) {
	channels, cells := s[1], s[2]*s[3]
	parallel.For(workers, s[0]*channels, func(plane int) {
		image, c := plane/channels*channels, plane%channels
		lo, hi := max(c-down, 0), min(c+up, channels-1)
		for i := range cells {
			f(plane*cells+i, cells, (image+lo)*cells+i, (image+hi)*cells+i)
		}
	})
}
