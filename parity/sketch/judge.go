package sketch

import (
	"math"

	"parity/googlenet/tensor"
	"parity/parity"
)

const (
	unit32 = 0x1p-24
	unit64 = 0x1p-53
	// lost is the most that rounding to a denormal float32 may change.
	lost = 0x1p-149
)

// Judge holds the sketch against a tensor of the same shape and layout, whose elements may differ from those of the sketched one by
// limit (nil: not at all). The difference is the worst of all numbers', as a multiple of the limit derived in the package's documentation; its index is that
// of the first element of the run or group, both values are sums, and the RMS is the estimate of the elements' from the signed sums.
// vacuous says that the sketch of a tensor of zeros would be within all limits, though x is none.
func (s *Sketch) Judge(x, limit *tensor.Tensor[float64]) (d parity.Difference, vacuous bool) {
	var off []float64
	if limit != nil {
		off = limit.Data
	}
	w := worst{shape: s.Shape}
	squares, all := 0.0, 0.0
	for i, v := range s.sums(x.Data, off) {
		d := float64(s.Sums[i]) - v.value
		squares += d * d
		w.see(i*s.Run, v.value, float64(s.Sums[i]), v.limit(s.Sums[i]))
	}
	for i, m := range s.moments(x, off) {
		w.moments(s.first(i), m, s.Moments[i], s.Wide)
		all += m.squares.value
	}
	w.RMS = parity.Number(math.Sqrt(squares / float64(max(len(x.Data), 1))))
	return w.Difference, !w.tells && all != 0
}

// first is the offset of the first element of a group of channels.
func (s *Sketch) first(group int) int {
	if s.Axis < 0 {
		return 0
	}
	return group * s.Group * s.Shape[s.Axis+1:].Len()
}

// limit is L of the package's documentation for a sum that was stored.
func (a sum) limit(stored float32) float64 { return a.limitOf(stored, a.terms) }

// limitOf has the number of roundings of a term and of its way into the sum.
func (a sum) limitOf(stored float32, roundings int) float64 {
	n := float64(roundings) * unit64
	gamma := n / (1 - n)
	return a.off + gamma*(2*a.abs+a.off) + storage(float64(stored))
}

// storage is how far a number may be from what was rounded to it.
func storage(v float64) float64 { return unit32/(1-unit32)*math.Abs(v) + lost }

// worst is the number that is furthest beyond its limit.
type worst struct {
	parity.Difference
	shape tensor.Shape
	some  bool
	tells bool // zero would not be within the limit
}

func (w *worst) moments(at int, m moment, kept Moments, wide bool) {
	w.see(at, m.sum.value, float64(kept.Sum), m.sum.limit(kept.Sum))
	w.see(at, m.squares.value, float64(kept.Squares), m.squares.limitOf(kept.Squares, m.squares.terms+2))
	for _, e := range [][2]float64{{m.least, float64(kept.Least)}, {m.largest, float64(kept.Largest)}} {
		allowed := m.most
		if wide {
			allowed += storage(e[1])
		}
		w.see(at, e[0], e[1], allowed)
	}
}

// see is written so that NaN is the worst.
func (w *worst) see(at int, want, got, limit float64) {
	w.tells = w.tells || !(math.Abs(want) <= limit)
	d := math.Abs(got - want)
	r := 0.0
	if d != 0 { // NaN too
		r = d / limit
	}
	if d > float64(w.MaxAbs) || math.IsNaN(d) {
		w.MaxAbs = parity.Number(d)
	}
	if w.some && (math.IsNaN(float64(w.Ratio)) || r <= float64(w.Ratio)) {
		return
	}
	w.some = true
	w.Ratio, w.Index, w.Bound = parity.Number(r), w.shape.Index(at), parity.Number(limit)
	w.ReferenceValue, w.CandidateValue = parity.Number(want), parity.Number(got)
}

// Power says which differences from a tensor, whose elements may be off by limit, cannot be missed: of one element alone, and of all
// elements of a group of channels by the same offset. Both are the largest over all runs and groups.
func (s *Sketch) Power(x, limit *tensor.Tensor[float64]) (element, offset float64) {
	var off []float64
	if limit != nil {
		off = limit.Data
	}
	for i, v := range s.sums(x.Data, off) {
		element = max(element, 2*v.limit(s.Sums[i]))
	}
	for i, m := range s.moments(x, off) {
		offset = max(offset, 2*m.sum.limit(s.Moments[i].Sum)/float64(max(m.sum.terms, 1)))
	}
	return element, offset
}
