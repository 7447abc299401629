package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// transforms are the values of coordinate_transformation_mode.
var transforms = map[string]layer.Transform{
	"half_pixel": layer.HalfPixel, "pytorch_half_pixel": layer.HalfPixelOrFirst, "align_corners": layer.Corners, "asymmetric": layer.Asymmetric,
	"tf_half_pixel_for_nn": layer.HalfPixelFromEdge, "tf_crop_and_resize": layer.CropToRegion,
}

// cells are the values of nearest_mode.
var cells = map[string]layer.Nearest{
	"round_prefer_floor": layer.NearestBefore, "round_prefer_ceil": layer.NearestAfter, "floor": layer.CellBefore, "ceil": layer.CellAfter,
}

// filters are the values of mode.
var filters = map[string]layer.ResizeFilter{"nearest": layer.ResizeNearest, "linear": layer.ResizeLinear, "cubic": layer.ResizeCubic}

// resize is Resize and Upsample. Their scales are an attribute before version 9, then input 1, and since version 11 input 2, behind
// the region of the input; input 3 has sizes in the place of scales. Upsample, and Resize before version 11, count from the first cell.
func resize(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 3 {
		return c.unknown("its input's dimensions are not known")
	}
	if x = c.as(x, false); !known(x.shape[2:]) {
		return c.unknown("its input's extents are not known")
	}
	l, err := c.interpolation()
	if err != nil {
		return err
	}
	if !slices.Contains([]int{3, 4}, x.rank()) {
		return c.unknown("its input has neither one nor two dimensions to resize")
	}
	size, scale, ok, err := c.resized(x.shape)
	if err != nil || !ok {
		return c.unlessErr(err, "its scales and sizes are not constant, or change more than the last dimensions")
	}
	l.Size, l.Scale = size, scale
	if l.Transform == layer.CropToRegion {
		if l.Region, ok, err = c.region(x.rank()); err != nil || !ok {
			return c.unlessErr(err, "its region is not constant")
		}
	}
	return c.emitResized(l, x)
}

// interpolation reads the attributes.
func (c *call) interpolation() (l layer.Interpolate, err error) {
	modern := c.node.Op == "Resize" && c.model.Opset() >= 11
	defaults := map[bool][2]string{true: {"half_pixel", "round_prefer_floor"}, false: {"asymmetric", "floor"}}[modern]
	if l.Filter, err = choice(c, "mode", "nearest", filters); err != nil {
		return l, err
	}
	if l.Transform, err = choice(c, "coordinate_transformation_mode", defaults[0], transforms); err != nil {
		return l, err
	}
	if l.Nearest, err = choice(c, "nearest_mode", defaults[1], cells); err != nil {
		return l, err
	}
	if l.A, err = c.node.Float("cubic_coeff_a", -0.75); err != nil {
		return l, err
	}
	l.Inside, err = c.node.Bool("exclude_outside", false)
	return l, err
}

// choice reads a text attribute that stands for a setting.
func choice[T any](c *call, name, fallback string, values map[string]T) (T, error) {
	text, err := c.node.Text(name, fallback)
	v, ok := values[text]
	if err == nil && !ok {
		err = c.node.Errorf("the attribute %s is %q, which is not computed here", name, text)
	}
	return v, err
}

// resized reads the new height and width, and the scales if they are stated.
func (c *call) resized(in tensor.Shape) (size [2]int, scale [2]float64, ok bool, err error) {
	scales, sizes, ok, err := c.scalesAndSizes()
	if err != nil || !ok {
		return size, scale, false, err
	}
	factors := plane4(in.Clone(), 1)
	target := slices.Clone(factors)
	switch {
	case len(sizes) == len(in):
		target = plane4(slices.Clone(sizes), 1)
		for i, n := range target {
			target[i] = max(n, -1) // an extent that is open stays so
		}
	case len(scales) == len(in):
		list := scales
		if len(in) == 3 {
			list = []float64{scales[0], scales[1], 1, scales[2]}
		}
		for i, s := range list {
			target[i] = int(float64(factors[i]) * s)
		}
		scale = [2]float64{list[2], list[3]}
	default:
		return size, scale, false, c.node.Errorf("it should have a scale or a size for each dimension of %v, found %v and %v", in, scales, sizes)
	}
	ok = target[0] == factors[0] && target[1] == factors[1] && min(target[2], target[3]) >= 0
	return [2]int{target[2], target[3]}, scale, ok, nil
}

// plane4 puts a height into a list of three.
func plane4(list []int, height int) []int {
	if len(list) == 3 {
		return []int{list[0], list[1], height, list[2]}
	}
	return list
}

// scalesAndSizes reads what the version has; one of them is empty.
func (c *call) scalesAndSizes() (scales []float64, sizes []int, ok bool, err error) {
	if a := c.node.Attrs["scales"]; a != nil {
		for _, v := range a.Floats {
			scales = append(scales, float64(v))
		}
		return scales, nil, true, nil
	}
	at := 1
	if c.node.Op == "Resize" && c.model.Opset() >= 11 {
		at = 2
	}
	if !c.omitted(3) {
		list, ok, err := c.integers(3)
		return nil, list, ok, err
	}
	if c.omitted(at) || c.in[at].constant == nil {
		return nil, nil, false, nil
	}
	_, v, err := c.known(at)
	if err != nil {
		return nil, nil, false, err
	}
	return tensor.As[float64](v).Data, nil, true, nil
}

// region reads where rows and columns begin and end: all beginnings, then all ends.
func (c *call) region(rank int) (r [2][2]float64, ok bool, err error) {
	if c.omitted(1) || c.in[1].constant == nil || rank != 4 {
		return r, false, nil
	}
	list, err := c.numbersOf(1, 2*rank)
	if err != nil {
		return r, false, err
	}
	return [2][2]float64{{list[2], list[6]}, {list[3], list[7]}}, true, nil
}

// emitResized emits the layer; what a region has beyond the input is a number.
func (c *call) emitResized(l layer.Interpolate, x *value) error {
	resized := one{layer: l, in: []*value{x}}
	if l.Transform != layer.CropToRegion {
		return c.emitPlanar(resized)
	}
	fill, err := c.node.Float("extrapolation_value", 0)
	if err != nil {
		return err
	}
	inside := tensor.New[float64](l.Size[:]...)
	for i := range inside.Data {
		h, w := x.extent(2), x.extent(3)
		row, column := l.Place(i/l.Size[1], h, 0), l.Place(i%l.Size[1], w, 1)
		if row >= 0 && row <= float64(h-1) && column >= 0 && column <= float64(w-1) {
			inside.Data[i] = 1
		}
	}
	mask := c.fixed(c.unused(c.node.Outputs[0]+"/inside"), inside, x.dtype)
	c.together("", layer.Select{}, x.dtype, mask, c.between("/resized", resized), c.fixedNumber("/outside", fill, x.dtype))
	return nil
}
