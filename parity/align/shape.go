package align

import "parity/googlenet/tensor"

// Squeezed drops extents of 1 behind the batch: a 1x1024x1x1 map holds the same numbers as 1x1024.
func Squeezed(s tensor.Shape) tensor.Shape {
	if len(s) == 0 {
		return s
	}
	out := tensor.Shape{s[0]}
	for _, d := range s[1:] {
		if d != 1 {
			out = append(out, d)
		}
	}
	return out
}

// SameNumbers reports whether tensors of the two shapes hold their elements in the same places: equal shapes,
// apart from extents of 1 behind the batch.
func SameNumbers(a, b tensor.Shape) bool { return Squeezed(a).Equal(Squeezed(b)) }
