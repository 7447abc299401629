package function

import (
	"fmt"

	"parity/importers/tensorflow/graphdef"
)

// condition is the functions of which a node calls one, as its first input says: a truth, of which false is the first function, or the
// number of one.
type condition struct {
	branches []*graphdef.Function
	names    []string // of the branches
	// by is the operation that hands an input on to one of them.
	by string
}

// condition returns the branches of a node that has some whose functions are known; nil for any other.
func (in *inliner) condition(n *graphdef.Node) *condition {
	var c condition
	switch n.Op {
	case "If", "StatelessIf":
		c = condition{[]*graphdef.Function{in.attribute(n.Attrs["else_branch"]), in.attribute(n.Attrs["then_branch"])}, []string{"else", "then"}, "Switch"}
	case "Case", "StatelessCase":
		c.by = "_SwitchN"
		if list := n.Attrs["branches"]; list != nil {
			for i, a := range list.List {
				c.branches, c.names = append(c.branches, in.attribute(a)), append(c.names, fmt.Sprintf("branch%d", i))
			}
		}
	}
	if len(c.branches) == 0 || len(data(n.Inputs)) == 0 {
		return nil
	}
	for _, f := range c.branches {
		if f == nil || len(f.Outputs) != len(c.branches[0].Outputs) || len(f.Outputs) == 0 {
			return nil
		}
	}
	return &c
}

// attribute is the function that an attribute names, nil for none.
func (in *inliner) attribute(a *graphdef.Attr) *graphdef.Function {
	if a == nil || a.Field != "func" {
		return nil
	}
	return in.functions[a.Func]
}

// branch places a condition: the inputs behind Switches, the bodies of all branches, and Merges of their results, which read what chooses
// among them too.
func (in *inliner) branch(s *scope, p *placed, c *condition) error {
	inputs, name := data(p.node.Inputs), p.node.Name
	given := make([][]string, len(c.branches))
	for i, text := range inputs[1:] {
		key := fmt.Sprintf("%s/switch/%d", name, i)
		if err := in.make(s, key, p.node, c.by, text, inputs[0]); err != nil {
			return err
		}
		for b := range given {
			given[b] = append(given[b], fmt.Sprintf("%s:%d", key, b))
		}
	}
	for i, f := range c.branches {
		call := *p.node
		call.Name, call.Inputs = name+"/"+c.names[i], given[i]
		inner := &placed{node: &call}
		s.byName[call.Name] = inner
		var err error
		if inner.inner, err = in.enter(s, &call, f, f.Nodes); err != nil {
			return err
		}
	}
	for i := range c.branches[0].Outputs {
		key := name
		if i > 0 {
			key = fmt.Sprintf("%s/merge/%d", name, i)
		}
		var results []string
		for _, b := range c.names {
			results = append(results, fmt.Sprintf("%s/%s:%d", name, b, i))
		}
		if err := in.make(s, key, p.node, "_Merge", append(results, inputs[0])...); err != nil {
			return err
		}
		p.outputs = append(p.outputs, s.byName[key])
	}
	s.byName[name] = p
	return nil
}

// make places a node that the file does not have.
func (in *inliner) make(s *scope, key string, like *graphdef.Node, op string, inputs ...string) error {
	p := &placed{node: &graphdef.Node{Name: key, Op: op, Inputs: inputs, File: like.File, Position: like.Position, Attrs: map[string]*graphdef.Attr{}}}
	s.byName[key] = p
	return in.place(s, p)
}

// nameOutputs gives the further outputs of the graph's own conditions the names that they have in the file.
func (in *inliner) nameOutputs(top *scope, g *graphdef.Graph) {
	names := map[string]string{}
	for further, name := range g.Names {
		names[further] = name
	}
	for name, p := range top.byName {
		for i, of := range p.outputs {
			if i > 0 {
				names[reference(name, i)] = of.name
			}
		}
	}
	g.Names = names
}
