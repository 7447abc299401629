package caffe

import "parity/googlenet/layer"

func lowerPower(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("power_param")
	l := layer.Power{Power: float64(p.Float("power", 1)), Scale: float64(p.Float("scale", 1)), Shift: float64(p.Float("shift", 0))}
	if l.Constant() {
		s.note("with a power or scale of 0 what comes out does not depend on the input")
	}
	return one(l)
}
