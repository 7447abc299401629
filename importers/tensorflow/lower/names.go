package lower

import (
	"maps"
	"slices"

	"parity/importers/tensorflow/graphdef"
)

// nameMore makes values known under the further names that the file has for them, and takes a signature's outputs for the
// graph's. A name that a value has already stays with it.
func (l *lowering) nameMore() {
	l.out.Notes = append(slices.Clone(l.def.Notes), l.out.Notes...)
	taken := map[string]bool{}
	for _, in := range l.out.Inputs {
		taken[in.Name] = true
	}
	for _, n := range l.out.Nodes {
		for _, v := range n.Outputs {
			taken[v] = true
		}
	}
	more := func(name, tensor string) {
		v := l.valueOf(tensor)
		if v == "" || !taken[v] || taken[name] || l.out.Aliases[name] != "" {
			return
		}
		l.out.Aliases[name] = v
	}
	for _, b := range l.def.Feeds {
		more(b.Name, b.Tensor)
	}
	for _, b := range l.def.Fetches {
		more(b.Name, b.Tensor)
		if v := l.valueOf(b.Tensor); v != "" && taken[v] && !slices.Contains(l.out.Outputs, v) {
			l.out.Outputs = append(l.out.Outputs, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.def.Names)) {
		more(name, l.def.Names[name])
	}
}

// valueOf is the value of a tensor, "node" or "node:number", by its name in the common graph; empty if there is none.
func (l *lowering) valueOf(tensor string) string {
	r, err := l.net.resolve(&graphdef.Node{}, tensor)
	if err != nil {
		return ""
	}
	if v := l.values[r]; v != nil {
		return v.name
	}
	return ""
}
