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
				if f, err := Filler(m); err == nil {
					return f
				}
				return nil
			}
		}
	}
	return nil
}
