package selftest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/compare"
	"parity/parity/trace"
)

// Evidence is what is known of a port.
type Evidence struct {
	Name, Title string
	// Graph: its model is there. Keep is which values were recorded. Renamed: its names mean nothing. NHWC: the dump has that
	// layout, and nothing says so.
	Graph, Renamed, NHWC bool
	Keep                 keep
}

type keep int

const (
	all  keep = iota // every value
	some             // every other one or so, and the outputs
	last             // the outputs
)

// Kinds lists all kinds of evidence, from most to least.
var Kinds = []Evidence{
	{Name: "all", Title: "the model and all tensors", Graph: true},
	{Name: "renamed", Title: "the model and about half of the tensors, under names that mean nothing", Graph: true, Renamed: true, Keep: some},
	{Name: "output", Title: "the model and the output alone", Graph: true, Keep: last},
	{Name: "dump", Title: "no model, all tensors under the reference's names"},
	{Name: "nhwc", Title: "no model, all tensors in NHWC, under names that mean nothing", Renamed: true, NHWC: true},
	{Name: "dump-some", Title: "no model, about half of the tensors, under names that mean nothing", Renamed: true, Keep: some},
	{Name: "dump-output", Title: "no model, the output alone", Keep: last},
}

// shows reports whether a case can be seen on this evidence at all.
func (e Evidence) shows(c Case) bool {
	return !c.Fault.Dump && !c.Fault.Model || e.Keep == all && !e.Renamed && e.Graph == c.Fault.Model
}

// side shows a port as far as the evidence goes.
func (e Evidence) side(p *port) compare.Side {
	kept := e.kept(p)
	rename := func(v string) string { return v }
	if e.Renamed {
		rename = renaming(p)
	}
	s := compare.Side{Producer: bound.TensorFlow, Info: parity.Side{Framework: "tensorflow", Source: "recorded"}}
	recorded := map[string]tensor.Any{}
	for v, t := range kept {
		recorded[rename(v)] = t
		if e.NHWC && len(t.Shape) == 4 {
			recorded[rename(v)] = tensor.Permute(t, 0, 2, 3, 1)
		}
	}
	if e.Graph {
		s.Graph = renamed(p.graph, rename)
		s.Trace = trace.FromRecording(s.Graph, recorded)
		return s
	}
	// As a dump is read that lies beside no model.
	s.Graph, s.AnyLayout = &graph.Graph{Inputs: []graph.Input{{Name: p.graph.Inputs[0].Name}}}, true
	s.Trace = trace.FromRecording(p.ref, recorded)
	for _, v := range s.Trace.Unmatched {
		s.Trace.Values[v] = recorded[v]
	}
	s.Trace.Unmatched = nil
	return s
}

// kept are the values that were recorded.
func (e Evidence) kept(p *port) map[string]*tensor.Tensor[float32] {
	kept := map[string]*tensor.Tensor[float32]{}
	r := p.rand()
	for _, v := range p.order() {
		drawn := r.IntN(2) == 0
		if e.Keep == all || e.Keep == some && drawn || v == p.graph.Inputs[0].Name || slices.Contains(p.graph.Outputs, v) {
			kept[v] = p.values[v]
		}
	}
	return kept
}

// order lists the recorded values, those of the graph first and in its order.
func (p *port) order() []string {
	list := []string{p.graph.Inputs[0].Name}
	for _, n := range p.graph.Nodes {
		for _, v := range n.Outputs {
			if p.values[v] != nil {
				list = append(list, v)
			}
		}
	}
	var more []string
	for v := range p.values {
		if !slices.Contains(list, v) {
			more = append(more, v)
		}
	}
	slices.Sort(more)
	return append(list, more...)
}

func (p *port) rand() *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(p.name))
	return rand.New(rand.NewPCG(h.Sum64(), 2))
}

// renaming numbers the values in no order; inputs keep their names.
func renaming(p *port) func(string) string {
	order := p.order()
	numbers := p.rand().Perm(len(order))
	names := map[string]string{}
	for i, v := range order[1:] {
		names[v] = fmt.Sprintf("t%d", numbers[i])
	}
	return func(v string) string {
		if name, ok := names[v]; ok {
			return name
		}
		return v
	}
}

// renamed is a graph with other names for its values; nodes are called like what they write.
func renamed(g *graph.Graph, name func(string) string) *graph.Graph {
	list := func(values []string) []string {
		out := make([]string, len(values))
		for i, v := range values {
			out[i] = name(v)
		}
		return out
	}
	out := *g
	out.Nodes, out.Outputs, out.Stages = nil, list(g.Outputs), nil
	for _, n := range g.Nodes {
		node := *n
		node.Inputs, node.Outputs = list(n.Inputs), list(n.Outputs)
		if node.Outputs[0] != n.Outputs[0] {
			node.Name = node.Outputs[0]
		}
		out.Nodes = append(out.Nodes, &node)
	}
	return &out
}
