package cause

import (
	"math"

	"parity/googlenet/tensor"
	"parity/parity/replay"
)

// Weight is what speaks for a variant: how many numbers it had to get right, and how many it was free to choose.
type Weight struct {
	// Equations are the candidate's numbers that the reference as it is does not explain, Unknowns those that were solved
	// from them.
	Equations, Unknowns int
	// Bits is the information in the equations beyond that of the unknowns.
	Bits float64
	// Stated: the candidate's own files say what the variant supposes.
	Stated bool
}

// chance is the probability with which one of all the hypotheses that are tried on a segment, and are false, fits all the same.
//
// It is bounded as follows. A number that the reference as it is misses by r bounds is hit by a false hypothesis, which moves it by
// about as much, in one of r cases: it tells log2(r) bits, and no more than a float32 holds. A solved unknown takes as
// much away as the most telling number has. Of h hypotheses one fits by chance in h 2^-bits cases.
const chance = 1e-6

// digits of a float32 number.
const digits = 24

// tells reports whether a variant that fits is more than chance, having been tried among so many. One that the candidate's own
// files state is not tried because it may fit, and needs no more than a number that it explains.
func (w Weight) tells(tried int) bool {
	if w.Stated {
		return w.Equations > 0
	}
	return w.Equations > w.Unknowns && w.Bits >= math.Log2(float64(max(tried, 1))/chance)
}

// weigh counts the equations of a variant that fits.
func (s *Segment) weigh(v Variant) Weight {
	w := Weight{Unknowns: v.Unknowns, Stated: v.Stated, Bits: v.more}
	most := 0.0
	nearer := s.nearer(v)
	for i, ratio := range s.misses(v) {
		if ratio <= 1 || v.copied != nil && v.copied[i] {
			continue
		}
		if !nearer(i) {
			return Weight{} // it fits because its bound is wider
		}
		bits := digits * 1.
		if ratio < 1<<digits {
			bits = math.Log2(ratio)
		}
		w.Equations++
		w.Bits += bits - v.taken
		most = max(most, bits)
	}
	w.Bits -= float64(v.Unknowns) * most
	return w
}

// nearer tells which of the candidate's numbers a variant comes nearer to than the reference as it is. One with another producer
// differs in the bound alone.
func (s *Segment) nearer(v Variant) func(i int) bool {
	out, ok := s.bounded(v)
	if v.Producer != nil || !ok || s.plain.X == nil || !s.plain.X.Shape.Equal(s.Candidate.Shape) {
		return func(int) bool { return true }
	}
	return func(i int) bool {
		y := s.Candidate.Data[i]
		return out.X.Data[i] == y || math.IsNaN(s.plain.X.Data[i]) || replay.Distance(out.X.Data[i], y) < replay.Distance(s.plain.X.Data[i], y)
	}
}

// misses are by how many bounds the reference as it is misses each of the candidate's numbers. Where it has another shape it
// misses all of them, by about their size.
func (s *Segment) misses(v Variant) []float64 {
	list := make([]float64, len(s.Candidate.Data))
	if s.plain.X != nil && s.plain.X.Shape.Equal(s.Candidate.Shape) {
		for i, x := range s.plain.X.Data {
			list[i] = replay.Ratio(replay.Distance(x, s.Candidate.Data[i]), limitAt(s.plain.Bound, i))
			if math.IsNaN(list[i]) {
				list[i] = math.Inf(1)
			}
		}
		return list
	}
	out, err := replay.Segment(v.Nodes, s.inputs(v), s.Limits, s.Output, s.Producer, s.Threads)
	if err != nil {
		return nil
	}
	size := spread(s.Candidate.Data)
	for i := range list {
		list[i] = replay.Ratio(size, limitAt(out.Bound, i))
	}
	return list
}

func limitAt(limit *tensor.Tensor[float64], i int) float64 {
	if limit == nil {
		return 0
	}
	return limit.Data[i]
}

// spread is the standard deviation of numbers.
func spread(x []float64) float64 {
	n := float64(len(x))
	mean, squares := 0.0, 0.0
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		squares += (v - mean) * (v - mean) / n
	}
	return math.Sqrt(squares)
}
