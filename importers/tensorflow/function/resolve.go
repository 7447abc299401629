package function

import (
	"strconv"
	"strings"

	"parity/importers/tensorflow/graphdef"
)

// resolve follows a reference, as a node of a scope has it, through arguments and results to a node of the flat graph.
func (in *inliner) resolve(reader *graphdef.Node, s *scope, text string) (string, error) {
	for range maxHops {
		if i, isArg := s.args[text]; isArg {
			s, text = s.parent, data(s.call.Inputs)[i]
			continue
		}
		p, output, err := s.find(reader, text)
		if err != nil {
			return "", err
		}
		switch {
		case p.outputs != nil && output < len(p.outputs):
			return p.outputs[output].name, nil
		case p.outputs != nil:
			return "", reader.Errorf("its input %q is output %d of a condition that has %d", text, output, len(p.outputs))
		case p.inner == nil:
			return reference(p.name, output), nil
		}
		f := p.inner.function
		if output >= len(f.Outputs) {
			return "", reader.Errorf("its input %q is output %d of the function %q, which has %d", text, output, f.Name, len(f.Outputs))
		}
		s, text = p.inner, f.Returns[f.Outputs[output].Name]
	}
	return "", reader.Errorf("its input %q is handed on through functions without end", text)
}

func reference(name string, output int) string {
	if output == 0 {
		return name
	}
	return name + ":" + strconv.Itoa(output)
}

// find splits a reference into the node and the number of its output. The graph writes "node" or "node:number", a
// function "node:output:number".
func (s *scope) find(reader *graphdef.Node, text string) (*placed, int, error) {
	parts := strings.Split(text, ":")
	p := s.byName[parts[0]]
	if p == nil {
		return nil, 0, reader.Errorf("its input %q does not exist%s", text, s.where())
	}
	number := 0
	if len(parts) > 1 {
		var err error
		if number, err = strconv.Atoi(parts[len(parts)-1]); err != nil || number < 0 || len(parts) > 3 {
			return nil, 0, reader.Errorf("its input %q is not the output of a node%s", text, s.where())
		}
	}
	if len(parts) == 3 {
		number += s.first(p, parts[1])
	}
	return p, number, nil
}

func (s *scope) where() string {
	if s.function == nil {
		return ""
	}
	return " in the function " + strconv.Quote(s.function.Name)
}

// first is the number of the first value of a named output.
func (s *scope) first(p *placed, output string) int {
	names := outputs[p.node.Op]
	if p.inner != nil && p.node.Op == p.inner.function.Name {
		for _, a := range p.inner.function.Outputs {
			names = append(names, a.Name)
		}
	}
	for i, name := range names {
		if name == output {
			return i
		}
	}
	return 0
}

// outputs lists the names of the outputs of operations that have several. All others have one output, or a list of them
// under one name.
var outputs = map[string][]string{
	"FusedBatchNorm":                      {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"},
	"FusedBatchNormV2":                    {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"},
	"FusedBatchNormV3":                    {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"},
	"SoftmaxCrossEntropyWithLogits":       {"loss", "backprop"},
	"SparseSoftmaxCrossEntropyWithLogits": {"loss", "backprop"},
	"MaxPoolWithArgmax":                   {"output", "argmax"},
	"FractionalMaxPool":                   {"output", "row_pooling_sequence", "col_pooling_sequence"},
	"FractionalAvgPool":                   {"output", "row_pooling_sequence", "col_pooling_sequence"},
	"TopK":                                {"values", "indices"},
	"TopKV2":                              {"values", "indices"},
	"Unique":                              {"y", "idx"},
	"UniqueV2":                            {"y", "idx"},
	"UniqueWithCounts":                    {"y", "idx", "count"},
	"Switch":                              {"output_false", "output_true"},
	"RefSwitch":                           {"output_false", "output_true"},
	"Merge":                               {"output", "value_index"},
	"RefMerge":                            {"output", "value_index"},
	"BroadcastGradientArgs":               {"r0", "r1"},
	"ListDiff":                            {"out", "idx"},
	"NonMaxSuppressionV4":                 {"selected_indices", "valid_outputs"},
	"NonMaxSuppressionV5":                 {"selected_indices", "selected_scores", "valid_outputs"},
	"CombinedNonMaxSuppression":           {"nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"},
	"QuantizeV2":                          {"output", "output_min", "output_max"},
	"SampleDistortedBoundingBox":          {"begin", "size", "bboxes"},
	"SampleDistortedBoundingBoxV2":        {"begin", "size", "bboxes"},
	"StatelessSampleDistortedBoundingBox": {"begin", "size", "bboxes"},
	"StatelessRandomGetKeyCounter":        {"key", "counter"},
}
