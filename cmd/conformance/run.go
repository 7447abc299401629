package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"parity/cmd/parity/cases"
	"parity/importers/onnx"
)

// runAll runs every test of the folders.
func runAll(ctx context.Context, data, version string) (*results, error) {
	r := &results{version: version}
	for _, folder := range folders {
		dirs, err := cases.Find(filepath.Join(data, folder))
		if err != nil {
			return nil, err
		}
		if len(dirs) == 0 {
			return nil, fmt.Errorf("%s holds no tests", filepath.Join(data, folder))
		}
		for _, dir := range dirs {
			if err := r.run(ctx, folder, dir); err != nil {
				return nil, err
			}
		}
	}
	r.sort()
	return r, nil
}

func (r *results) run(ctx context.Context, folder, dir string) error {
	name, err := operator(dir)
	if err != nil {
		return err
	}
	result, err := cases.Run(ctx, dir, cases.Options{Threads: runtime.GOMAXPROCS(0)})
	if err != nil {
		return err
	}
	x := r.row(folder, name)
	switch {
	case result.Passed:
		x.passed++
	case result.Unsupported:
		x.unsupported++
		x.add(why(result.Error))
	case result.Error != "":
		x.failed++
		x.add(strings.ReplaceAll(result.Error, dir+string(filepath.Separator), ""))
	default:
		x.failed++
		x.add(beyond(result.Case))
	}
	return nil
}

// explained are tests whose own numbers are not what ONNX's specification says.
var explained = map[string]string{
	"test_cast_FLOAT_to_BFLOAT16":                        bits,
	"test_castlike_FLOAT_to_BFLOAT16":                    bits,
	"test_castlike_FLOAT_to_BFLOAT16_expanded":           bits,
	"test_resize_downsample_scales_cubic_align_corners":  corners,
	"test_resize_downsample_scales_linear_align_corners": corners,
	"test_adam_multiple":                                 "its outputs were computed with epsilon = 0.01, the model has the default 1e-06",
}

const corners = "its outermost cells do not fall together: its places were computed with scale times extent as the new extent, which is not whole"

const bits = "its output has the bits of float32 cut off, the specification rounds to the nearest number"

func beyond(test string) string {
	if why, ok := explained[test]; ok {
		return test + ": " + why
	}
	return test + " is beyond the bound"
}

// several stands for models of more than one operator.
const several = "several operators"

// operator is that of a model with one node.
func operator(dir string) (string, error) {
	m, err := onnx.Read(filepath.Join(dir, "model.onnx"))
	if err != nil {
		return "", err
	}
	if len(m.Graph.Nodes) != 1 {
		return several, nil
	}
	return m.Graph.Nodes[0].Type(), nil
}

// why drops the name of the node, or of the input, which differs from test to test.
func why(message string) string {
	if _, rest, ok := strings.Cut(message, ": the operation "); ok {
		return "the operation " + rest
	}
	parts := strings.Split(message, `"`)
	if len(parts) == 3 {
		return strings.NewReplacer("the input ", "an input", "the output ", "an output").Replace(parts[0]) + parts[2]
	}
	return message
}
