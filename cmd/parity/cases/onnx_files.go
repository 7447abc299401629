package cases

import (
	"fmt"
	"path/filepath"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/onnx"
	"parity/importers/onnx/model"
	"parity/parity/trace"
)

// feed reads the inputs of a set and lowers the model. Weights and settings, which conformance tests feed too, are fixed
// before. It returns the types of what is fed, too.
func feed(m *model.Model, set string) (g *graph.Graph, inputs map[string]tensor.Any, types []model.DType, err error) {
	weights, err := onnx.Parameters(m)
	if err != nil {
		return nil, nil, nil, err
	}
	inputs = map[string]tensor.Any{}
	i := 0
	for _, in := range m.Graph.Inputs {
		if slices.ContainsFunc(m.Graph.Initializers, func(w *model.Tensor) bool { return w.Name == in.Name }) {
			continue
		}
		t, err := readTensor(set, "input", i, in)
		if err != nil {
			return nil, nil, nil, err
		}
		i++
		types = append(types, t.DType)
		in.Shape = t.Shape // of what is fed, where the model leaves it open
		if slices.Contains(weights, in.Name) {
			m.Graph.Fix(in.Name, t)
			continue
		}
		if inputs[in.Name], err = t.Value(); err != nil {
			return nil, nil, nil, err
		}
	}
	if g, err = onnx.Lower(m); err != nil {
		return nil, nil, nil, err
	}
	for name, t := range inputs {
		if inputs[name], err = trace.Input(g, name, t); err != nil {
			return nil, nil, nil, err
		}
	}
	return g, inputs, types, nil
}

// expected reads the outputs of a set, and their types.
func expected(m *model.Model, set string) (map[string]tensor.Any, []model.DType, error) {
	outputs, types := map[string]tensor.Any{}, []model.DType{}
	for i, out := range m.Graph.Outputs {
		t, err := readTensor(set, "output", i, out)
		if err != nil {
			return nil, nil, err
		}
		types = append(types, t.DType)
		if outputs[out.Name], err = t.Value(); err != nil {
			return nil, nil, err
		}
	}
	return outputs, types, nil
}

// readTensor reads input_N.pb or output_N.pb. NumPy, which the tests were made with, has no bfloat16: its bits stand there as
// uint16.
func readTensor(set, what string, i int, v *model.Value) (*model.Tensor, error) {
	if v.Type == 0 {
		return nil, unsupported(fmt.Sprintf("the %s %q is no tensor: sequences, maps and optional values are not read", what, v.Name))
	}
	t, err := onnx.ReadTensor(filepath.Join(set, fmt.Sprintf("%s_%d.pb", what, i)))
	if err == nil && v.Type == model.BFloat16 && t.DType == model.Uint16 {
		t.DType = model.BFloat16
	}
	if err == nil && t.DType.Element().Size() == 0 {
		err = unsupported(fmt.Sprintf("the %s %q has elements of type %v, which are not computed with", what, v.Name, t.DType))
	}
	return t, err
}
