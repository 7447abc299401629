package caffe

import "parity/googlenet/layer"

func lowerIm2col(s *step) ([]layer.Layer, error) {
	p, axis, w, err := s.convolutionParam()
	if err != nil {
		return nil, err
	}
	if len(w.Kernel) == 0 {
		return nil, s.bad(p, "axis", "needs a spatial axis behind axis %d, found the input %v", axis, s.in[0])
	}
	if s.in[0] != nil {
		w = s.cover(w, s.in[0][axis+1:])
	}
	return one(layer.Im2col{WindowND: w, Axis: axis})
}
