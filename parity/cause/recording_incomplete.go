package cause

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var recordingIncomplete = &Cause{
	ID:      "recording.incomplete",
	Title:   "not all tensors could be compared",
	Symptom: "Recorded tensors have names that their model does not know, or values of the model were not recorded.",
	Why:     "The recording was made from another version of the graph, or kept only some outputs. A note: it does not change the verdict.",
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Layer) []Fault {
			v := n.Outputs[0]
			if slices.Contains(p.Graph.Outputs, v) {
				return nil
			}
			return []Fault{{What: "a name that the model lacks", Note: true, Model: true, Record: func(_ *Port, values map[string]*tensor.Tensor[float32]) {
				values["renamed/"+v] = values[v]
				delete(values, v)
			}}}
		})
	},
}
