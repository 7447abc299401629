package caffe

import (
	"parity/googlenet/layer"
)

// lowerReshape lowers Reshape, which may replace only some of the axes.
func lowerReshape(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("reshape_param")
	dims := shapeOf(p.Sub("shape"))
	free := 0
	for _, d := range dims {
		if d < -1 {
			return nil, s.bad(p, "shape", "extents are positive, 0 to copy or -1 to infer, found %d", d)
		}
		if d == -1 {
			free++
		}
	}
	if free > 1 {
		return nil, s.bad(p, "shape", "at most one extent may be -1, found %d", free)
	}
	start, count := p.Int("axis", 0), p.Int("num_axes", -1)
	if start == 0 && count == -1 {
		return one(layer.Reshape{Shape: dims})
	}
	return s.reshapeAxes(p, dims, start, count)
}

// reshapeAxes replaces count axes from start on; -1 stands for all. A start below 0 counts from the end of the list.
func (s *step) reshapeAxes(p *Message, dims []int, start, count int) ([]layer.Layer, error) {
	rank := len(s.in[0])
	if s.in[0] == nil {
		return nil, nil
	}
	if start < 0 {
		start += rank + 1
	}
	end := rank
	if count >= 0 {
		end = start + count
	}
	if start < 0 || start > rank || end > rank || count < -1 {
		return nil, s.bad(p, "axis", "axis %d and num_axes %d are outside the %d dimensions of the input %v", p.Int("axis", 0), count, rank, s.in[0])
	}
	return s.replaceAxes(dims, start, end)
}

// replaceAxes writes the axes before start and from end on as copies; where their place changes, as their extents.
func (s *step) replaceAxes(dims []int, start, end int) ([]layer.Layer, error) {
	shape := append(make([]int, start), dims...)
	for i, d := range s.in[0][end:] {
		if end+i == len(shape) {
			d = 0
		} else if d < 0 {
			return nil, nil // an extent that only the data tell
		}
		shape = append(shape, d)
	}
	return one(layer.Reshape{Shape: shape})
}
