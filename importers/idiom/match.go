package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// match is an idiom that was found.
type match struct {
	last    *graph.Node // whose name the layer takes
	layer   layer.Layer
	inputs  []string
	outputs []string // nil for those of last
	params  []*graph.Param
	parts   []*graph.Node // nodes of the graph, in order
	differs bool          // see graph.Node
	what    string        // for the origin
}

// replace puts the layer in where its first output was written, and takes out the parts that nothing else reads.
func (f *finder) replace(m *match) {
	n := m.node()
	writes := func(o *graph.Node) bool {
		return slices.ContainsFunc(o.Outputs, func(v string) bool { return slices.Contains(n.Outputs, v) })
	}
	at := slices.IndexFunc(f.Nodes, writes)
	f.Nodes[at] = n
	f.Nodes = slices.DeleteFunc(f.Nodes, func(o *graph.Node) bool { return o != n && writes(o) })
	f.dropUnread(m.parts, n)
	f.infer(n)
	f.connect()
}

// node is what stands for the parts.
func (m *match) node() *graph.Node {
	n := &graph.Node{
		Name: m.last.Name, Layer: m.layer, Inputs: m.inputs, Outputs: m.outputs, Params: m.params, Differs: m.differs,
		Origin: graph.Origin{File: m.last.Origin.File, Position: m.last.Origin.Position},
	}
	if n.Outputs == nil {
		n.Outputs = m.last.Outputs
	}
	for _, part := range m.parts {
		if part.Parts == nil {
			n.Parts = appendPart(n.Parts, part)
		}
		for _, inner := range part.Parts {
			n.Parts = appendPart(n.Parts, inner)
		}
		n.Draws = append(n.Draws, part.Draws...)
		n.Flush = n.Flush || part.Flush
		n.Differs = n.Differs || part.Differs
		n.Notes = append(n.Notes, part.Notes...)
		m.describe(n, part)
	}
	n.Origin.Transforms = append(n.Origin.Transforms, m.what)
	return n
}

func appendPart(list []*graph.Node, part *graph.Node) []*graph.Node {
	if slices.ContainsFunc(list, func(o *graph.Node) bool { return o.Outputs[0] == part.Outputs[0] }) {
		return list
	}
	return append(list, part)
}

// describe adds the origin of a part. Constants are weights, not operations.
func (m *match) describe(n, part *graph.Node) {
	if _, constant := part.Layer.(layer.Constant); constant {
		return
	}
	for _, name := range part.Origin.Nodes {
		if !slices.Contains(n.Origin.Nodes, name) {
			n.Origin.Nodes = append(n.Origin.Nodes, name)
		}
	}
	for _, t := range part.Origin.Transforms {
		if !slices.Contains(n.Origin.Transforms, t) {
			n.Origin.Transforms = append(n.Origin.Transforms, t)
		}
	}
}

// dropUnread takes out, from the last to the first, the parts whose values nothing reads any more, and the inputs that only they did.
func (f *finder) dropUnread(parts []*graph.Node, n *graph.Node) {
	readers := map[string]int{}
	for _, v := range f.Outputs {
		readers[v]++
	}
	for _, o := range f.Nodes {
		for _, v := range o.Inputs {
			readers[v]++
		}
	}
	gone := map[*graph.Node]bool{}
	for _, part := range slices.Backward(parts) {
		written := slices.ContainsFunc(part.Outputs, func(v string) bool { return slices.Contains(n.Outputs, v) })
		if !written && slices.ContainsFunc(part.Outputs, func(v string) bool { return readers[v] > 0 }) {
			continue
		}
		gone[part] = true
		if written {
			continue // taken out already, with what it reads
		}
		for _, v := range part.Inputs {
			readers[v]--
		}
	}
	f.Nodes = slices.DeleteFunc(f.Nodes, func(o *graph.Node) bool { return gone[o] })
	f.Inputs = slices.DeleteFunc(f.Inputs, func(in graph.Input) bool {
		drawn := in.Drawn && readers[in.Name] == 0
		if drawn {
			n.Draws = append(n.Draws, in)
		}
		return drawn
	})
}

// between collects, in order, the nodes that some values depend on, back to others.
func (f *finder) between(from []string, to ...string) []*graph.Node {
	var list []*graph.Node
	seen := map[*graph.Node]bool{}
	for queue := slices.Clone(to); len(queue) > 0; queue = queue[1:] {
		n := f.producers[queue[0]]
		if n == nil || seen[n] || slices.Contains(from, queue[0]) {
			continue
		}
		seen[n] = true
		list = append(list, n)
		queue = append(queue, n.Inputs...)
	}
	slices.SortFunc(list, func(a, b *graph.Node) int { return f.index[a] - f.index[b] })
	return list
}
