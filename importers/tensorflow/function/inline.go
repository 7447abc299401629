// Package function puts the bodies of a graph's functions in the place of the calls, as TensorFlow 2 writes a model as a
// few calls.
package function

import (
	"fmt"
	"strings"

	"parity/importers/source"
	"parity/importers/tensorflow/graphdef"
)

// A file of a few bytes can describe a graph without bounds: functions that call one twice, which calls another twice.
const (
	maxNodes = 1 << 18
	maxDepth = 64
	maxHops  = 1 << 12 // from a reference to what it stands for
)

// Inline returns a graph without calls of functions that are in its library. A condition becomes what TensorFlow itself makes of it:
// a Switch for each input, both branches, and a Merge for each output. Loops, which call their functions as often as data says,
// stay as they are.
//
// A node of a function keeps its name where no other has it. If the call stands in a scope (a name with a slash), the
// scope's nodes stay together: the call's name stands before theirs.
func Inline(g *graphdef.Graph) (*graphdef.Graph, error) {
	in := &inliner{functions: map[string]*graphdef.Function{}, names: map[string]bool{}, repeated: map[string]int{}, file: g.File}
	for _, f := range g.Functions {
		in.functions[f.Name] = f
	}
	for _, n := range g.Nodes {
		if in.called(n) == nil {
			in.names[n.Name] = true
		}
	}
	top, err := in.enter(nil, nil, nil, g.Nodes)
	if err != nil {
		return nil, err
	}
	if err := in.connect(); err != nil {
		return nil, err
	}
	out := *g
	out.Nodes = in.nodes
	in.nameOutputs(top, &out)
	return &out, in.rename(top, &out)
}

// inliner collects the nodes of all scopes.
type inliner struct {
	functions map[string]*graphdef.Function
	file      string
	names     map[string]bool
	repeated  map[string]int // how often a name was numbered
	placed    int            // nodes and calls so far
	nodes     []*graphdef.Node
	homes     []*scope // of nodes, whose inputs are to be read there
}

// scope is the graph, or one execution of a function.
type scope struct {
	parent   *scope
	call     *graphdef.Node // in the parent
	function *graphdef.Function
	prefix   string // of the names of its nodes
	depth    int
	byName   map[string]*placed
	args     map[string]int
}

// placed is what became of a node: itself under a new name, or the scope that replaces it.
type placed struct {
	node  *graphdef.Node
	name  string
	inner *scope
	// outputs are those of a condition, a node each.
	outputs []*placed
}

// called is the function that a node calls, nil for none.
func (in *inliner) called(n *graphdef.Node) *graphdef.Function {
	switch n.Op {
	case "PartitionedCall", "StatefulPartitionedCall":
		if f := n.Attrs["f"]; f != nil && f.Field == "func" {
			return in.functions[f.Func]
		}
		return nil
	}
	return in.functions[n.Op] // the calls of TensorFlow 1 are operations of the function's name
}

// enter places the nodes of a scope, and those of the functions that it calls.
func (in *inliner) enter(parent *scope, call *graphdef.Node, f *graphdef.Function, nodes []*graphdef.Node) (*scope, error) {
	s := &scope{parent: parent, call: call, function: f, byName: map[string]*placed{}, args: map[string]int{}}
	if f != nil {
		if err := in.begin(s); err != nil {
			return nil, err
		}
	}
	for _, n := range nodes {
		p := &placed{node: n}
		s.byName[n.Name] = p
		if err := in.place(s, p); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// begin binds the arguments of a function.
func (in *inliner) begin(s *scope) error {
	s.depth = s.parent.depth + 1
	if s.depth > maxDepth {
		return s.call.Errorf("functions call each other more than %d deep; does %q call itself?", maxDepth, s.function.Name)
	}
	s.prefix = s.parent.prefix
	if strings.Contains(s.call.Name, "/") {
		s.prefix += s.call.Name + "/"
	}
	for i, a := range s.function.Inputs {
		if a.List {
			return s.call.Errorf("the argument %q of the function %q is a list, which is not read", a.Name, s.function.Name)
		}
		s.args[a.Name] = i
	}
	if given := len(data(s.call.Inputs)); given != len(s.args) {
		return s.call.Errorf("the function %q takes %d arguments, found %d", s.function.Name, len(s.args), given)
	}
	return nil
}

func (in *inliner) place(s *scope, p *placed) (err error) {
	if in.placed++; in.placed > maxNodes {
		return source.Errorf(in.file, p.node.Position, "with the bodies of its functions the graph has more than %d nodes", maxNodes)
	}
	if f := in.called(p.node); f != nil {
		p.inner, err = in.enter(s, p.node, f, f.Nodes)
		return err
	}
	if c := in.condition(p.node); c != nil {
		return in.branch(s, p, c)
	}
	p.name = p.node.Name
	if s.function != nil {
		p.name = in.unused(s, p.node.Name)
	}
	n := *p.node
	n.Name = p.name
	in.nodes, in.homes = append(in.nodes, &n), append(in.homes, s)
	return nil
}

// unused finds a name for a node of a function: its own, that with the call's, and that with a number behind it.
func (in *inliner) unused(s *scope, own string) string {
	name := s.prefix + own
	if in.names[name] {
		name = s.prefix + s.call.Name + "/" + own
	}
	for base := name; in.names[name]; {
		in.repeated[base]++
		name = fmt.Sprintf("%s_%d", base, in.repeated[base])
	}
	in.names[name] = true
	return name
}

// data leaves out the inputs that only order execution.
func data(inputs []string) []string {
	var list []string
	for _, in := range inputs {
		if !strings.HasPrefix(in, "^") {
			list = append(list, in)
		}
	}
	return list
}

// connect turns the inputs of all nodes into references to others of the flat graph. Those that only order execution stay
// among the graph's own nodes: they tell to which branch of a condition a constant belongs.
func (in *inliner) connect() error {
	for i, n := range in.nodes {
		var inputs []string
		for _, text := range n.Inputs {
			if before, ok := strings.CutPrefix(text, "^"); ok {
				if p := in.homes[i].byName[before]; in.homes[i].function == nil && p != nil && p.inner == nil && p.outputs == nil {
					inputs = append(inputs, "^"+p.name)
				}
				continue
			}
			r, err := in.resolve(n, in.homes[i], text)
			if err != nil {
				return err
			}
			inputs = append(inputs, r)
		}
		n.Inputs = inputs
	}
	return nil
}

// rename carries over what the graph says of its own nodes.
func (in *inliner) rename(top *scope, g *graphdef.Graph) error {
	g.Fetches = append([]graphdef.Binding{}, g.Fetches...)
	for i, b := range g.Fetches {
		var err error
		if g.Fetches[i].Tensor, err = in.resolve(&graphdef.Node{Name: b.Name, Op: "output", File: g.File}, top, b.Tensor); err != nil {
			return err
		}
	}
	return nil
}
