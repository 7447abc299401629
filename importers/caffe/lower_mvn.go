package caffe

import "parity/googlenet/layer"

// lowerMVN lowers the normalisation of every map, or of all maps of an image. Whatever the input's shape, Caffe's output has
// four dimensions.
func lowerMVN(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("mvn_param")
	l := layer.MVN{Axis: 2, Variance: p.Bool("normalize_variance", true)}
	if p.Bool("across_channels", false) {
		l.Axis = 1
	}
	if l.Variance {
		l.Epsilon = float64(p.Float("eps", 1e-9))
	}
	if s.inPlace() {
		s.note("Caffe computes wrong gradients of MVN in place: it overwrites those of the output before it has read them")
	}
	switch rank := len(s.in[0]); {
	case s.in[0] == nil:
		return nil, nil
	case rank > 4:
		return nil, s.bad(s.Settings, "bottom", "takes at most 4 dimensions, found %v", s.in[0])
	case rank < 4:
		s.note("the output has four dimensions, with extents of 1 behind those of the input")
		shape := []int{0, 0, 0, 0}
		for i := rank; i < 4; i++ {
			shape[i] = 1
		}
		return []layer.Layer{layer.Reshape{Shape: shape}, l}, nil
	}
	return one(l)
}
