package caffe

import (
	"parity/googlenet/layer"
)

// lowerFlatten joins the axes from one to another into one.
func lowerFlatten(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("flatten_param")
	from, to := p.Int("axis", 1), p.Int("end_axis", -1)
	if from == 1 && to == -1 && (s.in[0] == nil || len(s.in[0]) > 1) {
		return one(layer.Reshape{Shape: []int{0, -1}})
	}
	if s.in[0] == nil {
		return nil, nil
	}
	start, err := s.axis(p, "axis", from)
	if err != nil {
		return nil, err
	}
	end, err := s.axis(p, "end_axis", to)
	if err != nil {
		return nil, err
	}
	if end < start-1 { // one before it, Caffe flattens no axis: a new one of extent 1
		return nil, s.bad(p, "end_axis", "end_axis %d comes before axis %d", to, from)
	}
	return s.replaceAxes([]int{-1}, start, end+1)
}
