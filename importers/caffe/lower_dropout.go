package caffe

import "parity/googlenet/layer"

// lowerDropout lowers a layer that in TRAIN drops what an input LAYER:mask says. A ratio of 1 drops everything: 0 times
// infinity is no number.
func lowerDropout(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("dropout_param")
	l := layer.Dropout{Ratio: float64(p.Float("dropout_ratio", 0.5)), Active: s.phase == Train}
	if !l.Active {
		return one(l)
	}
	if !(l.Ratio >= 0 && l.Ratio <= 1) {
		return nil, s.bad(p, "dropout_ratio", "dropout_ratio is a probability, found %v", float32(l.Ratio))
	}
	s.draw("mask", s.in[0])
	return one(l)
}
