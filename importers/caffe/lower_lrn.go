package caffe

import (
	"fmt"

	"parity/googlenet/layer"
)

// lowerLRN lowers normalisation across channels. Caffe multiplies the mean of the squares by alpha, layer.LRN their sum.
func lowerLRN(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("lrn_param")
	size := p.Int("local_size", 5)
	if size%2 == 0 {
		return nil, s.bad(p, "local_size", "local_size must be odd, found %d", size)
	}
	if p.Text("norm_region", "ACROSS_CHANNELS") != "ACROSS_CHANNELS" {
		return nil, nil
	}
	alpha := p.Float("alpha", 1)
	if size > 1 {
		s.note(fmt.Sprintf("alpha %v is divided by local_size %d; other frameworks may multiply the plain sum by theirs", alpha, size))
	}
	return one(layer.LRN{Size: size, Alpha: float64(alpha) / float64(size), Beta: float64(p.Float("beta", 0.75)), K: float64(p.Float("k", 1))})
}
