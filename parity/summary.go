package parity

import "math"

// Add counts one layer.
func (s *Summary) Add(l Layer) {
	s.Layers++
	switch l.Verdict {
	case Match:
		s.Match++
	case Covered:
		s.Covered++
	case Introduced:
		s.Introduced++
	case Inherited:
		s.Inherited++
	case Missing:
		s.Missing++
	case Incomparable:
		s.Incomparable++
	}
	if l.Sketch != nil {
		s.Sketched++
	}
	if l.Isolated != nil && (s.WorstLayer == "" || worse(l.Isolated.Ratio, s.WorstRatio)) {
		s.WorstRatio, s.WorstLayer = l.Isolated.Ratio, l.Name
	}
}

func worse(a, b Number) bool { return a > b || math.IsNaN(float64(a)) && !math.IsNaN(float64(b)) }
