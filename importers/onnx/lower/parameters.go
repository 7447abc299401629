package lower

import "parity/importers/onnx/model"

// Parameters lists the inputs of a model that are read as weights and settings only, such as a kernel or a shape: the
// operations that read them are lowered if their values are fixed with model.Graph.Fix. Conformance tests feed all weights.
func Parameters(m *model.Model) ([]string, error) {
	net, err := newNetwork(m)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, in := range m.Graph.Inputs {
		if net.isParameter(in.Name) {
			list = append(list, in.Name)
		}
	}
	return list, nil
}

func (t *network) isParameter(name string) bool {
	for _, r := range t.readers[name] {
		op := operations[r.Type()]
		for i, in := range r.Inputs {
			if in == name && (op.data == 0 || i < op.data) {
				return false
			}
		}
		for _, captured := range t.captured[r] {
			if captured == name {
				return false
			}
		}
	}
	return len(t.readers[name]) > 0 && !t.outputs[name]
}
