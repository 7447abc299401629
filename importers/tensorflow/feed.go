package tensorflow

import (
	"slices"
	"strings"

	"parity/importers/piece"
	"parity/importers/tensorflow/graphdef"
)

// Feedable reports whether a name is that of a value within a graph that can be fed in the place of what computes it: one of a
// node's that reads something.
func Feedable(def *graphdef.Graph, value string) bool {
	name, _, err := splitValue(value)
	return err == nil && slices.ContainsFunc(def.Nodes, func(n *graphdef.Node) bool { return n.Name == name && len(n.Inputs) > 0 })
}

// Feed makes placeholders of values within a graph and keeps the nodes that follow from these, from constants and from
// variables: what a session computes with the values in its feed_dict. A value within a loop or a branch is fed for one turn of
// it, in which Enter and Switch hand on what they read.
func Feed(def *graphdef.Graph, values []piece.Input) *graphdef.Graph {
	f := &feeder{cutter: cutter{def: def, cut: piece.Cut{Inputs: values}, nodes: map[string]*graphdef.Node{}, kept: map[string]*graphdef.Node{}}, seen: map[string]bool{}}
	for _, n := range def.Nodes {
		f.nodes[n.Name] = n
	}
	for _, n := range def.Nodes {
		f.follows(n)
	}
	out := *def
	out.Nodes, out.Feeds, out.Fetches = f.graph().Nodes, nil, nil
	return &out
}

type feeder struct {
	cutter
	seen map[string]bool
}

// ends are operations whose values are another turn's, another branch's, or state's.
var ends = []string{"Merge", "RefMerge", "NextIteration", "RefNextIteration", "LoopCond", "Exit", "RefExit"}

// passes are operations that hand on what they read first, once their loop or branch is taken.
var passes = []string{"Enter", "RefEnter", "Switch", "RefSwitch"}

// follows keeps a node if all that it reads is kept or fed.
func (f *feeder) follows(n *graphdef.Node) bool {
	if f.seen[n.Name] {
		return f.kept[n.Name] != nil
	}
	f.seen[n.Name] = true // a loop leads back to a node that does not follow
	if f.cut.Has(n.Name) || slices.Contains(ends, n.Op) || slices.Contains(passes, n.Op) || strings.HasPrefix(n.Op, "TensorArray") || n.Op == "Placeholder" {
		return false
	}
	own := *n
	own.Inputs = nil
	for _, in := range n.Inputs {
		if strings.HasPrefix(in, "^") {
			continue
		}
		read, ok := f.source(in)
		if !ok {
			return false
		}
		own.Inputs = append(own.Inputs, read)
	}
	f.kept[n.Name] = &own
	return true
}

// source is what a value is read from: its placeholder, or the node that follows.
func (f *feeder) source(in string) (string, bool) {
	name, output, err := splitValue(in)
	n := f.nodes[name]
	if err != nil || n == nil {
		return "", false
	}
	if value := valueName(name, output); f.cut.Has(value) {
		return placeholder(value), true
	}
	if slices.Contains(passes, n.Op) && len(n.Inputs) > 0 {
		return f.source(n.Inputs[0])
	}
	return in, f.follows(n)
}
