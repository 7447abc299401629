package caffe

import "parity/googlenet/train/filler"

// fillerFields are the names that layers give the fillers of their first and second blob.
var fillerFields = [][]string{{"weight_filler", "filler"}, {"bias_filler"}}

// filler returns what Caffe draws the layer's i-th blob from, nil where the file does not say, or says what Caffe refuses.
func (s *step) filler(i int) filler.Filler {
	if i >= len(fillerFields) {
		return nil
	}
	for _, f := range s.Settings.Fields {
		param, ok := f.Value.(*Message)
		if !ok {
			continue
		}
		for _, name := range fillerFields[i] {
			if m := param.Sub(name); m != nil && m.Type == "FillerParameter" {
				return firstWeights(m)
			}
		}
	}
	return nil
}

var varianceNorms = map[string]filler.VarianceNorm{"FAN_IN": filler.FanIn, "FAN_OUT": filler.FanOut, "AVERAGE": filler.Average}

func firstWeights(m *Message) filler.Filler {
	d := filler.Defaults
	f, err := filler.New(m.Text("type", "constant"), filler.Settings{
		Value: float64(m.Float("value", float32(d.Value))),
		Min:   float64(m.Float("min", float32(d.Min))), Max: float64(m.Float("max", float32(d.Max))),
		Mean: float64(m.Float("mean", float32(d.Mean))), Std: float64(m.Float("std", float32(d.Std))),
		Sparse: m.Int("sparse", d.Sparse), Norm: varianceNorms[m.Text("variance_norm", "FAN_IN")],
	})
	if err != nil {
		return nil
	}
	return f
}
