package caffe

import "parity/googlenet/layer"

func lowerTile(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("tile_param")
	axis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	l := layer.Tile{Axis: axis, Tiles: p.Int("tiles", 0)}
	if l.Tiles < 1 {
		return nil, s.bad(p, "tiles", "tiles must be stated and positive, found %d", l.Tiles)
	}
	return one(l)
}
