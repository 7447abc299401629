package caffe

import "parity/googlenet/layer"

// lowerConvolution lowers a convolution over any number of axes. Several bottoms are convolved by the same weights.
func lowerConvolution(s *step) ([]layer.Layer, error) {
	p, axis, w, err := s.convolutionParam()
	if err != nil {
		return nil, err
	}
	l := layer.ConvolutionND{Axis: axis, Outputs: p.Int("num_output", 0), Groups: p.Int("group", 1), Bias: p.Bool("bias_term", true)}
	if err := s.checkChannels(p, l.Outputs, l.Groups); err != nil {
		return nil, err
	}
	if s.in[0] != nil {
		w = s.cover(w, s.in[0][axis+1:])
	}
	if l.WindowND = w; axis == 1 && len(w.Kernel) == 2 {
		return s.perBottom(layer.Convolution{Window: planar(w), Outputs: l.Outputs, Groups: l.Groups, Bias: l.Bias})
	}
	return s.perBottom(l)
}

func (s *step) checkChannels(p *Message, outputs, groups int) error {
	if outputs < 1 || groups < 1 {
		return s.bad(p, "num_output", "num_output %d and group %d must be positive", outputs, groups)
	}
	return nil
}
