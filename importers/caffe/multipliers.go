package caffe

import "parity/googlenet/graph"

// paramSpec returns what holds for one of the layer's blobs. The statistics of batch normalisation are not learned: Caffe
// gives them a learning rate of zero.
func (l *Layer) paramSpec(i int) ParamSpec {
	switch {
	case i < len(l.Params):
		return l.Params[i]
	case l.Type == "BatchNorm":
		return ParamSpec{LR: 0, Decay: 1, LRStated: true}
	}
	return ParamSpec{LR: 1, Decay: 1}
}

// multipliers returns nil where both are 1.
func (p ParamSpec) multipliers() *graph.Multipliers {
	if p.LR == 1 && p.Decay == 1 {
		return nil
	}
	return &graph.Multipliers{LR: float64(p.LR), Decay: float64(p.Decay)}
}

// agree takes what a further layer states of shared weights: of several that state a multiplier all must state the same.
func (w *weights) agree(s *step, i int, owner *graph.Param) error {
	have, more := w.specs[owner], s.paramSpec(i)
	for _, m := range []struct {
		field    string
		to       *float32
		toStated *bool
		value    float32
		stated   bool
	}{
		{"lr_mult", &have.LR, &have.LRStated, more.LR, more.LRStated},
		{"decay_mult", &have.Decay, &have.DecayStated, more.Decay, more.DecayStated},
	} {
		if !m.stated {
			continue
		}
		if *m.toStated && *m.to != m.value {
			return s.Errorf("shares the weights %q with %s, and states %s %g where %g was stated before", more.Name, owner.Name, m.field, m.value, *m.to)
		}
		*m.to, *m.toStated = m.value, true
	}
	owner.Multipliers = have.multipliers()
	return nil
}
