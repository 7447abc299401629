package study

import (
	"math"

	"parity/googlenet/parallel"
)

// partners looks for the nearest other image of each one: that of the queries' features among those of the gallery. It returns nil
// where no class has two images.
func (r *runner) partners(queries, gallery [][]float32, e Embedding) []found {
	size := map[int]int{}
	some := false
	for _, i := range r.images.List {
		if i.Label >= 0 {
			size[i.Label]++
			some = some || size[i.Label] > 1
		}
	}
	if !some {
		return nil
	}
	q, g := embedded(queries, e), embedded(gallery, e)
	list := make([]found, len(q))
	parallel.For(r.o.Threads, len(q), func(i int) {
		label := r.images.List[i].Label
		list[i].partner = size[label] > 1
		if n := nearest(q[i], g, i); n >= 0 {
			list[i].right = r.images.List[n].Label == label
		}
	})
	return list
}

// nearest is the row at the least distance, but for one; of equal ones the first. -1 if every distance is no number.
func nearest(x []float64, rows [][]float64, but int) int {
	at, least := -1, math.Inf(1)
	for i, row := range rows {
		if i == but || len(row) != len(x) {
			continue
		}
		d := 0.0
		for k, v := range row {
			d += (v - x[k]) * (v - x[k])
		}
		if d < least {
			at, least = i, d
		}
	}
	return at
}

// embedded is what retrieval compares.
func embedded(features [][]float32, e Embedding) [][]float64 {
	rows := make([][]float64, len(features))
	for i, f := range features {
		rows[i] = make([]float64, len(f))
		for k, v := range f {
			rows[i][k] = float64(v)
		}
	}
	switch e {
	case Direction:
		for _, row := range rows {
			normalise(row)
		}
	case Standardised:
		standardise(rows)
		for _, row := range rows {
			normalise(row)
		}
	}
	return rows
}

// normalise divides by the length; zeros stay.
func normalise(row []float64) {
	length := 0.0
	for _, v := range row {
		length += v * v
	}
	if length = math.Sqrt(length); length == 0 {
		return
	}
	for k := range row {
		row[k] /= length
	}
}

// standardEpsilon is added to the variance, as in TF-slim's batch normalisation.
const standardEpsilon = 1e-3

// standardise gives every number mean 0 and variance 1 over the rows.
func standardise(rows [][]float64) {
	n := float64(len(rows))
	for k := range rows[0] {
		mean, squares := 0.0, 0.0
		for _, row := range rows {
			mean += row[k] / n
		}
		for _, row := range rows {
			squares += (row[k] - mean) * (row[k] - mean) / n
		}
		deviation := math.Sqrt(squares + standardEpsilon)
		for _, row := range rows {
			row[k] = (row[k] - mean) / deviation
		}
	}
}
