package filler

import (
	"fmt"
	"math"
	"math/rand/v2"

	"parity/googlenet/tensor"
)

// Orthogonal draws a matrix, of all axes but the last by the last, whose columns are Gain times an orthonormal set, or whose
// rows are where it is wider than high: one that is as likely as its product with any rotation (Saxe, McClelland, Ganguli,
// 2013).
type Orthogonal struct{ Gain float64 }

func (f Orthogonal) Law(s tensor.Shape) (Law, error) {
	if len(s) < 2 {
		return nil, fmt.Errorf("orthogonal needs at least two axes, got %v", s)
	}
	rows, cols := matrix(s)
	return SphereLaw{max(rows, cols), math.Abs(f.Gain)}, checkElements(s)
}

func matrix(s tensor.Shape) (rows, cols int) {
	last := len(s) - 1
	return s[:last].Len(), s[last]
}

// Draw makes one vector after another perpendicular to those before, which leaves no direction preferred.
func (f Orthogonal) Draw(r *rand.Rand, s tensor.Shape, to []float64) {
	rows, cols := matrix(s)
	set := orthonormal(r, min(rows, cols), max(rows, cols))
	for i := range to {
		row, col := i/cols, i%cols
		if rows >= cols {
			row, col = col, row
		}
		to[i] = f.Gain * set[row][col]
	}
}

// orthonormal draws n vectors.
func orthonormal(r *rand.Rand, n, length int) [][]float64 {
	set := make([][]float64, n)
	for i := range set {
		v := make([]float64, length)
		each(v, r.NormFloat64)
		for range 2 { // once leaves what rounding does
			for _, u := range set[:i] {
				add(v, -dot(u, v), u)
			}
		}
		norm := math.Sqrt(dot(v, v))
		for j := range v {
			v[j] /= norm
		}
		set[i] = v
	}
	return set
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func add(to []float64, c float64, v []float64) {
	for i, x := range v {
		to[i] += c * x
	}
}
