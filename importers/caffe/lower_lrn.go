package caffe

import (
	"fmt"

	"parity/googlenet/layer"
)

// lowerLRN lowers normalisation across channels, or within each. Caffe multiplies the mean of the squares by alpha, the
// layers here their sum.
func lowerLRN(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("lrn_param")
	size := p.Int("local_size", 5)
	if size%2 == 0 {
		return nil, s.bad(p, "local_size", "local_size must be odd, found %d", size)
	}
	alpha, beta := float64(p.Float("alpha", 1)), float64(p.Float("beta", 0.75))
	if p.Text("norm_region", "ACROSS_CHANNELS") == "WITHIN_CHANNEL" {
		s.noteAlpha(p, size*size, fmt.Sprintf("the square of local_size %d, at borders too", size))
		if p.Has("k") {
			s.note(fmt.Sprintf("k %v is ignored within channels, where it is always 1", p.Float("k", 1)))
		}
		return one(layer.SpatialLRN{Size: size, Alpha: alpha / float64(size*size), Beta: beta})
	}
	s.noteAlpha(p, size, fmt.Sprintf("local_size %d", size))
	return one(layer.LRN{Size: size, Alpha: alpha / float64(size), Beta: beta, K: float64(p.Float("k", 1))})
}

func (s *step) noteAlpha(p *Message, divisor int, what string) {
	if divisor > 1 {
		s.note(fmt.Sprintf("alpha %v is divided by %s; other frameworks may multiply the plain sum by theirs", p.Float("alpha", 1), what))
	}
}
