package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// operand is one input of a node: a value that depends on what is fed, a constant, both for one that depends on the
// shape of what is fed alone, or neither for an optional one that is left out.
type operand struct {
	name     string
	value    *value
	constant *constant
}

// call is the lowering of one node.
type call struct {
	*lowering
	node *model.Node
	name string // of the common node
	in   []operand
}

func (l *lowering) call(n *model.Node) (*call, error) {
	c := &call{lowering: l, node: n}
	for _, name := range n.Inputs {
		o := operand{name: name, value: l.values[name], constant: l.constants[name]}
		if name != "" && o.value == nil && o.constant == nil {
			return nil, n.Errorf("%s", l.missing(name))
		}
		c.in = append(c.in, o)
	}
	for _, name := range l.net.captured[n] {
		if l.values[name] == nil && l.constants[name] == nil {
			return nil, n.Errorf("%s", l.missing(name))
		}
	}
	c.name = n.Name
	if c.name == "" || l.nodeNames[c.name] {
		c.name = n.Op
		if len(n.Outputs) > 0 && n.Outputs[0] != "" {
			c.name = n.Outputs[0]
		}
	}
	c.name = l.unusedNode(c.name)
	return c, nil
}

// missing says why there is no value of that name.
func (l *lowering) missing(name string) string {
	switch {
	case slices.Contains(l.model.Graph.Sparse, name):
		return "its input \"" + name + "\" is a sparse initialiser, which is not read; store it densely"
	case l.net.names[name]:
		return "its input \"" + name + "\" is written by a later node, or by itself; sort the nodes in the order of execution"
	}
	return "its input \"" + name + "\" does not exist: it is no input, no initialiser and no node writes it"
}

// readsValue tells whether the node depends on what is fed.
func (c *call) readsValue() bool {
	return slices.ContainsFunc(c.in, func(o operand) bool { return o.value != nil })
}

// readsIntegers tells whether a value that the node reads is known to hold integers.
func (c *call) readsIntegers() bool {
	return slices.ContainsFunc(c.in, func(o operand) bool { return o.value != nil && o.value.dtype != 0 && !o.value.dtype.IsFloat() })
}

// readOutputs lists the outputs that somebody reads; the first one always counts.
func (c *call) readOutputs() []string {
	var list []string
	for i, out := range c.node.Outputs {
		if i == 0 || out != "" && (len(c.net.readers[out]) > 0 || c.net.outputs[out]) {
			list = append(list, out)
		}
	}
	return list
}

// data returns input i if it depends on what is fed.
func (c *call) data(i int) (*value, bool) {
	if i >= len(c.in) || c.in[i].value == nil {
		return nil, false
	}
	return c.in[i].value, true
}

// omitted tells whether an optional input is left out.
func (c *call) omitted(i int) bool { return i >= len(c.in) || c.in[i].name == "" }

// weights returns input i if it is a constant of numbers.
func (c *call) weights(i int) (*constant, bool) {
	if i >= len(c.in) || c.in[i].constant == nil || !c.in[i].constant.dtype.IsFloat() {
		return nil, false
	}
	return c.in[i].constant, true
}

// integers returns input i as integers that are known while lowering.
func (c *call) integers(i int) ([]int, bool, error) {
	if i >= len(c.in) || c.in[i].constant == nil {
		return nil, false, nil
	}
	return c.lowering.integers(c.in[i].constant)
}

// axes returns a list of integers that is an attribute in older versions of an operation and an input in newer ones. It is
// not stated if there is neither.
func (c *call) axes(attribute string, input int) (list []int, stated, known bool, err error) {
	if c.node.Has(attribute) {
		list, err = c.node.Ints(attribute)
		return list, true, true, err
	}
	if c.omitted(input) {
		return nil, false, true, nil
	}
	list, known, err = c.integers(input)
	return list, true, known, err
}

// one is a layer that a node becomes, or a part of it.
type one struct {
	layer      layer.Layer
	in         []*value
	nhwc       bool         // of the output
	shape      tensor.Shape // of the output, in common order, where inference cannot tell
	params     []param
	notes      []string
	transforms []string
	dtype      model.DType // of the output; 0 for that of the first input
}

// emit appends the layer that writes the node's first output.
func (c *call) emit(o one) error {
	c.append(c.name, c.node.Outputs[0], o)
	return nil
}

// between appends a layer that comes before the last one of the node, and returns what it computes.
func (c *call) between(suffix string, o one) *value {
	return c.append(c.unusedNode(c.name+suffix), c.unused(c.node.Outputs[0]+suffix), o)
}

func (c *call) append(node, output string, o one) *value {
	return c.appendAll(node, []string{output}, o)[0]
}

// appendAll appends a layer with any number of outputs.
func (c *call) appendAll(node string, outputs []string, o one) []*value {
	n := &graph.Node{Name: node, Layer: o.layer, Outputs: outputs, Notes: o.notes, Origin: c.origin()}
	n.Origin.Transforms = o.transforms
	for _, v := range o.in {
		n.Inputs = append(n.Inputs, v.name)
	}
	for _, p := range o.params {
		n.Params = append(n.Params, &graph.Param{Name: p.name, Value: p.value})
		n.Origin.Transforms = append(n.Origin.Transforms, p.transforms...)
	}
	c.out.Nodes = append(c.out.Nodes, n)
	var list []*value
	shapes := graph.InferAllOpen(o.layer, shapesOf(o.in))
	for i, output := range outputs {
		list = append(list, c.written(i, output, shapes, o))
	}
	return list
}

// written makes output i of a layer known.
func (c *call) written(i int, output string, shapes []tensor.Shape, o one) *value {
	v := &value{name: output, dtype: o.dtype, nhwc: o.nhwc}
	if v.dtype == 0 {
		v.dtype = o.in[0].dtype
	}
	switch {
	case i < len(shapes):
		v.shape = shapes[i]
	case o.shape != nil && i == 0:
		v.shape = o.shape
	default:
		v.shape = c.declaredShape(output, o.nhwc)
	}
	v.nhwc = v.nhwc && len(v.shape) == 4
	c.add(output, v)
	return v
}

func (c *call) origin() graph.Origin {
	return graph.Origin{File: c.node.File, Position: c.node.Position, Nodes: []string{c.node.Title()}}
}

// declaredShape is what the file says of a value.
func (l *lowering) declaredShape(name string, nhwc bool) tensor.Shape {
	d := l.declared[name]
	if d == nil || d.Shape == nil || nhwc && len(d.Shape) != 4 {
		return nil
	}
	if nhwc {
		return permuteShape(d.Shape, toCommon)
	}
	return d.Shape.Clone()
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
	v, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	c.values[c.node.Outputs[0]] = v
	c.out.Aliases[c.node.Outputs[0]] = v.name
	return nil
}
