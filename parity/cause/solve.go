package cause

import (
	"math"
	"slices"

	"parity/googlenet/tensor"
)

// median returns the middle of the finite values, NaN where there is none. A parameter that every element determines is
// estimated by it: rounding scatters around the value, and elements that say nothing are left out by the caller.
func median(values []float64) float64 {
	values = slices.DeleteFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// largest returns the offsets of the elements of greatest magnitude, at most n: rounding matters least there.
func largest(t *tensor.Tensor[float64], n int) []int {
	at := make([]int, len(t.Data))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int {
		switch x, y := math.Abs(t.Data[a]), math.Abs(t.Data[b]); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return at[:min(n, len(at))]
}

// rounded returns the nearby round number that people write, with at most digits significant ones, and the value itself.
func rounded(v float64) []float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	list := []float64{}
	for digits := 1; digits <= 4; digits++ {
		scale := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(v))))
		r := math.Round(v*scale) / scale
		if math.Abs(r-v) <= 1e-4*math.Abs(v) {
			list = append(list, float64(float32(r)), r)
			break
		}
	}
	return append(list, v)
}
