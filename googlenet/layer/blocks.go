package layer

import (
	"fmt"

	"parity/googlenet/tensor"
)

// deal splits each axis from `axis` on, one for each entry of block, into its blocks and the places within them, and puts the
// latter in front of all axes: [s, n b, t] becomes [b, s, n, t].
func deal[T tensor.Float](t *tensor.Tensor[T], axis int, block []int) *tensor.Tensor[T] {
	split := append(tensor.Shape{}, t.Shape[:axis]...)
	var front, rest []int
	for i := range axis {
		rest = append(rest, i)
	}
	for i, b := range block {
		split = append(split, t.Shape[axis+i]/b, b)
		rest, front = append(rest, axis+2*i), append(front, axis+2*i+1)
	}
	for i := axis + len(block); i < len(t.Shape); i++ {
		rest = append(rest, len(split))
		split = append(split, t.Shape[i])
	}
	return tensor.Permute(t.Reshaped(split...), append(front, rest...)...)
}

// collect is deal backwards.
func collect[T tensor.Float](t *tensor.Tensor[T], axis int, block []int) *tensor.Tensor[T] {
	m := len(block)
	whole := append(tensor.Shape{}, t.Shape[m:]...)
	var order []int
	for i := m; i < len(t.Shape); i++ {
		order = append(order, i)
		if at := i - m - axis; at >= 0 && at < m {
			order = append(order, at)
			whole[i-m] *= block[at]
		}
	}
	return tensor.Permute(t, order...).Reshaped(whole...)
}

// area is the number of places in a block.
func area(block []int) int { return tensor.Shape(block).Len() }

// checkBlock refuses blocks that are empty or lie along axes that a shape does not have.
func checkBlock(l Layer, s tensor.Shape, axis int, block []int) error {
	if axis < 1 || axis+len(block) > len(s) {
		return fmt.Errorf("%s with blocks along %d axes from %d on is outside the %d dimensions of %v", l.Kind(), len(block), axis, len(s), s)
	}
	for _, b := range block {
		if b < 1 {
			return fmt.Errorf("%s needs positive extents of a block, got %v", l.Kind(), block)
		}
	}
	return nil
}
