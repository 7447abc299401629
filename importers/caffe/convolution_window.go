package caffe

import (
	"fmt"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// convolutionParam reads what Convolution, Deconvolution and Im2col share: the axis of the channels, from 0 on, and the
// window over the axes behind it.
func (s *step) convolutionParam() (p *Message, axis int, w layer.WindowND, err error) {
	p = s.Settings.Sub("convolution_param")
	if axis, err = s.axis(p, "axis", p.Int("axis", 1)); err != nil {
		return p, 0, w, err
	}
	axes := max(2, len(p.Ints("kernel_size"))) // spatial
	if s.in[0] != nil {
		axes = len(s.in[0]) - axis - 1
	}
	w, err = s.window(p, axes)
	return p, axis, w, err
}

// window reads kernel, stride, padding and dilation.
func (s *step) window(p *Message, axes int) (layer.WindowND, error) {
	var w layer.WindowND
	for _, setting := range []struct {
		to         *[]int
		both, h, w string
		otherwise  int
		least      int
	}{
		{&w.Kernel, "kernel_size", "kernel_h", "kernel_w", 0, 1},
		{&w.Stride, "stride", "stride_h", "stride_w", 1, 1},
		{&w.Before, "pad", "pad_h", "pad_w", 0, 0},
		{&w.Dilation, "dilation", "", "", 1, 1},
	} {
		v, err := s.perAxis(p, setting.both, setting.h, setting.w, setting.otherwise, axes)
		if err != nil {
			return w, err
		}
		if slices.ContainsFunc(v, func(x int) bool { return x < setting.least }) {
			return w, s.bad(p, setting.both, "%s must be stated and positive, found %v", setting.both, v)
		}
		*setting.to = v
	}
	w.After = slices.Clone(w.Before)
	return w, nil
}

// perAxis reads a setting that is stated once, once for each axis, or for two axes as _h and _w.
func (s *step) perAxis(p *Message, name, h, w string, otherwise, axes int) ([]int, error) {
	values := p.Ints(name)
	if h != "" && (p.Has(h) || p.Has(w)) {
		if len(values) > 0 || axes != 2 {
			return nil, s.bad(p, name, "state %s, or for 2 dimensions %s and %s; not both", name, h, w)
		}
		return []int{p.Int(h, 0), p.Int(w, 0)}, nil
	}
	switch {
	case len(values) == 0:
		return slices.Repeat([]int{otherwise}, axes), nil
	case len(values) == 1:
		return slices.Repeat(values, axes), nil
	case len(values) == axes:
		return values, nil
	}
	return nil, s.bad(p, name, "%s must be stated once, or once for each of %d axes; found %d times", name, axes, len(values))
}

// cover pads a map that the kernel does not fit into so far that it does. Caffe rounds the number of positions towards
// zero, so that one is left where the kernel is larger than the padded map by less than the stride.
func (s *step) cover(w layer.WindowND, extents tensor.Shape) layer.WindowND {
	after := slices.Clone(w.After)
	for a, n := range extents {
		lacking := (w.Kernel[a]-1)*w.Dilation[a] + 1 - n - w.Before[a] - w.After[a]
		if n >= 0 && lacking > 0 && lacking < w.Stride[a] {
			after[a] += lacking
			s.note(fmt.Sprintf("the kernel is larger than the padded map along spatial axis %d, and Caffe computes one position all the same; other frameworks refuse this", a))
		}
	}
	w.After = after
	return w
}

// planar is a window over two axes as a Window.
func planar(w layer.WindowND) layer.Window {
	pair := func(list []int) [2]int { return [2]int{list[0], list[1]} }
	return layer.Window{
		Kernel: pair(w.Kernel), Stride: pair(w.Stride), Dilation: pair(w.Dilation),
		Padding: layer.Padding{Top: w.Before[0], Left: w.Before[1], Bottom: w.After[0], Right: w.After[1]},
	}
}
