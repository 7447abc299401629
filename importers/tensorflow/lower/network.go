package lower

import (
	"strconv"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
)

// ref is one output of a node.
type ref struct {
	node   *graphdef.Node
	output int
}

// name is the value's name.
func (r ref) name() string {
	if r.output == 0 {
		return r.node.Name
	}
	return r.node.Name + ":" + strconv.Itoa(r.output)
}

// network is a graph with its edges resolved. Control edges, which only order execution, are left out.
type network struct {
	def     *graphdef.Graph
	byName  map[string]*graphdef.Node
	inputs  map[*graphdef.Node][]ref
	readers map[*graphdef.Node][]*graphdef.Node
	outputs map[*graphdef.Node]int  // how many are read
	fed     map[string]tensor.Shape // the placeholders that are known to be fed
	branches
}

func newNetwork(def *graphdef.Graph) (*network, error) {
	t := &network{
		def: def, byName: make(map[string]*graphdef.Node, len(def.Nodes)), inputs: make(map[*graphdef.Node][]ref, len(def.Nodes)),
		readers: make(map[*graphdef.Node][]*graphdef.Node, len(def.Nodes)), outputs: make(map[*graphdef.Node]int, len(def.Nodes)),
		branches: branches{map[ref]ref{}, map[ref]bool{}, map[*graphdef.Node]bool{}},
	}
	for _, n := range def.Nodes {
		if first := t.byName[n.Name]; first != nil {
			return nil, n.Errorf("a node of this name stands at %s already", first.Position)
		}
		t.byName[n.Name] = n
	}
	for _, n := range def.Nodes {
		if err := t.connect(n); err != nil {
			return nil, err
		}
	}
	t.addSelectors()
	return t, nil
}

func (t *network) connect(n *graphdef.Node) error {
	for _, in := range n.Inputs {
		if strings.HasPrefix(in, "^") {
			continue
		}
		r, err := t.resolve(n, in)
		if err != nil {
			return err
		}
		t.inputs[n] = append(t.inputs[n], r)
		t.readers[r.node] = append(t.readers[r.node], n)
		t.outputs[r.node] = max(t.outputs[r.node], r.output+1)
	}
	return nil
}

// maxOutputs is the most outputs that a node may have.
const maxOutputs = 1 << 12

// resolve reads "node" or "node:output".
func (t *network) resolve(reader *graphdef.Node, in string) (ref, error) {
	name, number, numbered := strings.Cut(in, ":")
	output := 0
	if numbered {
		var err error
		if output, err = strconv.Atoi(number); err != nil || output < 0 || output >= maxOutputs {
			return ref{}, reader.Errorf("its input %q is not the output of a node: expected NODE or NODE:NUMBER", in)
		}
	}
	node := t.byName[name]
	if node == nil {
		return ref{}, reader.Errorf("its input %q does not exist: the graph has no node %q", in, name)
	}
	return ref{node, output}, nil
}

// order sorts all nodes so that each stands behind its inputs, otherwise as in the file.
func (t *network) order() ([]*graphdef.Node, error) {
	s := &sorting{network: t, state: make(map[*graphdef.Node]visit, len(t.def.Nodes))}
	for _, n := range t.def.Nodes {
		if err := s.from(n); err != nil {
			return nil, err
		}
	}
	return s.done, nil
}

// visit says how far a node has been sorted in.
type visit int

const (
	unseen visit = iota
	open         // its inputs are being sorted in
	closed
)

type sorting struct {
	*network
	state map[*graphdef.Node]visit
	stack []step
	done  []*graphdef.Node
}

// step is a node on the way down and the next of its inputs to go to.
type step struct {
	node *graphdef.Node
	next int
}

// from sorts in a node and all that it needs. It keeps its own stack, as graphs may be deeper than the program's.
func (s *sorting) from(n *graphdef.Node) error {
	s.enter(n)
	for len(s.stack) > 0 {
		top := &s.stack[len(s.stack)-1]
		inputs := s.inputs[top.node]
		if top.next == len(inputs) {
			s.state[top.node] = closed
			s.done = append(s.done, top.node)
			s.stack = s.stack[:len(s.stack)-1]
			continue
		}
		in := inputs[top.next].node
		top.next++
		if in.Op == "NextIteration" { // it leads a loop's value back to its beginning
			continue
		}
		if s.state[in] == open {
			return s.cycle(in)
		}
		s.enter(in)
	}
	return nil
}

func (s *sorting) enter(n *graphdef.Node) {
	if s.state[n] == unseen {
		s.state[n] = open
		s.stack = append(s.stack, step{node: n})
	}
}

func (s *sorting) cycle(n *graphdef.Node) error {
	var path []string
	for i := len(s.stack) - 1; i >= 0; i-- {
		path = append(path, s.stack[i].node.Name)
		if s.stack[i].node == n {
			break
		}
	}
	const most = 6
	if len(path) > most {
		path = append(path[:most], "...")
	}
	return n.Errorf("it depends on itself: %s <- %s", n.Name, strings.Join(path, " <- "))
}
