package bound

import (
	"math"

	"parity/googlenet/tensor"
)

// lookup is a table that an operation reads at places which one of its inputs gives: row Index[i], its fraction cut off,
// becomes output row i.
type lookup struct {
	rows            int // of the table
	width           int // of a row
	index, indexErr *tensor.Tensor[float64]
}

// rivals calls f, for every place where the index is within its error of another row, with the output row, the row that
// the replay read and each row that may have been read instead.
func (l lookup) rivals(f func(i, row, other int)) (undecided int) {
	e := atOrZero(l.indexErr)
	for i, v := range l.index.Data {
		row := int(v)
		lowest, highest := max(int(v-e(i)), 0), min(int(v+e(i)), l.rows-1)
		if lowest < highest {
			undecided++
		}
		for other := lowest; other <= highest; other++ {
			if other != row {
				f(i, row, other)
			}
		}
	}
	return undecided
}

// widen raises the bound of a lookup's output to how far the rows are apart that may have been read.
func (l lookup) widen(b *tensor.Tensor[float64], table, tableErr *tensor.Tensor[float64]) {
	e := atOrZero(tableErr)
	l.rivals(func(i, row, other int) {
		for j := range l.width {
			d := math.Abs(table.Data[other*l.width+j]-table.Data[row*l.width+j]) + e(other*l.width+j)
			b.Data[i*l.width+j] = max(b.Data[i*l.width+j], d)
		}
	})
}

// most is how many outputs may have read one row.
func (l lookup) most() int {
	count := make([]int, l.rows)
	for _, v := range l.index.Data {
		count[int(v)]++
	}
	l.rivals(func(_, _, other int) { count[other]++ })
	most := 0
	for _, n := range count {
		most = max(most, n)
	}
	return most
}

// widenSums adds to the bound of the rows' gradient what may have gone to another row.
func (l lookup) widenSums(b, outGrad, outGradErr *tensor.Tensor[float64], rounding float64) (undecided int) {
	e := atOrZero(outGradErr)
	given := make([]bool, len(l.index.Data))
	return l.rivals(func(i, row, other int) {
		for j := range l.width {
			at := i*l.width + j
			d := (1 + rounding) * (math.Abs(outGrad.Data[at]) + e(at))
			b.Data[other*l.width+j] += d
			if !given[i] {
				b.Data[row*l.width+j] += d
			}
		}
		given[i] = true
	})
}
