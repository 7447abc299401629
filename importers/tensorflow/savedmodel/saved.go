package savedmodel

import (
	"strconv"
	"strings"

	"parity/importers/tensorflow/function"
	"parity/importers/tensorflow/graphdef"
)

// nameSaved notes at every variable under which name the checkpoint holds its value. The graph says it itself: it has nodes
// that restore the variables, in TensorFlow 2 in a function, which assign what they read under a name.
func nameSaved(g *graphdef.MetaGraph) error {
	restore, err := restoring(g)
	if err != nil {
		return err
	}
	saved := map[string]string{}
	r := newReader(restore)
	for _, n := range restore.Nodes {
		if (n.Op == "Assign" || n.Op == "AssignVariableOp") && len(n.Inputs) >= 2 {
			if key, ok := r.restored(n.Inputs[1]); ok {
				saved[nodeOf(n.Inputs[0])] = key
			}
		}
	}
	for _, n := range g.Nodes {
		n.Saved = saved[n.Name]
	}
	return nil
}

// restoring is what the node that restores the variables needs or waits for.
func restoring(g *graphdef.MetaGraph) (*graphdef.Graph, error) {
	part := *g.Graph
	part.Nodes = selected(g.Graph, []string{g.Restore}, nil, true)
	return function.Inline(&part)
}

// reader follows values in a graph.
type reader struct{ byName map[string]*graphdef.Node }

func newReader(g *graphdef.Graph) reader {
	r := reader{map[string]*graphdef.Node{}}
	for _, n := range g.Nodes {
		r.byName[n.Name] = n
	}
	return r
}

// source follows identities to where a value comes from.
func (r reader) source(input string) (n *graphdef.Node, output int) {
	for range len(r.byName) + 1 {
		name, number, _ := strings.Cut(input, ":")
		output, _ = strconv.Atoi(number)
		if n = r.byName[name]; n == nil || n.Op != "Identity" || len(n.Inputs) == 0 {
			return n, output
		}
		input = n.Inputs[0]
	}
	return nil, 0
}

// restored is the name under which a value is read from a checkpoint.
func (r reader) restored(input string) (key string, ok bool) {
	n, output := r.source(input)
	if n == nil || n.Op != "RestoreV2" || len(n.Inputs) < 3 {
		return "", false
	}
	keys, slices := r.texts(n.Inputs[1]), r.texts(n.Inputs[2])
	if output >= len(keys) || output < len(slices) && slices[output] != "" {
		return "", false // the last is a part of a variable
	}
	return keys[output], true
}

// texts is a constant list of strings.
func (r reader) texts(input string) (list []string) {
	n, _ := r.source(input)
	if n == nil || n.Op != "Const" {
		return nil
	}
	t, err := n.Tensor("value")
	if err != nil {
		return nil
	}
	for _, s := range t.Strings {
		list = append(list, string(s))
	}
	return list
}
