package layer

import "parity/googlenet/tensor"

// Normalization is what the sum of a loss's terms is divided by.
type Normalization int

const (
	// ByCounted divides by the number of terms whose label is not ignored.
	ByCounted Normalization = iota
	// ByAll divides by the number of terms, ignored ones too.
	ByAll
	// ByOuter divides by the product of the extents before the axis that a term runs along: usually the batch.
	ByOuter
	// ByOne does not divide.
	ByOne
)

var normalizations = [...]string{"counted terms", "all terms", "batch", "none"}

// String names what is divided by.
func (n Normalization) String() string { return normalizations[n] }

// Divisor is the number to divide by, at least 1, so that a batch without a counted label has the loss 0.
func (n Normalization) Divisor(outer, all, counted int) float64 {
	count := 1
	switch n {
	case ByCounted:
		count = counted
	case ByAll:
		count = all
	case ByOuter:
		count = outer
	}
	return float64(max(count, 1))
}

// terms is the sum of a loss's terms.
type terms[T tensor.Float] struct {
	sum     T
	counted int
}

func (t *terms[T]) add(v T) {
	t.sum += v
	t.counted++
}
