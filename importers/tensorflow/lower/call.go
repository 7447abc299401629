package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
)

// operand is one input of a node: a value that depends on what is fed, or a constant, or neither where it is
// computed from constants in a way that is not folded.
type operand struct {
	value    *value
	constant *constant
	ref      ref
}

// call is the lowering of one node.
type call struct {
	*lowering
	node *graphdef.Node
	in   []operand
}

func (l *lowering) call(n *graphdef.Node) (*call, error) {
	c := &call{lowering: l, node: n}
	for _, r := range l.net.inputs[n] {
		o := operand{ref: r, value: l.values[r]}
		if o.value == nil {
			o.constant, _ = l.net.constant(r)
		}
		c.in = append(c.in, o)
	}
	return c, nil
}

// data returns input i if there is one that depends on what is fed.
func (c *call) data(i int) (*value, bool) {
	if i >= len(c.in) || c.in[i].value == nil {
		return nil, false
	}
	return c.in[i].value, true
}

// weights returns input i if it is a constant of numbers with known shape.
func (c *call) weights(i int) (*constant, bool) {
	if i >= len(c.in) || c.in[i].constant == nil || !c.in[i].constant.dtype().IsFloat() {
		return nil, false
	}
	k := *c.in[i].constant
	if k.variable() {
		k.shape = c.variableShape(&k)
	}
	_, whole := k.shape.CheckedLen()
	return &k, k.shape != nil && whole
}

// variableShape is the shape of a variable as the graph has it or, where it does not say, the checkpoint.
func (c *call) variableShape(k *constant) tensor.Shape {
	if k.shape != nil && !slices.Contains(k.shape, -1) || c.vars == nil {
		return k.shape
	}
	for _, key := range k.keys() {
		if s, ok := c.vars.Shape(key); ok {
			return s
		}
	}
	return nil
}

// one is the layer that a node becomes.
type one struct {
	layer      layer.Layer
	in         []*value
	nhwc       bool         // of the output
	shape      tensor.Shape // of the output, in common order, where inference cannot tell
	params     []weight
	stop       []bool // by input: no gradient
	notes      []string
	transforms []string
}

// emit appends the layer under the node's name.
func (c *call) emit(o one) error {
	n := &graph.Node{
		Name: c.node.Name, Layer: o.layer, Inputs: names(o.in), Outputs: []string{c.node.Name}, Stop: o.stop, Notes: o.notes,
		Origin: graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}, Transforms: o.transforms},
	}
	if err := c.attach(n, o.params); err != nil {
		return err
	}
	c.out.Nodes = append(c.out.Nodes, n)
	shape := inferred(o.layer, o.in)
	if shape == nil {
		shape = o.shape
	}
	c.add(ref{c.node, 0}, &value{name: c.node.Name, shape: shape, nhwc: o.nhwc && (shape == nil || len(shape) == 4)})
	return nil
}

// between appends a layer that has no node of its own in TensorFlow, and returns what it computes.
func (c *call) between(suffix string, l layer.Layer, in *value, nhwc bool, why string) *value {
	return c.betweenAll(suffix, l, []*value{in}, nhwc, why)
}

// betweenAll is between for several inputs.
func (c *call) betweenAll(suffix string, l layer.Layer, in []*value, nhwc bool, why string) *value {
	out := &value{name: c.unused(c.node.Name + suffix), shape: inferred(l, in), nhwc: nhwc}
	c.out.Nodes = append(c.out.Nodes, &graph.Node{
		Name: out.name, Layer: l, Inputs: names(in), Outputs: []string{out.name},
		Origin: graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}, Transforms: []string{why}},
	})
	return out
}

// put appends a layer without inputs that holds a constant.
func (c *call) put(v *value, l layer.Layer, from *graphdef.Node, w weight) error {
	n := &graph.Node{
		Name: v.name, Layer: l, Outputs: []string{v.name},
		Origin: graph.Origin{File: c.def.File, Position: from.Position, Nodes: []string{from.Name}},
	}
	if err := c.attach(n, []weight{w}); err != nil {
		return err
	}
	c.out.Nodes = append(c.out.Nodes, n)
	return nil
}

func names(in []*value) []string {
	var list []string
	for _, v := range in {
		list = append(list, v.name)
	}
	return list
}

// probes stand for unknown extents: what comes out alike for both is known.
var probes = [2]int{1009, 2003}

// inferred is the output shape of a layer, with -1 where it depends on unknown extents; nil if it is not known at all.
func inferred(l layer.Layer, in []*value) tensor.Shape {
	var out [2]tensor.Shape
	for i, probe := range probes {
		var shapes []tensor.Shape
		for _, v := range in {
			if v.shape == nil {
				return nil
			}
			s := v.shape.Clone()
			for d := range s {
				if s[d] < 0 {
					s[d] = probe
				}
			}
			if _, ok := s.CheckedLen(); !ok {
				return nil
			}
			shapes = append(shapes, s)
		}
		result, err := l.Infer(shapes)
		if err != nil || len(result) != 1 {
			return nil
		}
		out[i] = result[0]
	}
	for d := range out[0] {
		if out[0][d] != out[1][d] {
			out[0][d] = -1
		}
	}
	return out[0]
}

// alias makes the node's output another name of its input.
func (c *call) alias() error {
	v, ok := c.data(0)
	if !ok {
		return c.unknown("its input is computed from constants")
	}
	c.values[ref{c.node, 0}] = v
	c.out.Aliases[c.node.Name] = v.name
	return nil
}
