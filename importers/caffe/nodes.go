package caffe

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// unique returns the name of the layer's node. Caffe accepts layers of one name, and layers without.
func (l *lowerer) unique(x *Layer) string {
	base := x.Name
	if base == "" && len(x.Top) > 0 {
		base = x.Top[0]
	}
	name := base
	for l.names[name] > 0 {
		l.names[base]++
		name = fmt.Sprintf("%s#%d", base, l.names[base])
	}
	if name != x.Name {
		l.g.Notes = append(l.g.Notes, fmt.Sprintf("the layer %q at %s is called %q here: its own name is empty or taken", x.Name, x.Settings.Position, name))
	}
	l.names[name]++
	return name
}

// outputs names the values of the tops: the blob's name, or for a layer in place blob@LAYER. A loss without a top gets
// an anonymous one, which no layer can read.
func (l *lowerer) outputs(x *Layer, name string) []string {
	out := make([]string, len(x.Top))
	for i, t := range x.Top {
		out[i] = t
		if i < len(x.Bottom) && x.Bottom[i] == t {
			out[i] = t + "@" + name
		}
	}
	if len(out) == 0 {
		out = []string{name + "@automatic"}
		l.silent[out[0]] = true
	}
	return out
}

// sideNodes makes the nodes of the layers beside the chain, which has the given number of nodes.
func (l *lowerer) sideNodes(s *step, name string, in, out []string, chained int) (nodes []*graph.Node, shapes []tensor.Shape, err error) {
	for i, x := range s.beside {
		shape, err := infer(x, s.in[:1])
		if err != nil {
			return nil, nil, s.Errorf("%v", err)
		}
		nodes = append(nodes, &graph.Node{
			Name: fmt.Sprintf("%s/%d", name, chained+i), Layer: x, Inputs: in[:1], Outputs: out[i : i+1], Stop: []bool{true}, Origin: s.origin(),
		})
		shapes = append(shapes, shape...)
	}
	return nodes, shapes, nil
}

func (s *step) origin() graph.Origin {
	return graph.Origin{
		File: s.Settings.File, Position: s.Settings.Position, Nodes: s.Parts,
		Transforms: append(slices.Clone(s.Transforms), s.transforms...),
	}
}

// padded is one shape for each output, unknown where none was inferred.
func padded(shapes []tensor.Shape, n int) []tensor.Shape {
	return append(shapes, make([]tensor.Shape, n)...)[:n]
}
