package caffe

import (
	"parity/googlenet/layer"
)

// lowerConvolution lowers a 2-dimensional convolution, or a 1-dimensional one as one of height 1.
func lowerConvolution(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("convolution_param")
	channelAxis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	axes := 2 // spatial
	if s.in[0] != nil {
		axes = len(s.in[0]) - channelAxis - 1
	}
	window, err := s.window(p, axes)
	if err != nil {
		return nil, err
	}
	l := layer.Convolution{Window: window, Outputs: p.Int("num_output", 0), Groups: p.Int("group", 1), Bias: p.Bool("bias_term", true)}
	if l.Outputs < 1 || l.Groups < 1 {
		return nil, s.bad(p, "num_output", "num_output %d and group %d must be positive", l.Outputs, l.Groups)
	}
	switch {
	case channelAxis != 1, len(s.Bottom) != 1, len(s.Top) != 1:
		return nil, nil
	case axes == 2:
		return one(l)
	case axes == 1:
		s.note("a convolution along one axis, computed as one of height 1")
		return []layer.Layer{layer.Reshape{Shape: []int{0, 0, 1, -1}}, l, layer.Reshape{Shape: []int{0, 0, -1}}}, nil
	}
	return nil, nil
}

// window reads kernel, stride, padding and dilation.
func (s *step) window(p *Message, axes int) (layer.Window, error) {
	var w layer.Window
	var pad [2]int
	for _, setting := range []struct {
		to         *[2]int
		both, h, w string
		otherwise  int
		least      int
	}{
		{&w.Kernel, "kernel_size", "kernel_h", "kernel_w", 0, 1},
		{&w.Stride, "stride", "stride_h", "stride_w", 1, 1},
		{&pad, "pad", "pad_h", "pad_w", 0, 0},
		{&w.Dilation, "dilation", "", "", 1, 1},
	} {
		v, err := s.perAxis(p, setting.both, setting.h, setting.w, setting.otherwise, axes)
		if err != nil {
			return w, err
		}
		if v[0] < setting.least || v[1] < setting.least {
			return w, s.bad(p, setting.both, "%s must be stated and positive, found %v", setting.both, v)
		}
		*setting.to = v
	}
	if axes == 1 { // height 1
		w.Kernel[0], w.Stride[0], w.Dilation[0], pad[0] = 1, 1, 1, 0
	}
	w.Padding = layer.Symmetric(pad[0], pad[1])
	return w, nil
}

// perAxis reads a setting that is stated once, once for each axis, or for two axes as _h and _w.
func (s *step) perAxis(p *Message, name, h, w string, otherwise, axes int) ([2]int, error) {
	values := p.Ints(name)
	if h != "" && (p.Has(h) || p.Has(w)) {
		if len(values) > 0 || axes != 2 {
			return [2]int{}, s.bad(p, name, "state %s, or for 2 dimensions %s and %s; not both", name, h, w)
		}
		return [2]int{p.Int(h, 0), p.Int(w, 0)}, nil
	}
	switch {
	case len(values) == 0:
		return [2]int{otherwise, otherwise}, nil
	case len(values) == 1:
		return [2]int{values[0], values[0]}, nil
	case len(values) == axes:
		return [2]int{values[0], values[1]}, nil // the first two serve a check only where there are more
	}
	return [2]int{}, s.bad(p, name, "%s must be stated once, or once for each of %d axes; found %d times", name, axes, len(values))
}
