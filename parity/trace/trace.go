// Package trace holds the named tensors of one run of a network, whoever ran it.
package trace

import (
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/sketch"
)

// Trace is the tensors of one run under the names of the graph's values, in its layout (NCHW).
type Trace struct {
	Values map[string]tensor.Any
	// Sketches are what was kept of values instead of their tensors, in the layout in which these were recorded.
	Sketches map[string]*sketch.Sketch
	// Unmatched lists recorded names that the graph does not know.
	Unmatched []string
	// InPlace lists the blobs that were recorded only after all layers that work in place had changed them.
	InPlace []string
}

// FromRecording reads a recording made with the framework's own names and layout. Three things are undone:
//
//   - aliases: a tensor recorded under another name of the same value, or with TensorFlow's suffix ":0";
//   - layout: NHWC tensors are transposed;
//   - in-place layers: a dump that holds no stage `x@LAYER` of a blob was made after the whole run, so that `x`
//     is the blob's last value.
//
// A tensor whose rank is not that of the value's layout stays as it is: its shape will not fit when it is compared.
func FromRecording(g *graph.Graph, recorded map[string]tensor.Any) *Trace {
	return FromSketches(g, recorded, nil)
}

// FromSketches is FromRecording for a recording of which some tensors are sketches.
func FromSketches(g *graph.Graph, recorded map[string]tensor.Any, sketches map[string]*sketch.Sketch) *Trace {
	t := &Trace{Values: map[string]tensor.Any{}, Sketches: map[string]*sketch.Sketch{}}
	known := valueNames(g)
	has := func(name string) bool { return recorded[name] != nil || sketches[name] != nil }
	for _, name := range sortedKeys(sketches) {
		if value, ok := resolve(g, known, has, name); ok {
			t.Sketches[value] = sketches[name]
		} else {
			t.Unmatched = append(t.Unmatched, name)
		}
	}
	for _, name := range sortedKeys(recorded) {
		value, ok := resolve(g, known, has, name)
		if !ok {
			t.Unmatched = append(t.Unmatched, name)
			continue
		}
		if _, twice := t.Values[value]; twice && value != name {
			continue // the value itself was recorded too
		}
		common, err := toCommon(g.Values[value], recorded[name])
		if err != nil {
			common = recorded[name]
		}
		t.Values[value] = common
		if len(g.Stages[name]) > 1 && value != name {
			t.InPlace = append(t.InPlace, name)
		}
	}
	return t
}

// valueNames is the set of the graph's values.
func valueNames(g *graph.Graph) map[string]bool {
	known := map[string]bool{}
	for _, in := range g.Inputs {
		known[in.Name] = true
	}
	for _, n := range g.Nodes {
		for _, v := range n.Outputs {
			known[v] = true
		}
	}
	return known
}

func resolve(g *graph.Graph, known map[string]bool, has func(string) bool, name string) (string, bool) {
	value := name
	if !known[name] && g.Aliases[name] == "" {
		value = strings.TrimSuffix(name, ":0")
	}
	if alias, ok := g.Aliases[value]; ok && !known[value] {
		value = alias
	}
	if stages := g.Stages[value]; len(stages) > 1 && !slices.ContainsFunc(stages[1:], has) {
		value = stages[len(stages)-1]
	}
	return value, known[value]
}

func toCommon(s graph.Stored, t tensor.Any) (tensor.Any, error) {
	if s.ToCommon == nil {
		return t, nil
	}
	if len(s.ToCommon) != len(t.Dims()) {
		return nil, fmt.Errorf("expected %d dimensions, found shape %v", len(s.ToCommon), t.Dims())
	}
	return tensor.PermuteAny(t, s.ToCommon...), nil
}

// Input returns a tensor that is fed to the graph, in the graph's layout.
func Input(g *graph.Graph, name string, t tensor.Any) (tensor.Any, error) {
	common, err := toCommon(g.Values[name], t)
	if err != nil {
		return nil, fmt.Errorf("input %q: %w", name, err)
	}
	return common, nil
}

// Stored returns a value of the graph as its framework would record it.
func Stored(g *graph.Graph, name string, t tensor.Any) tensor.Any {
	axes := g.Values[name].ToCommon
	if axes == nil {
		return t
	}
	back := make([]int, len(axes))
	for i, a := range axes {
		back[a] = i
	}
	return tensor.PermuteAny(t, back...)
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
