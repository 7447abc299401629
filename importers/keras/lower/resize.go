package lower

import "parity/googlenet/layer"

// resizing stretches maps as tf.image.resize does.
func resizing(c *call) (*value, error) {
	size, why, err := c.size()
	if err != nil || why != "" {
		return c.unless(err, why)
	}
	for _, setting := range []string{"crop_to_aspect_ratio", "pad_to_aspect_ratio"} {
		if on, err := c.layer.Bool(setting, false); err != nil || on {
			return c.unless(err, "it has "+setting)
		}
	}
	smooth, err := c.layer.Bool("antialias", false)
	if err != nil {
		return nil, err
	}
	return c.resized(size, "bilinear", smooth)
}

// upSampling enlarges by whole factors.
func upSampling(c *call) (*value, error) {
	factor, err := c.layer.Pair("size", 2)
	if err != nil {
		return nil, err
	}
	x, ok := c.single(4)
	if !ok || x.shape[2] < 0 || x.shape[3] < 0 {
		return c.unknown("its input is no map of known extent")
	}
	if min(factor[0], factor[1]) < 1 || max(factor[0], factor[1]) > maxFactor {
		return nil, c.layer.Errorf("the setting size should be positive, and not above %d, found %v", maxFactor, factor)
	}
	return c.resized([2]int{factor[0] * x.shape[2], factor[1] * x.shape[3]}, "nearest", false)
}

// maxFactor is far above what a map is enlarged by.
const maxFactor = 1 << 12

// resized gives a map another size. The centres of both fall together; smoothing counts where it shrinks, and takes another
// algorithm.
func (c *call) resized(size [2]int, fallback string, smooth bool) (*value, error) {
	filter, err := c.layer.Text("interpolation")
	if err != nil {
		return nil, err
	}
	if filter == "" {
		filter = fallback
	}
	plain, isPlain := resizes[filter]
	kernel, isResampled := resamples[filter]
	switch {
	case isPlain && (!smooth || filter == "nearest" || filter == "area"):
		plain.Size = size
		return c.emit(c.name, plain, nil, c.in[0]), nil
	case isResampled:
		l := layer.Resample{Kernel: kernel, Size: size, Antialias: smooth}
		for a := range l.Scale {
			l.Scale[a] = float64(float32(size[a]) / float32(c.in[0].shape[2+a]))
		}
		return c.emit(c.name, l, nil, c.in[0]), nil
	}
	return c.unknown("the interpolation " + filter + " is not computed here")
}

// resizes are the filters of tf.image.resize that look at a fixed number of cells, by the name of its method.
var resizes = map[string]layer.Resize{
	"area":     {Filter: layer.ResizeArea},
	"bicubic":  {Filter: layer.ResizeCubic, Coordinates: layer.FromCentres, A: -0.5, Inside: true, Steps: 1 << 10},
	"bilinear": {Filter: layer.ResizeLinear, Coordinates: layer.FromCentres},
	"nearest":  {Coordinates: layer.FromCentres},
}

// resamples are those that reach further, or as far as smoothing makes them.
var resamples = map[string]layer.Kernel{
	"bicubic":       layer.KeysKernel,
	"bilinear":      layer.TriangleKernel,
	"gaussian":      layer.GaussianKernel,
	"lanczos3":      layer.Lanczos3Kernel,
	"lanczos5":      layer.Lanczos5Kernel,
	"mitchellcubic": layer.MitchellKernel,
}
