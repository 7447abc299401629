package cases

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/tensor"
	"parity/importers/onnx"
	"parity/importers/onnx/model"
	"parity/parity/trace"
)

// isONNX: a model with inputs and outputs in the layout of ONNX's own conformance tests.
func isONNX(dir string) bool { return has(dir, "model.onnx") && has(dir, "test_data_set_0") }

// runONNX runs the model on every set of inputs.
func runONNX(ctx context.Context, dir string, o Options) (*Result, error) {
	sets, err := filepath.Glob(filepath.Join(dir, "test_data_set_*"))
	if err != nil {
		return nil, err
	}
	forward, computed := &Check{}, &npz.Tensors{}
	for _, set := range sets {
		if err := runSet(ctx, filepath.Join(dir, "model.onnx"), set, o, forward, computed); err != nil {
			return nil, err
		}
	}
	if o.Dump != "" {
		folder := filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir)))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
		if err := npz.Write(filepath.Join(folder, "outputs.npz"), computed); err != nil {
			return nil, err
		}
	}
	return &Result{Forward: forward.orNil()}, nil
}

// runSet runs the model on the tensors of one folder.
func runSet(ctx context.Context, path, set string, o Options, forward *Check, computed *npz.Tensors) error {
	m, err := onnx.Read(path)
	if err != nil {
		return err
	}
	n := &network{threads: o.Threads}
	var fed []model.DType
	if n.graph, n.inputs, fed, err = feed(m, set); err != nil {
		return err
	}
	outputs, types, err := expected(m, set)
	if err != nil {
		return err
	}
	types = append(types, fed...)
	for i, p := range []precision{single, double} {
		if n.recorded[i], err = bound.Declared(n.graph.Framework, "", "", arithmetic(types, p)); err != nil {
			return err
		}
	}
	if err := n.run(ctx); err != nil {
		return err
	}
	return compareSet(n, computedIn(types), filepath.Base(set), m, outputs, forward, computed)
}

// compareSet compares under the names of the files, as output_0.
func compareSet(n *network, p precision, set string, m *model.Model, outputs map[string]tensor.Any, forward *Check, computed *npz.Tensors) error {
	recorded, keys := trace.FromRecording(n.graph, outputs).Values, map[string]string{}
	list := &npz.Tensors{}
	for i, out := range m.Graph.Outputs {
		name := out.Name
		key := fmt.Sprintf("%s/output_%d", set, i)
		if alias, ok := n.graph.Aliases[name]; ok {
			name = alias
		}
		if t := n.graph.Constants[out.Name]; t != nil {
			keys[key] = out.Name
			list.Set(key, outputs[out.Name])
			computed.Set(key, t)
			continue
		}
		if recorded[name] == nil {
			return fmt.Errorf("%s: the output %q is not computed", set, out.Name)
		}
		keys[key] = name
		list.Set(key, recorded[name])
		if v := n.stored(p, name); v != nil {
			computed.Set(key, trace.Stored(n.graph, name, v))
		}
	}
	return forward.compare(set, list, func(key string) (value, error) {
		if t := n.graph.Constants[keys[key]]; t != nil {
			return value{got: tensor.As[float64](t)}, nil
		}
		return n.value(keys[key], p)
	})
}

// computedIn is the precision for a model with inputs and outputs of these types. Integers alone are exact in the double one.
func computedIn(types []model.DType) precision {
	if slices.Contains(types, model.Double) || !slices.ContainsFunc(types, model.DType.IsFloat) {
		return double
	}
	return single
}

// arithmetic is that of a recording in a precision, as in a side.json.
func arithmetic(types []model.DType, p precision) string {
	switch {
	case p == double:
		return "float64"
	case slices.Contains(types, model.BFloat16):
		return "bfloat16:accumulations"
	case slices.Contains(types, model.Float16):
		return "float16:accumulations"
	}
	return ""
}
