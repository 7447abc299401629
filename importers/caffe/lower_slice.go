package caffe

import "parity/googlenet/layer"

// lowerSlice lowers a cut into parts at the slice points, or into equal ones.
func lowerSlice(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("slice_param")
	axis, err := s.oldAxis(p, "slice_dim")
	if err != nil {
		return nil, err
	}
	l := layer.Slice{Axis: axis, Points: p.Ints("slice_point"), Parts: len(s.Top)}
	if len(l.Points) == 0 {
		return one(l)
	}
	if len(l.Points) != len(s.Top)-1 {
		return nil, s.bad(p, "slice_point", "needs a slice_point between each two of its %d tops, found %d", len(s.Top), len(l.Points))
	}
	last := 0
	for _, at := range l.Points {
		if at <= last {
			return nil, s.bad(p, "slice_point", "the points %v must increase from above 0", l.Points)
		}
		last = at
	}
	if s.in[0] != nil && axis < len(s.in[0]) && s.in[0][axis] >= 0 && s.in[0][axis] < len(s.Top) {
		return nil, s.bad(p, "slice_point", "cannot cut an extent of %d into %d parts", s.in[0][axis], len(s.Top))
	}
	return one(l)
}

// oldAxis reads an axis that older files state under another name, which is 1 if it is not stated.
func (s *step) oldAxis(p *Message, old string) (int, error) {
	if p.Has("axis") && p.Has(old) {
		return 0, s.bad(p, old, "state axis or %s, not both", old)
	}
	name := "axis"
	if p.Has(old) {
		name = old
	}
	return s.axis(p, name, p.Int(name, 1))
}
