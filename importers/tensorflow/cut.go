package tensorflow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parity/importers/piece"
	"parity/importers/source"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/lower"
	"parity/importers/tensorflow/tensorproto"
)

// Cut writes a GraphDef with the nodes that compute some values from others, which become placeholders. Variables become
// constants; functions must have been put in the place of their calls.
func Cut(def *graphdef.Graph, vars lower.Variables, cut piece.Cut) (*piece.Piece, error) {
	c := &cutter{def: def, vars: vars, cut: cut, nodes: map[string]*graphdef.Node{}, kept: map[string]*graphdef.Node{}, types: map[string]tensorproto.DType{}}
	for _, n := range def.Nodes {
		c.nodes[n.Name] = n
	}
	for _, out := range cut.Outputs {
		name, _, err := splitValue(out)
		if err == nil && c.nodes[name] == nil {
			err = source.Errorf(def.File, "", "the value %q is no node's", out)
		}
		if err == nil && !cut.Has(out) {
			err = c.keep(name)
		}
		if err != nil {
			return nil, err
		}
	}
	p := &piece.Piece{Files: []piece.File{{Part: "model", Name: "graph.pb", Data: c.graph().Encode()}}, Names: map[string]string{}}
	for _, in := range cut.Inputs {
		p.Names[in.Name] = placeholder(in.Name)
	}
	return p, nil
}

type cutter struct {
	def   *graphdef.Graph
	vars  lower.Variables
	cut   piece.Cut
	nodes map[string]*graphdef.Node
	kept  map[string]*graphdef.Node
	types map[string]tensorproto.DType // of the values that are fed, as their readers have them
}

// splitValue reads "node" and "node:1".
func splitValue(text string) (node string, output int, err error) {
	node, number, ok := strings.Cut(text, ":")
	if ok {
		if output, err = strconv.Atoi(number); err != nil {
			err = fmt.Errorf("%q: expected NODE or NODE:NUMBER", text)
		}
	}
	return node, output, err
}

// valueName is that of an output, the first of a node being named like the node.
func valueName(node string, output int) string {
	if output == 0 {
		return node
	}
	return fmt.Sprintf("%s:%d", node, output)
}

// placeholder names the node that feeds a value.
func placeholder(value string) string { return strings.ReplaceAll(value, ":", "_") }

// keep keeps a node and what it reads.
func (c *cutter) keep(name string) error {
	if c.kept[name] != nil {
		return nil
	}
	n := c.nodes[name]
	if n.CallsFunction() {
		return n.Errorf("it calls a function, which cannot be cut out")
	}
	if v, err := c.variable(n); v != nil || err != nil {
		c.kept[name] = v
		return err
	}
	if strings.HasPrefix(n.Op, "Placeholder") && len(n.Inputs) == 0 {
		return n.Errorf("what is fed to it is not known")
	}
	own := *n
	own.Inputs, own.Device = nil, ""
	c.kept[name] = &own
	for _, in := range n.Inputs {
		if strings.HasPrefix(in, "^") { // an order of execution matters to no value here
			continue
		}
		read, err := c.read(n, in)
		if err != nil {
			return err
		}
		own.Inputs = append(own.Inputs, read)
	}
	return nil
}

// read returns what a kept node reads in the piece.
func (c *cutter) read(n *graphdef.Node, in string) (string, error) {
	name, output, err := splitValue(in)
	if err != nil {
		return "", n.Errorf("%v", err)
	}
	if value := valueName(name, output); c.cut.Has(value) {
		if t, err := n.Type("T"); err == nil && t != 0 && c.types[value] == 0 {
			c.types[value] = t
		}
		return placeholder(value), nil
	}
	if c.nodes[name] == nil {
		return "", n.Errorf("reads %q, which is not in the graph", in)
	}
	return in, c.keep(name)
}

// variable is the constant in the place of a variable, or of the node that reads one; nil for another node.
func (c *cutter) variable(n *graphdef.Node) (*graphdef.Node, error) {
	holder := n
	if n.Op == "ReadVariableOp" && len(n.Inputs) > 0 {
		name, _, err := splitValue(n.Inputs[0])
		if holder = c.nodes[name]; err != nil || holder == nil || holder.Op != "VarHandleOp" {
			return nil, n.Errorf("the variable that it reads was not found")
		}
	} else if n.Op != "VariableV2" && n.Op != "Variable" {
		return nil, nil
	}
	for _, key := range []string{holder.Saved, holder.Name} {
		if c.vars == nil || key == "" {
			continue
		}
		if _, ok := c.vars.Shape(key); ok {
			v, err := c.vars.Read(key)
			if err != nil {
				return nil, err
			}
			t := tensorproto.Of(v)
			return &graphdef.Node{Name: n.Name, Op: "Const", Attrs: map[string]*graphdef.Attr{
				"dtype": {Field: "type", Type: t.DType}, "value": {Field: "tensor", Tensor: t},
			}}, nil
		}
	}
	return nil, n.Errorf("its value was not found")
}

// graph lists what is fed first, and the kept nodes in the file's order.
func (c *cutter) graph() *graphdef.Graph {
	g := &graphdef.Graph{Producer: max(c.def.Producer, 1)}
	for _, in := range c.cut.Inputs {
		g.Nodes = append(g.Nodes, &graphdef.Node{Name: placeholder(in.Name), Op: "Placeholder", Attrs: map[string]*graphdef.Attr{
			"dtype": {Field: "type", Type: c.typeOf(in.Name)}, "shape": {Field: "shape", Shape: slices.Clone(in.Shape)},
		}})
	}
	for _, n := range c.def.Nodes {
		if kept := c.kept[n.Name]; kept != nil {
			g.Nodes = append(g.Nodes, kept)
		}
	}
	return g
}

// typeOf is the element type of a value that is fed.
func (c *cutter) typeOf(value string) tensorproto.DType {
	if t := c.types[value]; t != 0 {
		return t.Base()
	}
	name, _, _ := splitValue(value)
	for _, attr := range []string{"dtype", "DstT", "T"} {
		if n := c.nodes[name]; n != nil {
			if t, err := n.Type(attr); err == nil && t != 0 {
				return t.Base()
			}
		}
	}
	return tensorproto.Float
}
