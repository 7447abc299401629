package lower

import (
	"parity/importers/onnx/model"
	"parity/importers/source"
)

// network is the nodes of a model, with calls of functions replaced by their bodies, and who reads what.
type network struct {
	nodes   []*model.Node
	readers map[string][]*model.Node // by value; those that read it in a branch or loop too
	outputs map[string]bool          // of the whole model
	// captured are the values of the model that a node's branches or loops read, apart from its inputs.
	captured map[*model.Node][]string
	names    map[string]bool // of all values
}

func newNetwork(m *model.Model) (*network, error) {
	t := &network{readers: map[string][]*model.Node{}, outputs: map[string]bool{}, captured: map[*model.Node][]string{}, names: map[string]bool{}}
	if err := t.expand(m); err != nil {
		return nil, err
	}
	if err := t.write(m); err != nil {
		return nil, err
	}
	for _, out := range m.Graph.Outputs {
		t.outputs[out.Name] = true
	}
	for _, n := range t.nodes {
		for _, list := range [][]string{n.Inputs, t.captured[n]} {
			for _, in := range list {
				t.readers[in] = append(t.readers[in], n)
			}
		}
	}
	return t, nil
}

// write collects the names of values and checks that each is written once.
func (t *network) write(m *model.Model) error {
	for _, in := range m.Graph.Inputs {
		t.names[in.Name] = true
	}
	seen := map[string]bool{}
	for _, w := range m.Graph.Initializers {
		if seen[w.Name] {
			return w.Errorf("another initialiser has this name")
		}
		seen[w.Name], t.names[w.Name] = true, true
	}
	for _, n := range t.nodes {
		if n.Domain == "" && m.Opset() == 0 {
			return source.Errorf(m.File, "", "expected an opset_import of ONNX's own operations, which says what %q (%s) means, found none", n.Title(), n.Op)
		}
		for _, out := range n.Outputs {
			if out != "" && t.names[out] {
				return n.Errorf("it writes %q, which is written already", out)
			}
			t.names[out] = true
		}
	}
	delete(t.names, "")
	return nil
}

// captures lists the values that a node's branches or loops read from around them.
func captures(n *model.Node) []string {
	var list []string
	seen := map[string]bool{}
	for _, a := range n.Attrs {
		if a.Graph != nil {
			capturesOf(a.Graph, map[string]bool{}, seen, &list)
		}
	}
	return list
}

// capturesOf goes through a graph whose surroundings, up to the node in question, know some names.
func capturesOf(g *model.Graph, outer, seen map[string]bool, list *[]string) {
	known := map[string]bool{"": true}
	for name := range outer {
		known[name] = true
	}
	for _, in := range g.Inputs {
		known[in.Name] = true
	}
	for _, w := range g.Initializers {
		known[w.Name] = true
	}
	read := func(name string) {
		if !known[name] && !seen[name] {
			seen[name] = true
			*list = append(*list, name)
		}
	}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			read(in)
		}
		for _, a := range n.Attrs {
			if a.Graph != nil {
				capturesOf(a.Graph, known, seen, list)
			}
		}
		for _, out := range n.Outputs {
			known[out] = true
		}
	}
	for _, out := range g.Outputs {
		read(out.Name)
	}
}
