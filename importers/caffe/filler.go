package caffe

import "parity/googlenet/train/filler"

// Filler returns what a FillerParameter fills with; of a nil message, what Caffe takes where a file states no filler.
func Filler(m *Message) (filler.Filler, error) {
	s := FillerSettings(m)
	kind := m.Text("type", "constant")
	if _, ok := fillerReads[kind]; !ok {
		return nil, m.Errorf("type", "unknown filler type %q%s", kind, enumHint(kind, keys(fillerReads)))
	}
	f, err := filler.New(kind, s)
	if err != nil {
		return nil, m.Errorf("sparse", "%v", err)
	}
	return f, nil
}

// FillerSettings returns the settings of a FillerParameter, in the single precision in which Caffe holds them.
func FillerSettings(m *Message) filler.Settings {
	s := filler.Defaults
	s.Value = float64(m.Float("value", 0))
	s.Min, s.Max = float64(m.Float("min", 0)), float64(m.Float("max", 1))
	s.Mean, s.Std = float64(m.Float("mean", 0)), float64(m.Float("std", 1))
	s.Sparse = m.Int("sparse", filler.Dense)
	s.Norm = varianceNorms[m.Text("variance_norm", "FAN_IN")]
	return s
}

var varianceNorms = map[string]filler.VarianceNorm{"FAN_IN": filler.FanIn, "FAN_OUT": filler.FanOut, "AVERAGE": filler.Average}
