package repro

import (
	"strings"
	"testing"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/piece"
	"parity/parity"
	"parity/parity/compare"
)

func reproductionOf(n *graph.Node, shapes ...tensor.Shape) *reproduction {
	c := &reproduction{Reproduction: compare.Reproduction{Layer: n.Name, Findings: []parity.Finding{{Layer: n.Name, Cause: "conv.padding"}}}}
	c.Reference = compare.Piece{Nodes: []*graph.Node{n}, Inputs: map[string]tensor.Any{}, Outputs: map[string]tensor.Any{}}
	for i, s := range shapes {
		c.Reference.Inputs[n.Inputs[i]] = tensor.New[float32](s...)
	}
	c.Reference.Outputs[n.Outputs[0]] = tensor.New[float64](1)
	c.sides[0].piece = &piece.Piece{Names: map[string]string{"x": "blob"}}
	return c
}

func window(k, s int) layer.Window {
	return layer.Window{Kernel: [2]int{k, k + 1}, Stride: [2]int{s, s}, Dilation: [2]int{1, 1}, Padding: layer.Padding{Mode: layer.SameUpper}}
}

func params(shapes ...tensor.Shape) []*graph.Param {
	var list []*graph.Param
	for _, s := range shapes {
		t := tensor.New[float32](s...)
		for i := range t.Data {
			t.Data[i] = float32(i + 1)
		}
		list = append(list, &graph.Param{Value: t})
	}
	return list
}

// Every kind of layer is written with what decides about its numbers.
func TestCalls(t *testing.T) {
	image := tensor.Shape{2, 6, 7, 9}
	for _, row := range []struct {
		l      layer.Layer
		params []*graph.Param
		want   string
	}{
		{layer.Convolution{Window: window(3, 2), Outputs: 4, Groups: 2, Bias: true}, params(tensor.Shape{4, 3, 3, 4}, tensor.Shape{4}),
			`convolution(t["x"], w["0"], w["1"], stride=(2, 2), pad=(1, 1, 1, 2), dilation=(1, 1), groups=2)`},
		{layer.MaxPool{Pool: layer.Pool{Window: window(2, 2)}}, nil, `max_pool(t["x"], kernel=(2, 3), stride=(2, 2), pad=(0, 1, 1, 1))`},
		{layer.MaxPool{Pool: layer.Pool{Window: layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}, Ceil: true}}, nil,
			`max_pool(t["x"], kernel=(3, 3), stride=(2, 2), pad=(0, 0, 0, 0))`},
		{layer.AveragePool{Pool: layer.Pool{Global: true}}, nil, `average_pool(t["x"], w["0"], kernel=(7, 9), stride=(1, 1), pad=(0, 0, 0, 0))`},
		{layer.LRN{Size: 5, Alpha: 2e-5, Beta: 0.75, K: 1}, nil, `lrn(t["x"], size=5, alpha=2e-05, beta=0.75, k=1)`},
		{layer.BatchNorm{Epsilon: 0.5}, params(tensor.Shape{6}, tensor.Shape{6}, tensor.Shape{1}), `batch_norm(t["x"], w["0"], w["1"], epsilon=0.5)`},
		{layer.BatchNorm{Epsilon: 0.5, Batch: true}, params(tensor.Shape{6}, tensor.Shape{6}, tensor.Shape{1}), `batch_norm(t["x"], epsilon=0.5)`},
		{layer.Scale{Axis: 1, Bias: true}, params(tensor.Shape{6}, tensor.Shape{6}), `affine(t["x"], w["0"], w["1"])`},
		{layer.Bias{Axis: 1}, params(tensor.Shape{6}), `affine(t["x"], offset=w["0"])`},
		{layer.ReLU{Slope: 0.25}, nil, `relu(t["x"], slope=0.25)`},
		{layer.PReLU{}, params(tensor.Shape{6}), `prelu(t["x"], w["0"])`},
		{layer.Clip{Min: 0, Max: 6}, nil, `clip(t["x"], least=0, most=6)`},
		{layer.Softmax{Axis: 1}, nil, `softmax(t["x"], axis=1)`},
		{layer.Power{Power: 2, Scale: 0.5, Shift: 1}, nil, `power(t["x"], power=2, scale=0.5, shift=1)`},
		{layer.Reshape{Shape: []int{0, -1}}, nil, `reshape(t["x"], (2, 378))`},
		{layer.Permute{Axes: []int{0, 2, 3, 1}}, nil, `permute(t["x"], (0, 2, 3, 1))`},
		{layer.Dropout{Ratio: 0.5}, nil, `t["x"]`},
	} {
		n := &graph.Node{Name: "n", Layer: row.l, Inputs: []string{"x"}, Outputs: []string{"y"}, Params: row.params}
		text, weights, err := reproductionOf(n, image).calls()
		if err != nil {
			t.Errorf("%s: %v", row.l.Kind(), err)
			continue
		}
		if !strings.Contains(text, `    t["y"] = `+row.want+"\n") || !strings.Contains(text, `    t["x"] = t["blob"]`) || !strings.Contains(text, `return array(t["y"])`) {
			t.Errorf("%s:\n%s\nwant %s", row.l.Kind(), text, row.want)
		}
		if n := strings.Count(row.want, `w["`); weights.Len() != n {
			t.Errorf("%s: %d arrays, want %d", row.l.Kind(), weights.Len(), n)
		}
	}
}

func TestCallsOfSeveralInputs(t *testing.T) {
	shape := tensor.Shape{1, 3, 2, 2}
	for want, l := range map[string]layer.Layer{
		`concat(t["a"], t["b"], axis=1)`: layer.Concat{Axis: 1},
		`t["a"] * t["b"]`:                layer.Eltwise{Combination: layer.EltwiseProduct},
		`maximum(t["a"], t["b"])`:        layer.Eltwise{Combination: layer.EltwiseMaximum},
		`t["a"] + -0.5 * t["b"]`:         layer.Eltwise{Coefficients: []float64{1, -0.5}},
	} {
		n := &graph.Node{Name: "n", Layer: l, Inputs: []string{"a", "b"}, Outputs: []string{"y"}}
		if text, _, err := reproductionOf(n, shape, shape).calls(); err != nil || !strings.Contains(text, want) {
			t.Errorf("%s: %v\n%s", want, err, text)
		}
	}
}

// An average that counts only what is inside divides by fewer at the edge.
func TestCellsOfAnAverage(t *testing.T) {
	l := layer.AveragePool{Pool: layer.Pool{Window: window(3, 1)}, Divisor: layer.ValidCells}
	n := &graph.Node{Name: "n", Layer: l, Inputs: []string{"x"}, Outputs: []string{"y"}}
	_, weights, err := reproductionOf(n, tensor.Shape{1, 1, 5, 5}).calls()
	if err != nil {
		t.Fatal(err)
	}
	v, _ := weights.Get("0")
	cells := tensor.As[float64](v)
	if cells.Data[0] != 2*3 || cells.Data[12] != 3*4 || cells.Data[24] != 2*2 {
		t.Errorf("corner %v, middle %v, other corner %v", cells.Data[0], cells.Data[12], cells.Data[24])
	}
}

func TestWhatScriptsDoNotWrite(t *testing.T) {
	n := &graph.Node{Name: "n", Layer: layer.Dropout{Active: true, Ratio: 0.5}, Inputs: []string{"x", "mask"}, Outputs: []string{"y"}}
	c := reproductionOf(n, tensor.Shape{1, 2}, tensor.Shape{1, 2})
	if _, _, err := c.calls(); err == nil {
		t.Error("a layer that draws has a script")
	}
}

// A script names the layer in plain characters, and imports what its part needs where imports belong.
func TestAssemble(t *testing.T) {
	c := reproductionOf(&graph.Node{Name: `a"b\`, Layer: layer.ReLU{}, Inputs: []string{"x"}, Outputs: []string{"y"}}, tensor.Shape{1})
	s := c.assemble("TensorFlow", constants(`a"b\`, "cand", "graph.pb", "", "y"), tensorflowPart, &npz.Tensors{})
	text := string(s.text)
	for _, want := range []string{
		"#!/usr/bin/env python3\n\"\"\"Show a_b_: conv.padding.\n", "needs TensorFlow and NumPy", "import numpy as np\nimport tensorflow as tf\n",
		`LAYER = "a\"b\\"` + "\n" + `SIDE = "cand"` + "\n" + `MODEL = "graph.pb"`, "\n\n\ndef load(", "\n\n\ndef run():",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, r := range runners {
		if imports, rest := splitImports(r.part); imports == "" || strings.Contains(rest, "\nimport ") {
			t.Errorf("imports %q, then\n%s", imports, rest)
		}
	}
}

// The dialects write the same functions.
func TestDialectsHaveTheSameFunctions(t *testing.T) {
	functions := func(text string) map[string]bool {
		list := map[string]bool{}
		for _, line := range strings.Split(text, "\n") {
			if name, ok := strings.CutPrefix(line, "def "); ok {
				list[name[:strings.IndexByte(name, '(')]] = true
			}
		}
		return list
	}
	first := functions(dialects[0].nodes)
	for _, d := range dialects[1:] {
		own := functions(d.nodes)
		for name := range first {
			if !own[name] {
				t.Errorf("%s has no %s", d.producer, name)
			}
		}
	}
}
