package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// resizeWith lowers an operation that stretches maps with one of the filters.
func resizeWith(filter layer.ResizeFilter) func(*call) error {
	return func(c *call) error {
		l := layer.Resize{Filter: filter}
		var err error
		if l.Coordinates, err = c.coordinates(); err != nil {
			return err
		}
		if filter == layer.ResizeCubic {
			l = keys(l)
		}
		return c.resize(func(size [2]int) layer.Layer { l.Size = size; return l })
	}
}

// keys sets what TensorFlow's bicubic filter is: with centres, that of Keys, whose border was mended with them.
func keys(l layer.Resize) layer.Resize {
	l.A, l.Steps = -0.75, 1<<10
	if l.Coordinates == layer.FromCentres {
		l.A, l.Inside = -0.5, true
	}
	return l
}

// coordinates reads two attributes of which at most one may be set. ResizeArea has only the first.
func (c *call) coordinates() (layer.Coordinates, error) {
	corners, err := c.node.Bool("align_corners")
	if err != nil {
		return 0, err
	}
	centres, err := c.node.Bool("half_pixel_centers")
	switch {
	case err != nil:
		return 0, err
	case corners && centres:
		return 0, c.node.Errorf("align_corners and half_pixel_centers cannot both be set")
	case corners:
		return layer.FromCorners, nil
	case centres:
		return layer.FromCentres, nil
	}
	return layer.FromEdges, nil
}

// resize lowers an operation on maps whose second input is a size.
func (c *call) resize(with func(size [2]int) layer.Layer) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	size, why, err := c.size(1)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if x, err = c.featureMap(x, nhwc); err != nil {
		return err
	}
	return c.emit(one{layer: with(size), in: []*value{x}, nhwc: true})
}

// size reads input i, a height and a width; the second result says why they are not known.
func (c *call) size(i int) (size [2]int, why string, err error) {
	list, known := c.integers(i)
	switch {
	case !known:
		return size, "its size is not constant", nil
	case len(list) != 2:
		return size, "", c.node.Errorf("its size should be a height and a width, found %v", list)
	case list[0] == unknownExtent || list[1] == unknownExtent:
		return size, "its size depends on what is fed", nil
	case list[0] < 1 || list[1] < 1:
		return size, "", c.node.Errorf("its size should be positive, found %v", list)
	}
	return [2]int(list), "", nil
}

// scaleAndTranslate reads maps anew through one of several kernels.
func scaleAndTranslate(c *call) error {
	name, err := c.node.Text("kernel_type", "lanczos3")
	if err != nil {
		return err
	}
	kernel, known := layer.KernelByName(name)
	if !known {
		return c.node.Errorf("the attribute kernel_type should be a kernel such as lanczos3 or triangle, found %q", name)
	}
	l := layer.Resample{Kernel: kernel, Antialias: true}
	if c.node.Attrs["antialias"] != nil {
		if l.Antialias, err = c.node.Bool("antialias"); err != nil {
			return err
		}
	}
	for i, to := range map[int]*[2]float64{2: &l.Scale, 3: &l.Shift} {
		list, known := c.floats(i)
		if !known {
			return c.unknown("its scale or translation is not constant")
		}
		if len(list) != 2 || i == 2 && !(min(list[0], list[1]) > 0) {
			return c.node.Errorf("input %d should be two numbers, positive for a scale, found %v", i, list)
		}
		*to = [2]float64(list)
	}
	return c.resize(func(size [2]int) layer.Layer { l.Size = size; return l })
}

// floats returns input i, float32 numbers that are known while lowering.
func (c *call) floats(i int) ([]float64, bool) {
	if i >= len(c.in) {
		return nil, false
	}
	if v := c.in[i].value; v != nil && v.known != nil && !v.nhwc {
		list := slices.Clone(v.known.Data)
		for i, number := range list {
			list[i] = float64(float32(number))
		}
		return list, true
	}
	k, ok := c.weights(i)
	if !ok || k.variable() {
		return nil, false
	}
	v, err := k.tensor.Value()
	if err != nil {
		return nil, false
	}
	return tensor.As[float64](v).Data, true
}
