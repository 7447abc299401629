package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var structureMissingLayer = &Cause{
	ID:      "structure.missing-layer",
	Title:   "a layer of the reference is missing in the candidate",
	Symptom: "The layer after it is wrong, on inputs that agree.",
	Why:     "Ports leave out what their framework lacks (local response normalisation) or what seems to have no effect.",
	Fix: Fixes{
		Caffe: "add the layer", TensorFlow: "add the operation", Keras: "add the layer", PyTorch: "add the module", ONNX: "add the node",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Layer) []Fault {
			if passesThrough(l) || len(n.Inputs) != 1 || len(n.Outputs) != 1 || !p.Shapes[n.Inputs[0]].Equal(p.Shapes[n.Outputs[0]]) {
				return nil
			}
			return []Fault{{Layer: n.Name, What: n.Layer.Kind(), Make: func(p *Port, _ float64) { p.remove(n.Name) }}}
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, run := range s.passable() {
			what := fmt.Sprintf("%s (%s)", run[0].Name, run[0].Layer.Kind())
			for _, n := range run[1:] {
				what += fmt.Sprintf(", %s (%s)", n.Name, n.Layer.Kind())
			}
			nodes := s.Nodes
			for _, n := range run {
				changed := *s
				changed.Nodes = nodes
				nodes = changed.without(n)
			}
			list = append(list, Variant{
				Nodes: nodes, Layer: run[0], Parameters: map[string]string{"reference": run[0].Layer.Kind(), "candidate": "none"},
				Explanation: "the candidate does not have the reference's " + what,
				Fix:         fmt.Sprintf("add the %s before %s", run[0].Layer.Kind(), s.counterpartName("")),
			})
		}
		return list
	},
}

// passable lists the layers that may be left out without another shape, shortest runs of them first: a convolution, one with
// the normalisation and the activation behind it.
func (s *Segment) passable() [][]*graph.Node {
	const longestRun = 5
	var list [][]*graph.Node
	for length := 1; length <= min(longestRun, len(s.Nodes)); length++ {
		for i := range len(s.Nodes) - length + 1 {
			if run := s.Nodes[i : i+length]; s.leavesShape(run) {
				list = append(list, run)
			}
		}
	}
	return list
}

// leavesShape reports whether layers follow each other and the shape is the same behind them. The first must not be one that
// passes on what it reads, or that has a cause of its own; a normalisation with its scale has none.
func (s *Segment) leavesShape(run []*graph.Node) bool {
	if _, norm := run[0].Layer.(layer.BatchNorm); passesThrough(run[0].Layer) && !(norm && len(run) > 1) {
		return false
	}
	for i, n := range run {
		if len(n.Inputs) != 1 || len(n.Outputs) != 1 || i > 0 && n.Inputs[0] != run[i-1].Outputs[0] {
			return false
		}
	}
	return s.shape(run[0].Inputs[0]).Equal(s.shape(run[len(run)-1].Outputs[0]))
}

// passesThrough reports whether a layer changes nothing, or has a cause of its own for being left out.
func passesThrough(l layer.Layer) bool {
	switch l.(type) {
	case layer.Identity, layer.Dropout, layer.Reshape, layer.Permute, layer.Softmax, layer.Scale, layer.BatchNorm, layer.FusedBatchNorm:
		return true
	}
	return len(activations([]*graph.Node{{Layer: l}})) > 0
}
