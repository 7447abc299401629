package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// transpose reorders axes. From one format of feature maps into the other nothing moves in the common order, only the value
// is noted as stored in the other way: an Identity.
func transpose(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	if perm := c.node.Attrs["perm"]; perm != nil {
		x = c.ranked(x, len(perm.Ints))
	}
	if x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	perm, err := c.permutation(x.rank())
	if err != nil {
		return err
	}
	switch {
	case x.nhwc && slices.Equal(perm, toCommon):
		return c.emit(one{layer: layer.Identity{}, in: []*value{x}, transforms: []string{"NHWC to NCHW, which it is here already"}})
	case !x.nhwc && slices.Equal(perm, fromCommon):
		return c.emit(one{layer: layer.Identity{}, in: []*value{x}, nhwc: true, transforms: []string{"NCHW to NHWC, left as NCHW here"}})
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
