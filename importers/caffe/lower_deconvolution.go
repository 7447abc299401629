package caffe

import "parity/googlenet/layer"

// lowerDeconvolution lowers a transposed convolution over any number of axes. Several bottoms are taken through the same
// weights.
func lowerDeconvolution(s *step) ([]layer.Layer, error) {
	p, axis, w, err := s.convolutionParam()
	if err != nil {
		return nil, err
	}
	l := layer.DeconvolutionND{WindowND: w, Axis: axis, Outputs: p.Int("num_output", 0), Groups: p.Int("group", 1), Bias: p.Bool("bias_term", true)}
	if err := s.checkChannels(p, l.Outputs, l.Groups); err != nil {
		return nil, err
	}
	if axis == 1 && len(w.Kernel) == 2 {
		return s.perBottom(layer.Deconvolution{Window: planar(w), Outputs: l.Outputs, Groups: l.Groups, Bias: l.Bias})
	}
	return s.perBottom(l)
}
