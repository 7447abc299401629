package caffe

import "parity/googlenet/layer"

func lowerLog(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("log_param")
	base, err := s.base(p)
	if err == nil && base == 1 {
		err = s.bad(p, "base", "base 1 has no logarithms: 1 / log(base) is infinite")
	}
	if err != nil {
		return nil, err
	}
	return one(layer.Log{Base: base, Scale: float64(p.Float("scale", 1)), Shift: float64(p.Float("shift", 0))})
}
