package config

// countInnerCallsFromZero numbers the calls of models within the model like those of layers. A model that was made from its inputs
// to its outputs has been called once before any other uses it, which Keras 2 counts and does not list.
func (m *Model) countInnerCallsFromZero() {
	for _, l := range m.Layers {
		if l.Inner != nil && m.countsFromOne(l) {
			m.eachRef(func(r *Ref) {
				if r.Layer == l.Name {
					r.Call--
				}
			})
		}
	}
}

// countsFromOne tells by the calls that others refer to. Where neither the first nor the last is used, it is what Keras 2 does with
// models that begin with an input.
func (m *Model) countsFromOne(l *Layer) bool {
	first, last := false, false
	m.eachRef(func(r *Ref) {
		first = first || r.Layer == l.Name && r.Call == 0
		last = last || r.Layer == l.Name && r.Call == len(l.Calls)
	})
	if first || last {
		return !first
	}
	return !l.named && len(l.Inner.Layers) > 0 && l.Inner.Layers[0].Class == "InputLayer"
}

// eachRef visits whatever refers to a layer's output.
func (m *Model) eachRef(visit func(*Ref)) {
	for _, l := range m.Layers {
		for i := range l.Calls {
			for j := range l.Calls[i].Inputs {
				visit(&l.Calls[i].Inputs[j])
			}
		}
	}
	for i := range m.Outputs {
		visit(&m.Outputs[i])
	}
}
