package side

import (
	"strings"

	"parity/googlenet/graph"
)

// What a framework writes as several operations is one layer in the graph, unless something was recorded within: that is
// evidence, and is compared node by node.

// expose takes those idioms apart that a recording has values of.
func (m *model) expose(recorded []string) {
	if m.spec.Source != "" && m.spec.Source != Recorded {
		return
	}
	m.exposeFor(recorded)
}

func (m *model) exposeFor(recorded []string) {
	names := map[string]bool{}
	for _, name := range recorded {
		for _, n := range []string{name, strings.TrimSuffix(name, ":0")} {
			names[n] = true
			if alias, ok := m.graph.Aliases[n]; ok {
				names[alias] = true
			}
		}
	}
	m.graph = m.graph.Exposed(func(v string) bool { return names[v] })
}

// exposeAll takes all idioms apart.
func (m *model) exposeAll() { m.graph = m.graph.Exposed(func(string) bool { return true }) }

// computes reports whether a side's tensors are to be computed.
func (m *model) computes() bool {
	return m.recorded == nil || m.spec.Source != "" && m.spec.Source != Recorded
}

// exposeAlike takes the idioms of a side that is computed apart if what the other one has recorded lies within some, so that
// each has what the other has.
func exposeAlike(a, b *model) {
	for _, pair := range [][2]*model{{a, b}, {b, a}} {
		own, other := pair[0], pair[1]
		if own.graph != nil && other.graph != nil && own.computes() && !other.computes() && takenApart(other.graph) {
			own.exposeAll()
		}
	}
}

func takenApart(g *graph.Graph) bool {
	for _, n := range g.Nodes {
		if n.Whole != nil {
			return true
		}
	}
	return false
}
