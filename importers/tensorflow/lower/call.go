package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
)

// operand is one input of a node: a value of the graph, or a constant, or neither where it is computed from constants by
// operations that cannot be computed here.
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
		o := operand{ref: r}
		if k, ok := l.net.constant(r); ok {
			o.constant = k
		} else {
			o.value = l.values[r]
		}
		c.in = append(c.in, o)
	}
	return c, nil
}

// data returns input i if there is one that is computed.
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
	notes      []string
	transforms []string
	stop       bool // no gradient passes
	more       int  // outputs beyond the first
	aside      bool // outputs beyond the first are no results of the network where nothing reads them
}

// emit appends the layer under the node's name.
func (c *call) emit(o one) error {
	n := &graph.Node{
		Name: c.node.Name, Layer: o.layer, Notes: o.notes, Flush: !moving[c.node.Op],
		Origin: graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}, Transforms: o.transforms},
	}
	for _, v := range o.in {
		n.Inputs = append(n.Inputs, v.name)
		if o.stop {
			n.Stop = append(n.Stop, true)
		}
	}
	if err := c.attach(n, o.params); err != nil {
		return err
	}
	c.out.Nodes = append(c.out.Nodes, n)
	shapes := graph.InferAllOpen(o.layer, shapesOf(o.in))
	if len(shapes) == 0 {
		shapes = make([]tensor.Shape, 1+o.more)
		shapes[0] = o.shape
	}
	var out []*value
	for i, shape := range shapes {
		r := ref{c.node, i}
		v := c.add(r, &value{name: r.name(), shape: shape, nhwc: o.nhwc && (shape == nil || len(shape) == 4)})
		out = append(out, v)
		if i > 0 && o.aside {
			c.aside[v.name] = true
		}
	}
	n.Outputs = names(out)
	if learn(o.layer, o.in, o.params, out) {
		c.fold(n)
	}
	return nil
}

// emitIfFits is emit for a layer whose settings may contradict its inputs' shapes, as far as these are known.
func (c *call) emitIfFits(o one) error {
	var shapes []tensor.Shape
	for _, v := range o.in {
		if v.shape == nil || slices.Contains(v.shape, -1) {
			return c.emit(o)
		}
		shapes = append(shapes, v.shape)
	}
	if _, err := o.layer.Infer(shapes); err != nil {
		return c.node.Errorf("%v", err)
	}
	return c.emit(o)
}

func names(list []*value) []string {
	var names []string
	for _, v := range list {
		names = append(names, v.name)
	}
	return names
}

// between appends a layer that has no node of its own in TensorFlow, and returns what it computes.
func (c *call) between(suffix string, l layer.Layer, in *value, nhwc bool, why string) *value {
	return c.betweenAll(suffix, l, []*value{in}, nhwc, why)
}

// betweenAll is between for several inputs.
func (c *call) betweenAll(suffix string, l layer.Layer, in []*value, nhwc bool, why string) *value {
	origin := graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}, Transforms: []string{why}}
	n, out := c.insert(c.node.Name+suffix, l, in, nhwc, origin)
	n.Flush = !moving[c.node.Op]
	return out
}

// insert appends a layer without parameters under a name that is not used yet.
func (l *lowering) insert(name string, with layer.Layer, in []*value, nhwc bool, origin graph.Origin) (*graph.Node, *value) {
	out := &value{name: l.unused(name), shape: graph.InferOpen(with, shapesOf(in)), nhwc: nhwc}
	n := &graph.Node{Name: out.name, Layer: with, Inputs: names(in), Outputs: []string{out.name}, Origin: origin}
	l.out.Nodes = append(l.out.Nodes, n)
	l.folded[n] = learn(with, in, nil, []*value{out})
	return n, out
}

// shapesOf are the shapes of values, nil for an unknown rank and -1 for an unknown extent.
func shapesOf(list []*value) []tensor.Shape {
	shapes := make([]tensor.Shape, len(list))
	for i, v := range list {
		shapes[i] = v.shape
	}
	return shapes
}

// alias makes the node's output another name of its input.
func (c *call) alias() error {
	if len(c.in) == 0 {
		return c.unknown("it has no input")
	}
	v, ok := c.data(0)
	if c.in[0].constant != nil {
		if !c.opts.Everything {
			return nil // who reads it finds the constant
		}
		v, ok = c.operand(0)
	}
	if !ok {
		return c.unknown("its input is computed from constants")
	}
	if c.in[0].constant == nil {
		c.values[ref{c.node, 0}] = v
	}
	c.out.Aliases[c.node.Name] = v.name
	return nil
}

// stop passes a value on but no gradient back.
func (c *call) stop() error {
	x, ok := c.data(0)
	if !ok {
		return c.alias()
	}
	return c.emit(one{layer: layer.Identity{}, in: []*value{x}, nhwc: x.nhwc, shape: x.shape, stop: true})
}
