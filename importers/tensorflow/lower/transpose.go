package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// transpose reorders axes. From one format of feature maps into the other nothing moves in the common order, only the
// value is noted as stored in the other way: an Identity.
func transpose(c *call) error {
	x, ok := c.operand(0)
	perm, constant := c.integers(1)
	if !ok || !constant {
		return c.unknown("its permutation is not constant")
	}
	x = c.ranked(x, len(perm))
	sorted := slices.Sorted(slices.Values(perm))
	for i, a := range sorted {
		if i != a || len(perm) != x.rank() {
			return c.node.Errorf("%v does not permute the dimensions of %v", perm, x.stored())
		}
	}
	switch {
	case x.nhwc && slices.Equal(perm, toCommon):
		return c.emit(one{layer: layer.Identity{}, in: []*value{x}})
	case !x.nhwc && len(perm) == 4 && slices.Equal(perm, fromCommon):
		return c.emit(one{layer: layer.Identity{}, in: []*value{x}, nhwc: true})
	case x.nhwc:
		return c.emit(one{layer: layer.Permute{Axes: inCommon(perm)}, in: []*value{x}, nhwc: true})
	}
	return c.emit(one{layer: layer.Permute{Axes: perm}, in: []*value{x}})
}

// inCommon states a permutation of NHWC axes for values that are NCHW before and after it.
func inCommon(perm []int) []int {
	axes := make([]int, 4)
	for i := range axes {
		axes[i] = slices.Index(toCommon, perm[toCommon[i]])
	}
	return axes
}
