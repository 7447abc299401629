package lower

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/importers/tensorflow/function"
	"parity/importers/tensorflow/graphdef"
)

// maxIterations is how often a loop is unrolled at most.
const maxIterations = 1 << 10

// loop is While, whose condition and body are functions of all that it hands round. As long as what the condition says is known while
// lowering, because it counts, the bodies are lowered one after the other.
func loop(c *call) error {
	values := slices.Clone(c.net.inputs[c.node])
	before := len(c.out.Nodes)
	for i := range maxIterations {
		goes, err := c.expand("cond", fmt.Sprintf("%s/cond/%d", c.node.Name, i), values)
		if err != nil {
			return err
		}
		if len(goes) != 1 {
			return c.node.Errorf("its condition should have one result, found %d", len(goes))
		}
		goesOn, known := c.truth(c.operandAt(goes[0]))
		if !known {
			c.rollBack(before)
			return c.unknown("how often it runs is not known before something is fed")
		}
		if !goesOn {
			c.leave(values, before)
			return nil
		}
		if values, err = c.expand("body", fmt.Sprintf("%s/body/%d", c.node.Name, i), values); err != nil {
			return err
		}
		if len(values) != len(c.in) {
			return c.node.Errorf("its body gives %d values for %d", len(values), len(c.in))
		}
	}
	c.rollBack(before)
	return c.unknown(fmt.Sprintf("it runs more than %d times", maxIterations))
}

// rollBack takes away what was appended, and what was noted of it.
func (c *call) rollBack(before int) {
	gone := map[string]bool{}
	for _, n := range c.out.Nodes[before:] {
		for _, v := range n.Outputs {
			gone[v] = true
		}
	}
	c.out.Nodes = c.out.Nodes[:before]
	maps.DeleteFunc(c.given, func(_ *graphdef.Node, v *value) bool { return gone[v.name] })
	maps.DeleteFunc(c.permuted, func(_ string, v *value) bool { return gone[v.name] })
	maps.DeleteFunc(c.values, func(_ ref, v *value) bool { return gone[v.name] })
	maps.DeleteFunc(c.owners, func(_ *graphdef.Node, p *graph.Param) bool { return !c.has(p) })
}

// has tells whether a parameter, or one that shares its memory, still belongs to a node.
func (c *call) has(p *graph.Param) bool {
	return slices.ContainsFunc(c.out.Nodes, func(n *graph.Node) bool {
		return slices.ContainsFunc(n.Params, func(q *graph.Param) bool { return q.Owner() == p })
	})
}

// leave hands the last values on. What the bodies computed beside them is no result of the network.
func (c *call) leave(values []ref, before int) {
	results := map[string]bool{}
	for i, r := range values {
		c.handOn(ref{c.node, i}, c.operandAt(r))
		if v := c.values[ref{c.node, i}]; v != nil && len(c.net.readers[c.node]) == 0 {
			results[v.name] = true
		}
	}
	for _, n := range c.out.Nodes[before:] {
		for _, v := range n.Outputs {
			c.aside[v] = !results[v]
		}
	}
}

func (c *call) operandAt(r ref) operand {
	o := operand{ref: r}
	if k, ok := c.net.constant(r); ok {
		o.constant = k
	} else {
		o.value = c.values[r]
	}
	return o
}

// expand lowers the nodes of the function that an attribute names, for given arguments, and returns its results.
func (c *call) expand(attribute, name string, args []ref) ([]ref, error) {
	a := c.node.Attrs[attribute]
	if a == nil || a.Field != "func" {
		return nil, c.node.Errorf("expected a function as the attribute %s", attribute)
	}
	at := slices.IndexFunc(c.def.Functions, func(f *graphdef.Function) bool { return f.Name == a.Func })
	if at < 0 {
		return nil, c.node.Errorf("the graph has no function %q", a.Func)
	}
	flat, err := function.Inline(c.applied(c.def.Functions[at], name, len(args)))
	if err != nil {
		return nil, err
	}
	b := body{call: c, args: args, nodes: map[string]*graphdef.Node{}, state: map[*graphdef.Node]visit{}}
	if err := b.join(flat.Nodes); err != nil {
		return nil, err
	}
	var results []ref
	for _, f := range flat.Fetches {
		r, err := b.resolve(c.node, f.Tensor)
		if err != nil {
			return nil, err
		}
		c.net.readers[r.node] = append(c.net.readers[r.node], c.node)
		results = append(results, r)
	}
	for _, n := range flat.Nodes {
		if err := b.lower(n); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// argument is the name of a node that stands for an argument of a function.
const argument = "/argument "

// applied is a graph that calls a function once.
func (c *call) applied(f *graphdef.Function, name string, n int) *graphdef.Graph {
	call := &graphdef.Node{Name: name, Op: "PartitionedCall", File: c.node.File, Position: c.node.Position, Attrs: map[string]*graphdef.Attr{"f": {Field: "func", Func: f.Name}}}
	g := &graphdef.Graph{File: c.def.File, Functions: c.def.Functions}
	for i := range n {
		arg := &graphdef.Node{Name: fmt.Sprintf("%s%s%d", name, argument, i), Op: "_Arg"}
		g.Nodes, call.Inputs = append(g.Nodes, arg), append(call.Inputs, arg.Name)
	}
	g.Nodes = append(g.Nodes, call)
	for i := range f.Outputs {
		g.Fetches = append(g.Fetches, graphdef.Binding{Name: fmt.Sprint(i), Tensor: fmt.Sprintf("%s:%d", name, i)})
	}
	return g
}

// body is the nodes of one execution of a function.
type body struct {
	*call
	args  []ref
	nodes map[string]*graphdef.Node
	state map[*graphdef.Node]visit
}

// join makes the nodes part of the network.
func (b *body) join(nodes []*graphdef.Node) error {
	for _, n := range nodes {
		b.nodes[n.Name] = n
		if n.Op == "_Arg" {
			continue
		}
		b.state[n] = unseen
		n.Name = b.unused(n.Name)
		b.net.byName[n.Name] = n
	}
	for _, n := range nodes {
		for _, in := range n.Inputs {
			r, err := b.resolve(n, in)
			if err != nil {
				return err
			}
			b.net.inputs[n] = append(b.net.inputs[n], r)
			b.net.readers[r.node] = append(b.net.readers[r.node], n)
			b.net.outputs[r.node] = max(b.net.outputs[r.node], r.output+1)
		}
		if n.Op == "_Merge" {
			b.net.selected[n] = true
		}
	}
	return nil
}

// resolve reads a reference within the body.
func (b *body) resolve(reader *graphdef.Node, text string) (ref, error) {
	name, _, _ := strings.Cut(text, ":")
	if n := b.nodes[name]; n != nil && n.Op == "_Arg" {
		var i int
		if _, err := fmt.Sscanf(name[strings.LastIndex(name, argument)+len(argument):], "%d", &i); err != nil || i >= len(b.args) {
			return ref{}, reader.Errorf("its input %q is no argument", text)
		}
		return b.args[i], nil
	}
	if n := b.nodes[name]; n != nil {
		text = n.Name + text[len(name):]
	}
	return b.net.resolve(reader, text)
}

// lower lowers a node of the body after those of the body that it reads.
func (b *body) lower(n *graphdef.Node) error {
	if n.Op == "_Arg" || b.state[n] == closed {
		return nil
	}
	if b.state[n] == open {
		return n.Errorf("it depends on itself")
	}
	b.state[n] = open
	for _, r := range b.net.inputs[n] {
		if _, own := b.state[r.node]; own {
			if err := b.lower(r.node); err != nil {
				return err
			}
		}
	}
	b.state[n] = closed
	if constantOps[n.Op] {
		return nil
	}
	return b.lowering.node(n)
}
