package caffe

import (
	"math"

	"parity/googlenet/layer"
)

func lowerExp(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("exp_param")
	base, err := s.base(p)
	if err != nil {
		return nil, err
	}
	return one(layer.Exp{Base: base, Scale: float64(p.Float("scale", 1)), Shift: float64(p.Float("shift", 0))})
}

// base reads the base of exponentials and logarithms: -1, the default, stands for e.
func (s *step) base(p *Message) (float64, error) {
	base := float64(p.Float("base", -1))
	switch {
	case base == -1:
		return math.E, nil
	case !(base > 0) || math.IsInf(base, 1):
		return 0, s.bad(p, "base", "base must be positive and finite, or -1 for e, found %v", float32(base))
	}
	return base, nil
}
