package cause

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// fedVariant proposes that the candidate was fed x.
func (s *Segment) fedVariant(x *tensor.Tensor[float64], candidate, explanation string) Variant {
	return Variant{
		Inputs:      map[string]*tensor.Tensor[float64]{s.Output: x},
		Parameters:  map[string]string{"candidate": candidate},
		Explanation: explanation,
	}
}

// picture is the reference's input where the segment is one and has images; nil otherwise.
func (s *Segment) picture() *tensor.Tensor[float64] {
	if x := s.Inputs[s.Output]; s.fed() && x != nil && len(x.Shape) == 4 && x.Shape.Equal(s.Candidate.Shape) {
		return x
	}
	return nil
}

// mapped returns a picture whose element (n, c, y, x) is that of t at the place that f names; outside of t it is what the
// candidate has.
func (s *Segment) mapped(t *tensor.Tensor[float64], f func(c, y, x int) (int, int, int)) *tensor.Tensor[float64] {
	n, c, h, w := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	out := tensor.New[float64](t.Shape...)
	for at := range out.Data {
		k, i, j := f(at/(h*w)%c, at/w%h, at%w)
		if i < 0 || j < 0 || i >= h || j >= w {
			out.Data[at] = s.Candidate.Data[at]
			continue
		}
		image := at / (c * h * w) % n
		out.Data[at] = t.Data[((image*c+k)*h+i)*w+j]
	}
	return out
}

// reversed is a picture with its channels in the reverse order.
func (s *Segment) reversed(t *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	return s.mapped(t, func(c, y, x int) (int, int, int) { return t.Shape[1] - 1 - c, y, x })
}

// shifts is the median by channel of what the candidate's picture has more than t.
func (s *Segment) shifts(t *tensor.Tensor[float64]) []float64 {
	channels, cells := t.Shape[1], t.Shape[2]*t.Shape[3]
	lists := make([][]float64, channels)
	for at, v := range t.Data {
		c := at / cells % channels
		lists[c] = append(lists[c], s.Candidate.Data[at]-v)
	}
	out := make([]float64, channels)
	for c, list := range lists {
		out[c] = median(list)
		if r := math.Round(out[c]*1e3) / 1e3; math.Abs(r-out[c]) < 1e-5*max(1, math.Abs(r)) {
			out[c] = r
		}
	}
	return out
}

// shifted adds a number to each channel.
func shifted(t *tensor.Tensor[float64], by []float64) *tensor.Tensor[float64] {
	channels, cells := t.Shape[1], t.Shape[2]*t.Shape[3]
	out := t.Clone()
	for at := range out.Data {
		out.Data[at] += by[at/cells%channels]
	}
	return out
}

func zero(list []float64) bool {
	for _, v := range list {
		if math.Abs(v) > 1e-6 {
			return false
		}
	}
	return true
}

// turned reports whether shifts are those of a mean whose channels were read in the reverse order: m - m reversed, each
// channel the negative of its opposite.
func turned(by []float64) bool {
	for c, v := range by {
		if math.Abs(v+by[len(by)-1-c]) > 1e-4*(1+math.Abs(v)) {
			return false
		}
	}
	return len(by) > 1 && !zero(by)
}

func channelNumbers(by []float64) string { return fmt.Sprintf("(%s) by channel", numbers(by)) }

// solving notes how many numbers were solved from the candidate's.
func (v Variant) solving(unknowns int) Variant {
	v.Unknowns = unknowns
	return v
}
