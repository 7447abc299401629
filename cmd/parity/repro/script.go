package repro

import (
	_ "embed" // the scripts
	"fmt"
	"strconv"
	"strings"

	"parity/cmd/parity/side"
	"parity/fixtures/npz"
)

// script is the program that shows the difference.
type script struct {
	name    string
	text    []byte
	weights *npz.Tensors // of a layer that is written in the script; nil for none
}

var (
	//go:embed python/common.py
	commonPart string
	//go:embed python/run_tensorflow.py
	tensorflowPart string
	//go:embed python/run_onnxruntime.py
	onnxruntimePart string
	//go:embed python/run_caffe.py
	caffePart string
	//go:embed python/run_keras.py
	kerasPart string
	//go:embed python/run_nothing.py
	nothingPart string
	//go:embed python/nodes_torch.py
	torchNodes string
	//go:embed python/nodes_tensorflow.py
	tensorflowNodes string
	//go:embed python/nodes_onnxruntime.py
	onnxruntimeNodes string
)

// runners run what was cut out of a framework's files.
var runners = map[string]struct{ part, needs string }{
	"tensorflow": {tensorflowPart, "TensorFlow"},
	"onnx":       {onnxruntimePart, "onnxruntime"},
	"caffe":      {caffePart, "pycaffe"},
	"keras":      {kerasPart, "Keras"},
}

// dialects write layers in the terms of the framework that a recording without a model names.
var dialects = []struct{ producer, nodes, needs string }{
	{"torch", torchNodes, "PyTorch"},
	{"tensorflow", tensorflowNodes, "TensorFlow"},
	{"keras", tensorflowNodes, "TensorFlow"},
	{"onnx", onnxruntimeNodes, "onnxruntime and onnx"},
}

// scriptFor chooses how the layer is run: the files that were cut out of the model of the side at fault, else the layer written
// in the script, as the reference has it and as the cause says that the candidate does. Where neither is possible the
// tensors are compared as they are.
func (w *Writer) scriptFor(c *reproduction) script {
	at := &c.sides[1]
	if c.OfReference {
		at = &c.sides[0]
	}
	if framework, _ := at.json["framework"].(string); framework != side.Dump && len(at.output) > 0 {
		if r, ok := runners[framework]; ok {
			return c.assemble(r.needs, at.constants(c.Layer), r.part, nil)
		}
	}
	producer := strings.ToLower(w.cand.Producer().Name)
	for _, d := range dialects {
		if !strings.Contains(producer, d.producer) || c.OfReference {
			continue
		}
		calls, weights, err := c.calls()
		if err != nil {
			c.notes = append(c.notes, "the script does not run the layer: "+err.Error())
			break
		}
		return c.assemble(d.needs, constants(c.Layer, "", "", "", ""), d.nodes+"\n\n"+calls, weights)
	}
	return c.assemble("", constants(c.Layer, "", "", "", ""), nothingPart, nil)
}

// assemble puts a script together.
func (c *reproduction) assemble(needs, constants, part string, weights *npz.Tensors) script {
	imports, rest := splitImports(part)
	doc := fmt.Sprintf("#!/usr/bin/env python3\n\"\"\"Show %s.\n\nThe layer was cut out of a network; see finding.json for what is wrong and how to mend it. This script needs %s and reads\nnothing but the files beside it. Its exit status is 1 while there is a difference.\n\"\"\"\n\n",
		title(c), strings.TrimPrefix(needs+" and NumPy", " and "))
	common := strings.Replace(commonPart, "import numpy as np\n", "import numpy as np\n"+imports, 1)
	text := doc + strings.Replace(common, "\n\ndef load", "\n"+constants+"\n\ndef load", 1) + "\n\n" + rest
	return script{name: "reproduce.py", text: []byte(text), weights: weights}
}

// title names the layer and the causes, in plain characters.
func title(c *reproduction) string {
	return strings.Map(func(r rune) rune {
		if r == '"' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, c.Layer+": "+strings.Join(causes(c.Findings), ", "))
}

// splitImports takes the imports at a part's beginning off.
func splitImports(part string) (imports, rest string) {
	lines := strings.SplitAfter(part, "\n")
	n := 0
	for n < len(lines) && (strings.HasPrefix(lines[n], "import ") || strings.HasPrefix(lines[n], "from ")) {
		n++
	}
	return strings.Join(lines[:n], ""), strings.TrimLeft(strings.Join(lines[n:], ""), "\n")
}

// constants of a side's script say where its model lies.
func (s *sideFiles) constants(layer string) string {
	model, _ := s.json["model"].(string)
	weights, _ := s.json["weights"].(string)
	return constants(layer, s.folder, model, weights, s.output)
}

func constants(layer, folder, model, weights, output string) string {
	text := "LAYER = " + quoted(layer) + "\n"
	for _, k := range []struct{ name, value string }{{"SIDE", folder}, {"MODEL", model}, {"WEIGHTS", weights}, {"OUTPUT", output}} {
		if folder != "" {
			text += k.name + " = " + quoted(k.value) + "\n"
		}
	}
	return text
}

// quoted is a string of Python.
func quoted(s string) string { return strconv.QuoteToASCII(s) }
