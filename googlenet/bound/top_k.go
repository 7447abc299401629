package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// topK: nothing rounds. The k-th largest of numbers that are off by at most e moves by no more than the largest e; its place may be
// that of any number so near.
func topK(c *Call) []*tensor.Tensor[float64] {
	b := make([]*tensor.Tensor[float64], 2)
	if c.Err[0] == nil {
		return b
	}
	b[0], b[1] = tensor.New[float64](c.Out[0].Shape...), tensor.New[float64](c.Out[1].Shape...)
	picks{c.Layer.(layer.TopK), c.In[0], c.Err[0], c.Out[0]}.each(func(at, _ int, most float64, rivals []int, _ func(int) int) {
		b[0].Data[at] = most
		for _, place := range rivals {
			b[1].Data[at] = max(b[1].Data[at], math.Abs(float64(place)-c.Out[1].Data[at]))
		}
	})
	return b
}

// topKGradient: where a number may have changed places with others, the gradient may have gone to any of them.
func topKGradient(c *GradientCall) GradientBounds {
	undecided := 0
	b := c.input(func(to []float64) {
		d := numbers(c.OutGrad[0], c.OutGradErr[0])
		picks{c.Layer.(layer.TopK), c.In[0], errorOf(c.InErr[0], c.In[0]), c.Out[0]}.each(func(at, place int, _ float64, rivals []int, offset func(int) int) {
			v := d(at)
			to[offset(place)] += v.e
			if len(rivals) < 2 {
				return
			}
			undecided++
			for _, other := range rivals {
				to[offset(other)] += math.Abs(v.v) + v.e
			}
		})
	})
	b.Undecided = undecided
	return b
}

// picks are what a TopK picked from numbers with errors.
type picks struct {
	layer.TopK
	x, e, y *tensor.Tensor[float64]
}

// each calls f for every number that was picked: its offset in the output, its place, the largest error of its row, the places of the
// numbers that it may be, and how places become offsets in the input.
func (p picks) each(f func(at, place int, most float64, rivals []int, offset func(place int) int)) {
	from, to := layer.ClassesOf(p.x.Shape, p.Axis), layer.ClassesOf(p.y.Shape, p.Axis)
	for row := range from.Rows() {
		offset := func(place int) int { return from.At(row, place) }
		most := 0.0
		for place := range from.Count {
			most = max(most, p.e.Data[offset(place)])
		}
		for k, place := range layer.Ranked(p.TopK, p.x, row)[:p.K] {
			at := to.At(row, k)
			rivals := []int{place}
			for other := range from.Count {
				if e := p.e.Data[offset(other)] + most; other != place && e > 0 && math.Abs(p.x.Data[offset(other)]-p.y.Data[at]) <= e {
					rivals = append(rivals, other)
				}
			}
			f(at, place, most, rivals, offset)
		}
	}
}
