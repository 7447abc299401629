package function

import (
	"fmt"

	"parity/importers/tensorflow/graphdef"
)

// condition is the two functions of which a node calls one, as its first input says.
type condition struct{ then, otherwise *graphdef.Function }

// condition returns the branches of a node that has two whose functions are known; nil for any other.
func (in *inliner) condition(n *graphdef.Node) *condition {
	if n.Op != "If" && n.Op != "StatelessIf" {
		return nil
	}
	var found [2]*graphdef.Function
	for i, name := range []string{"then_branch", "else_branch"} {
		if a := n.Attrs[name]; a != nil && a.Field == "func" {
			found[i] = in.functions[a.Func]
		}
	}
	if found[0] == nil || found[1] == nil || len(data(n.Inputs)) == 0 || len(found[0].Outputs) != len(found[1].Outputs) || len(found[0].Outputs) == 0 {
		return nil
	}
	return &condition{found[0], found[1]}
}

// branch places a condition: the inputs behind Switches, the bodies of both branches, and Merges of their results.
func (in *inliner) branch(s *scope, p *placed, c *condition) error {
	inputs, name := data(p.node.Inputs), p.node.Name
	var given [2][]string
	for i, text := range inputs[1:] {
		key := fmt.Sprintf("%s/switch/%d", name, i)
		if err := in.make(s, key, p.node, "Switch", text, inputs[0]); err != nil {
			return err
		}
		given[0], given[1] = append(given[0], key+":0"), append(given[1], key+":1")
	}
	for i, f := range []*graphdef.Function{c.otherwise, c.then} {
		call := *p.node
		call.Name, call.Inputs = name+[...]string{"/else", "/then"}[i], given[i]
		inner := &placed{node: &call}
		s.byName[call.Name] = inner
		var err error
		if inner.inner, err = in.enter(s, &call, f, f.Nodes); err != nil {
			return err
		}
	}
	for i := range c.then.Outputs {
		key := name
		if i > 0 {
			key = fmt.Sprintf("%s/merge/%d", name, i)
		}
		if err := in.make(s, key, p.node, "Merge", fmt.Sprintf("%s/else:%d", name, i), fmt.Sprintf("%s/then:%d", name, i)); err != nil {
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
