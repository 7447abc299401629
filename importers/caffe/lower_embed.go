package caffe

import "parity/googlenet/layer"

func lowerEmbed(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("embed_param")
	l := layer.Embed{Inputs: p.Int("input_dim", 0), Outputs: p.Int("num_output", 0), Bias: p.Bool("bias_term", true)}
	if l.Inputs < 1 || l.Outputs < 1 {
		return nil, s.bad(p, "num_output", "num_output %d and input_dim %d must be positive", l.Outputs, l.Inputs)
	}
	return one(l)
}
