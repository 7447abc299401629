package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// imagePatches is ExtractImagePatches: what each position of a window sees, the cells of the window before the channels of each.
func imagePatches(c *call) error { return c.patches(4, "rates") }

// volumePatches is ExtractVolumePatches, over three dimensions.
func volumePatches(c *call) error { return c.patches(5, "") }

// patches are columns of an Im2col, which has the channels first.
func (c *call) patches(rank int, dilation string) error {
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	if x = c.ranked(x, rank); x.rank() != rank {
		return c.node.Errorf("its input should have %d dimensions, found the shape %v", rank, x.stored())
	}
	w, why, err := c.windowND(x, "ksizes", dilation)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	x = c.channelsFirst(x)
	channels, taps := x.extent(1), 1
	for _, k := range w.Kernel {
		taps *= k
	}
	if channels < 0 {
		return c.unknown("its input's channels are not known")
	}
	seen := c.between("/columns", layer.Im2col{WindowND: w, Axis: 1}, x, rank == 4, "what the window sees, a channel after the other")
	if seen.rank() != rank {
		return c.node.Errorf("its window %v does not fit into %v", w.Kernel, x.stored())
	}
	extents := make([]int, rank-2)
	for a := range extents {
		if extents[a] = seen.extent(2 + a); extents[a] < 0 {
			return c.unknown("its input's extents are not known")
		}
	}
	parts := c.between("/cells", layer.Reshape{Shape: slices.Concat([]int{-1, channels, taps}, extents)}, seen, false, "channels and cells apart")
	order := []int{0, 2, 1}
	for a := range extents {
		order = append(order, 3+a)
	}
	turned := c.between("/turned", layer.Permute{Axes: order}, parts, false, "cells before channels")
	target := layer.Reshape{Shape: slices.Concat([]int{-1, channels * taps}, extents)}
	if rank == 4 {
		return c.emit(one{layer: target, in: []*value{turned}, nhwc: true})
	}
	all := c.between("/channels", target, turned, false, "as channels")
	return c.emit(one{layer: layer.Permute{Axes: channelsLastOrder(rank)}, in: []*value{all}})
}
