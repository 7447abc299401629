package savedmodel

import (
	"strings"

	"parity/importers/tensorflow/graphdef"
)

// layers finds what Keras's layers compute: Keras builds each in a scope of its name, within one of the model's, and knows
// its output by the layer's name. A scope's output is the one of its nodes that others read; the model's own has
// no reader.
func layers(g *graphdef.Graph) map[string]string {
	model, ok := commonScope(g)
	if !ok {
		return nil
	}
	names, several := map[string]string{}, map[string]bool{}
	outward := func(tensor, reader string) {
		name := nodeOf(tensor)
		layer, inside := layerOf(name, model)
		if other, same := layerOf(reader, model); !inside || same && other == layer {
			return
		}
		if known, found := names[layer]; found && known != tensor {
			several[layer] = true
		}
		names[layer] = tensor
	}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			outward(in, n.Name)
		}
	}
	for _, b := range g.Fetches {
		outward(b.Tensor, "")
	}
	for layer := range several {
		delete(names, layer)
	}
	return names
}

// commonScope is the outermost scope of all nodes that stand in one; ok is false if there are several.
func commonScope(g *graphdef.Graph) (scope string, ok bool) {
	for _, n := range g.Nodes {
		outer, _, scoped := strings.Cut(n.Name, "/")
		if !scoped || !computes(n) {
			continue
		}
		if scope != "" && scope != outer {
			return "", false
		}
		scope = outer
	}
	return scope, scope != ""
}

// computes leaves out nodes that are named after variables or functions and not after layers.
func computes(n *graphdef.Node) bool {
	switch n.Op {
	case "VarHandleOp", "Identity", "Const", "NoOp", "Placeholder", "ReadVariableOp":
		return false
	}
	return true
}

// layerOf is the scope directly in the model's.
func layerOf(node, model string) (string, bool) {
	inner, ok := strings.CutPrefix(node, model+"/")
	if !ok {
		return "", false
	}
	layer, _, scoped := strings.Cut(inner, "/")
	return layer, scoped
}
