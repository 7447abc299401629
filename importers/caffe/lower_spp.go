package caffe

import (
	"parity/googlenet/layer"
)

// lowerSPP lowers a spatial pyramid: a pool for each level, of 2^level bins along either axis, whose results are flattened
// and joined. A pyramid of one level is that level's pool alone.
func lowerSPP(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("spp_param")
	height := p.Int("pyramid_height", 0)
	if height < 1 {
		return nil, s.bad(p, "pyramid_height", "pyramid_height must be stated and positive, found %d", height)
	}
	in := s.in[0]
	if in == nil || len(in) == 4 && (in[2] < 0 || in[3] < 0) {
		return nil, nil // the windows depend on the size of the map
	}
	if len(in) != 4 {
		return nil, s.Errorf("takes a 4-dimensional NCHW input, found %v", in)
	}
	if height == 1 {
		return s.pyramidPool(p, 0)
	}
	var chain []layer.Layer
	var levels []int
	s.reads = map[int][]int{}
	for level := range height {
		pool, err := s.pyramidPool(p, level)
		if err != nil || pool == nil {
			return nil, err
		}
		s.reads[len(chain)] = []int{bottom(0)}
		chain = append(append(chain, pool...), layer.Reshape{Shape: []int{0, -1}})
		levels = append(levels, len(chain)-1)
	}
	s.reads[len(chain)] = levels
	return append(chain, layer.Concat{Axis: 1}), nil
}

// pyramidPool is the pool of a level. Where the bins do not divide the map, it is padded by half of what is missing on
// either side, rounded up.
func (s *step) pyramidPool(p *Message, level int) ([]layer.Layer, error) {
	var kernel, pad [2]int
	for axis, n := range s.in[0][2:] {
		if level > 30 {
			return nil, s.bad(p, "pyramid_height", "a pyramid of more than 31 levels has more bins than a map can have")
		}
		bins := 1 << level
		kernel[axis] = (n + bins - 1) / bins
		pad[axis] = (kernel[axis]*bins - n + 1) / 2
	}
	pool, err := s.pool(p, kernel, kernel, pad, true)
	if err != nil {
		return nil, err
	}
	return s.pooling(p, p.Text("pool", "MAX"), pool)
}
