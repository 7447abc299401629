package replay

import (
	"math"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
	"parity/parity"
)

// piece is the number of elements that one worker measures at a time.
const piece = 1 << 16

// Measure returns how far got is from want, as multiples of the limit (nil: zero everywhere). The shapes must hold the
// same number of elements. Equal elements, infinities too, have ratio 0; a difference where the limit is zero is
// infinitely far out. A NaN on either side makes the ratio NaN, which is within no limit.
func Measure(want, got, limit *tensor.Tensor[float64], threads int) parity.Difference {
	n := len(want.Data)
	pieces := make([]extreme, (n+piece-1)/piece)
	parallel.Ranges(threads, n, piece, func(lo, hi int) {
		pieces[lo/piece] = measure(want.Data, got.Data, limit, lo, hi)
	})
	total := extreme{at: -1}
	for _, p := range pieces {
		total.add(p)
	}
	d := parity.Difference{Ratio: parity.Number(total.ratio), MaxAbs: parity.Number(total.abs)}
	if n > 0 {
		d.RMS = parity.Number(math.Sqrt(total.squares / float64(n)))
	}
	if total.at >= 0 {
		d.Index = want.Shape.Index(total.at)
		d.ReferenceValue, d.CandidateValue = parity.Number(want.Data[total.at]), parity.Number(got.Data[total.at])
		d.Bound = parity.Number(limitAt(limit, total.at))
	}
	return d
}

// extreme is the worst element of a stretch; at is -1 for none.
type extreme struct {
	ratio, abs, squares float64
	at                  int
}

func measure(want, got []float64, limit *tensor.Tensor[float64], lo, hi int) extreme {
	worst := extreme{at: -1}
	for i := lo; i < hi; i++ {
		d := Distance(want[i], got[i])
		worst.squares += d * d
		worst.abs = larger(worst.abs, d)
		if r := Ratio(d, limitAt(limit, i)); worst.at < 0 || worse(r, worst.ratio) {
			worst.ratio, worst.at = r, i
		}
	}
	return worst
}

func (e *extreme) add(o extreme) {
	e.squares += o.squares
	e.abs = larger(e.abs, o.abs)
	if o.at >= 0 && (e.at < 0 || worse(o.ratio, e.ratio)) {
		e.ratio, e.at = o.ratio, o.at
	}
}

// Vacuous reports whether a limit says nothing: a tensor of zeros would be within it. One that is zero itself says something.
func Vacuous(x, limit *tensor.Tensor[float64]) bool {
	if limit == nil {
		return false
	}
	some := false
	for i, v := range x.Data {
		if v == 0 {
			continue
		}
		if some = true; !(limit.Data[i] >= math.Abs(v)) {
			return false
		}
	}
	return some
}

func limitAt(limit *tensor.Tensor[float64], i int) float64 {
	if limit == nil {
		return 0
	}
	return limit.Data[i]
}

// Distance is |a-b|, 0 for equal infinities and NaN if either is NaN.
func Distance(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Abs(a - b)
}

// Ratio is distance / limit, with 0 for no distance and infinity for any distance over a zero limit. An infinite limit admits an
// infinite distance, but none that is no number.
func Ratio(distance, limit float64) float64 {
	if distance == 0 || math.IsInf(distance, 1) && math.IsInf(limit, 1) {
		return 0
	}
	return distance / limit
}

// worse reports whether ratio a is worse than b: larger, or the first NaN.
func worse(a, b float64) bool { return a > b || math.IsNaN(a) && !math.IsNaN(b) }

func larger(a, b float64) float64 {
	if worse(b, a) {
		return b
	}
	return a
}
