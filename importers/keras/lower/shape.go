package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// flatten reads a map in Keras's order of elements: with the channels last, unless the layer is told that they come first, in
// which case it puts them last.
func flatten(c *call) (*value, error) {
	x := c.in[0]
	format, err := c.layer.Text("data_format")
	if err != nil {
		return nil, err
	}
	switch {
	case x.shape == nil:
		return c.unknown("the shape of its input is not known")
	case x.nhwc:
		x = c.reordered(x, false)
	case format == "channels_first" && len(x.shape) == 4:
		x = c.between("NHWC", layer.Permute{Axes: slices.Clone(fromCommon)}, nil, x)
	}
	return c.emit(c.name, layer.Reshape{Shape: []int{0, -1}}, nil, x), nil
}

// reshape gives the elements, in Keras's order, another shape.
func reshape(c *call) (*value, error) {
	target, err := c.layer.Ints("target_shape")
	if err != nil {
		return nil, err
	}
	x := c.in[0]
	if x.shape == nil || target == nil {
		return c.unknown("its shape is not known")
	}
	return c.reshaped(c.reordered(x, false), append([]int{0}, target...))
}

// reshaped puts a map of four axes into the common order again.
func (c *call) reshaped(x *value, shape []int) (*value, error) {
	if len(shape) != 4 || !c.last {
		return c.emit(c.name, layer.Reshape{Shape: shape}, nil, x), nil
	}
	kept := c.between("Reshape", layer.Reshape{Shape: shape}, nil, x)
	delete(c.out.Values, kept.name) // its axes are in Keras's order here too
	return c.emit(c.name, layer.Permute{Axes: slices.Clone(toCommon)}, nil, kept), nil
}

// permute reorders the axes behind the batch, which dims counts from 1.
func permute(c *call) (*value, error) {
	dims, err := c.layer.Ints("dims")
	if err != nil {
		return nil, err
	}
	x := c.in[0]
	if len(dims)+1 != len(x.shape) {
		return c.unknown("the shape of its input is not known")
	}
	axes := append([]int{0}, dims...)
	sorted := slices.Clone(axes)
	slices.Sort(sorted)
	for i, a := range sorted {
		if a != i {
			return nil, c.layer.Errorf("its dims %v should be the numbers from 1 to %d", dims, len(dims))
		}
	}
	if !x.nhwc {
		return c.emit(c.name, layer.Permute{Axes: axes}, nil, x), nil
	}
	common := make([]int, len(axes)) // from the common order to Keras's, the layer's own, and back
	for i, a := range toCommon {
		common[i], _ = x.axis(axes[a])
	}
	return c.emit(c.name, layer.Permute{Axes: common}, nil, x), nil
}

func zeroPadding(c *call) (*value, error) {
	before, after, err := c.layer.Borders("padding", 1)
	if err != nil {
		return nil, err
	}
	x, ok := c.single(4)
	if !ok {
		return c.unknown("its input is no map of known shape")
	}
	return c.emit(c.name, layer.Pad{Before: []int{0, 0, before[0], before[1]}, After: []int{0, 0, after[0], after[1]}}, nil, x), nil
}

// cropping cuts off rows and columns.
func cropping(c *call) (*value, error) {
	before, after, err := c.layer.Borders("cropping", 0)
	if err != nil {
		return nil, err
	}
	x, ok := c.single(4)
	if !ok {
		return c.unknown("its input is no map of known shape")
	}
	l := layer.StridedSlice{Ranges: []layer.Range{layer.Whole, layer.Whole, layer.Whole, layer.Whole}}
	for i := range before {
		if n := x.shape[2+i]; n >= 0 && before[i]+after[i] >= n {
			return nil, c.layer.Errorf("it cuts %d and %d cells off an axis of %d", before[i], after[i], n)
		}
		r := &l.Ranges[2+i]
		r.Begin, r.BeginOpen = before[i], before[i] == 0
		r.End, r.EndOpen = -after[i], after[i] == 0
	}
	return c.emit(c.name, l, nil, x), nil
}

// repeatVector makes a sequence of a batch of vectors, each repeated.
func repeatVector(c *call) (*value, error) {
	n, err := c.count("n", 0)
	if err != nil {
		return nil, err
	}
	x, ok := c.single(2)
	if !ok {
		return c.unknown("its input is no batch of vectors")
	}
	return c.emit(c.name, layer.Tile{Axis: 1, Tiles: n}, nil, c.between("row", layer.Reshape{Shape: []int{0, 1, -1}}, nil, x)), nil
}
