package tensor

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Shape lists the extents of a tensor, outermost first. An extent of -1 in a declared shape is unknown.
type Shape []int

// Len returns the number of elements: the product of the extents, 1 for a scalar.
func (s Shape) Len() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// CheckedLen is Len for extents read from a file: it reports false for a negative extent and for a
// product that does not fit an int.
func (s Shape) CheckedLen() (int, bool) {
	n := 1
	for _, d := range s {
		if d < 0 || (d > 0 && n > math.MaxInt/d) {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// Equal reports whether both shapes have the same extents.
func (s Shape) Equal(o Shape) bool { return slices.Equal(s, o) }

// Clone returns a copy.
func (s Shape) Clone() Shape { return slices.Clone(s) }

// Index returns the coordinates of the element at a flat offset.
func (s Shape) Index(offset int) []int {
	index := make([]int, len(s))
	for i := len(s) - 1; i >= 0; i-- {
		index[i] = offset % s[i]
		offset /= s[i]
	}
	return index
}

// String writes the shape as in 1x3x224x224, and "scalar" for no dimensions; an unknown extent is a question mark.
func (s Shape) String() string {
	if len(s) == 0 {
		return "scalar"
	}
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = strconv.Itoa(d)
		if d < 0 {
			parts[i] = "?"
		}
	}
	return strings.Join(parts, "x")
}
