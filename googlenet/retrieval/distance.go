package retrieval

import "math"

// distanceFunc is the distance of a query and a row of the gallery, and the row's index, in float64: what decides.
type distanceFunc func(q, x []float64, index int, scratch []float64) float64

// squaredDistance is the sum of squared differences. It is added up in the order of NumPy's sum along an axis, so that
// distances that are equal but for rounding fall as they do there.
func squaredDistance(q, x []float64, _ int, scratch []float64) float64 {
	scratch, x = scratch[:len(q)], x[:len(q)]
	for i, v := range q {
		d := v - x[i]
		scratch[i] = d * d
	}
	return pairwise(scratch)
}

// cosineDistance is 1 minus the product of rows of length 1, added up as BLAS does: one chain of fused multiplications and
// additions.
func cosineDistance(q, x []float64, _ int, _ []float64) float64 { return 1 - chain(q, x) }

func chain(a, b []float64) float64 {
	sum := 0.0
	b = b[:len(a)]
	for i, v := range a {
		sum = math.FMA(v, b[i], sum)
	}
	return sum
}

// What pairwise adds up without halving: 8 sums side by side, over at most 128 numbers.
const (
	pairwiseSums  = 8
	pairwiseBlock = 128
)

// pairwise adds up numbers in NumPy's order.
func pairwise(v []float64) float64 {
	n := len(v)
	switch {
	case n < pairwiseSums:
		sum := 0.0
		for _, x := range v {
			sum += x
		}
		return sum
	case n <= pairwiseBlock:
		return sideBySide(v)
	}
	half := n / 2
	half -= half % pairwiseSums
	return pairwise(v[:half]) + pairwise(v[half:])
}

func sideBySide(v []float64) float64 {
	r := [pairwiseSums]float64(v)
	i := pairwiseSums
	for ; i+pairwiseSums <= len(v); i += pairwiseSums {
		w := v[i:][:pairwiseSums]
		for j := range r {
			r[j] += w[j]
		}
	}
	sum := ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
	for _, x := range v[i:] {
		sum += x
	}
	return sum
}

// squaredLength adds up squares in the order of NumPy's einsum with vectors of two: two sums side by side, of the four pairs of
// each eight numbers the last first.
func squaredLength(row []float64) float64 {
	const pairs = 4
	even, odd := 0.0, 0.0
	for ; len(row) >= 2*pairs; row = row[2*pairs:] {
		for i := 2 * (pairs - 1); i >= 0; i -= 2 {
			even, odd = even+float64(row[i]*row[i]), odd+float64(row[i+1]*row[i+1])
		}
	}
	for i, v := range row {
		if i%2 == 0 {
			even += float64(v * v)
		} else {
			odd += float64(v * v)
		}
	}
	return even + odd
}
