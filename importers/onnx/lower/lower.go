// Package lower turns ONNX's graph into the common one.
//
// Values keep their names; a node that has no name, or one that is taken, is named after what it writes. Feature maps are
// NCHW in ONNX as they are here. Where a model transposes them to NHWC and back, as ports from TensorFlow do, its values
// stay NCHW here and graph.Values notes by name that ONNX holds them otherwise.
package lower

import (
	"path/filepath"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/idiom"
	"parity/importers/onnx/model"
	"parity/importers/source"
)

// Lower lowers a model with its weights, which may lie in files beside it.
func Lower(m *model.Model) (*graph.Graph, error) {
	l, err := newLowering(m)
	if err != nil {
		return nil, err
	}
	if err := l.begin(); err != nil {
		return nil, err
	}
	for _, n := range l.net.nodes {
		if err := l.node(n); err != nil {
			return nil, err
		}
	}
	if err := l.finish(); err != nil {
		return nil, err
	}
	l.dropFolded()
	idiom.Recognise(l.out)
	if err := l.out.Check(); err != nil {
		return nil, source.Errorf(m.File, "", "the graph makes no sense: %v", err)
	}
	return l.out, nil
}

// lowering is the state of one run.
type lowering struct {
	model *model.Model
	net   *network
	out   *graph.Graph

	values    map[string]*value    // by ONNX's name
	constants map[string]*constant // by ONNX's name
	declared  map[string]*model.Value
	givens    map[string]*value // constants that became values
	permuted  map[string]*value // by the value's name and the order it was put into
	names     map[string]bool   // of values, ONNX's and those that were put in
	nodeNames map[string]bool
	attached  map[*model.Tensor]*constant // those that stand in nodes
	folded    map[string]bool             // nodes whose result was known while lowering
	budget    budget
}

func newLowering(m *model.Model) (*lowering, error) {
	net, err := newNetwork(m)
	if err != nil {
		return nil, err
	}
	name := m.Graph.Name
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(m.File), filepath.Ext(m.File))
	}
	return &lowering{
		model: m, net: net,
		out:    &graph.Graph{Name: name, Framework: "onnx", Values: map[string]graph.Stored{}, Aliases: map[string]string{}, Constants: map[string]tensor.Any{}},
		values: map[string]*value{}, constants: map[string]*constant{}, declared: map[string]*model.Value{}, givens: map[string]*value{}, permuted: map[string]*value{},
		names: map[string]bool{}, nodeNames: map[string]bool{}, attached: map[*model.Tensor]*constant{}, folded: map[string]bool{},
	}, nil
}

// begin makes initialisers and inputs known. An input that has an initialiser is a weight with a default.
func (l *lowering) begin() error {
	g := l.model.Graph
	for _, t := range g.Initializers {
		l.constants[t.Name] = &constant{name: t.Name, dtype: t.DType, shape: t.Shape, stored: t}
	}
	for _, list := range [][]*model.Value{g.Values, g.Outputs, g.Inputs} {
		for _, v := range list {
			l.declared[v.Name] = v
		}
	}
	for name := range l.net.names {
		l.names[name] = true
	}
	for _, in := range g.Inputs {
		if l.constants[in.Name] != nil {
			continue
		}
		if in.Name == "" || l.values[in.Name] != nil {
			return source.Errorf(l.model.File, "", "expected inputs with names of their own, found two with the name %q", in.Name)
		}
		l.input(in)
	}
	return nil
}

// node lowers one node.
func (l *lowering) node(n *model.Node) error {
	c, err := l.call(n)
	if err != nil {
		return err
	}
	known, err := c.fold()
	if err != nil {
		return err
	}
	if known && !c.readsValue() {
		delete(l.nodeNames, c.name) // nothing is left of it
		return nil
	}
	if known {
		return c.lowerKnown()
	}
	return c.lower()
}

// lowerKnown lowers a node whose result is known already, for those who want it as a value.
func (c *call) lowerKnown() error {
	before := len(c.out.Nodes)
	if err := c.lower(); err != nil {
		return err
	}
	for _, n := range c.out.Nodes[before:] {
		c.folded[n.Name] = true
	}
	return nil
}

func (c *call) lower() error {
	op, listed := operations[c.node.Type()]
	switch {
	case len(c.node.Outputs) == 0 || c.node.Outputs[0] == "":
		return c.unknown("its first output is left out")
	case !listed:
		return c.unknown("")
	case len(c.readOutputs()) > 1 && !op.several:
		return c.unknown("more than its first output is read")
	}
	if err := c.makeValues(op); err != nil {
		return err
	}
	switch {
	case !op.real || !c.readsIntegers():
		return op.lower(c)
	case op.whole != nil:
		return op.whole(c)
	}
	return c.unknown("it computes with integers")
}

// makeValues makes constant data values, if a node reads nothing else.
func (c *call) makeValues(op operation) error {
	if c.readsValue() {
		return nil
	}
	for i := range c.in {
		if op.data != 0 && i >= op.data {
			continue
		}
		v, ok, err := c.value(i)
		if err != nil {
			return err
		}
		if ok {
			c.in[i].value, c.in[i].constant = v, nil
		}
	}
	return nil
}

// finish names the outputs. Those that do not depend on what is fed are constants of the graph.
func (l *lowering) finish() error {
	listed := map[string]bool{}
	for _, out := range l.model.Graph.Outputs {
		v, k := l.values[out.Name], l.constants[out.Name]
		settled, err := l.settle(out.Name, k)
		switch {
		case err != nil:
			return err
		case settled:
			continue
		case v == nil && k != nil:
			v = l.constantOutput(out.Name, k)
		case v == nil:
			return source.Errorf(l.model.File, "", "the output %q is written by no node", out.Name)
		}
		if !listed[v.name] {
			listed[v.name] = true
			l.out.Outputs = append(l.out.Outputs, v.name)
		}
	}
	return nil
}

// dropFolded removes, from the end, nodes that nothing reads any more because those who did know the result already.
func (l *lowering) dropFolded() {
	readers := map[string]int{}
	for _, v := range l.out.Outputs {
		readers[v]++
	}
	for _, n := range l.out.Nodes {
		for _, v := range n.Inputs {
			readers[v]++
		}
	}
	var kept []*graph.Node
	for i := len(l.out.Nodes) - 1; i >= 0; i-- {
		n := l.out.Nodes[i]
		if !l.folded[n.Name] || readers[n.Outputs[0]] > 0 {
			kept = append(kept, n)
			continue
		}
		for _, v := range n.Inputs {
			readers[v]--
		}
		delete(l.out.Values, n.Outputs[0])
	}
	for i, n := range kept {
		l.out.Nodes[len(kept)-1-i] = n
	}
	l.out.Nodes = l.out.Nodes[:len(kept)]
}
