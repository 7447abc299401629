// Package lower turns TensorFlow's graph into the common one.
//
// Values keep the names of TensorFlow's nodes: the first output of a node has its name, the second one that with ":1"
// after it. Axes are those of the common graph: what TensorFlow holds as NHWC is NCHW here, which graph.Values notes
// by name. Where TensorFlow's own order of elements matters, as when a feature map is flattened, a Permute is put in, named
// after the value with "/NHWC" or "/NCHW" behind it.
package lower

import (
	"fmt"
	"path/filepath"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/tensorflow/graphdef"
)

// Variables holds the values of a graph's variables by name: a checkpoint.
type Variables interface {
	Shape(name string) (tensor.Shape, bool)
	// Read is called from several goroutines.
	Read(name string) (tensor.Any, error)
	// Place names the file for messages.
	Place() string
}

// Lower lowers the part of a graph that computes something from its placeholders. With nil for the variables, layers whose
// weights are variables have none, for looking at a graph only.
func Lower(def *graphdef.Graph, vars Variables) (*graph.Graph, error) {
	l := newLowering(def, vars)
	order, err := l.plan()
	if err != nil {
		return nil, err
	}
	for _, n := range order {
		if err := l.node(n); err != nil {
			return nil, err
		}
	}
	if err := l.loadWeights(); err != nil {
		return nil, err
	}
	l.finish()
	if err := l.out.Check(); err != nil {
		return nil, source.Errorf(def.File, "", "the graph makes no sense: %v", err)
	}
	return l.out, nil
}

// lowering is the state of one run.
type lowering struct {
	def  *graphdef.Graph
	vars Variables
	net  *network
	out  *graph.Graph

	values    map[ref]*value
	permuted  map[string]*value // by the value's name and the order it was put into
	names     map[string]bool   // of TensorFlow's nodes, and of what was put in
	evaluated map[ref]evaluation
	folded    map[string]bool // nodes whose value was known while lowering
	loads     []load
	variables map[string]bool // that weights were taken from
	missing   []string        // variables without a value
	filled    int             // elements that files claim by repetition
}

func newLowering(def *graphdef.Graph, vars Variables) *lowering {
	name := filepath.Base(def.File)
	return &lowering{
		def: def, vars: vars,
		out: &graph.Graph{
			Name: name[:len(name)-len(filepath.Ext(name))], Framework: "tensorflow",
			Values: map[string]graph.Stored{}, Aliases: map[string]string{},
		},
		values: map[ref]*value{}, permuted: map[string]*value{}, names: map[string]bool{},
		evaluated: map[ref]evaluation{}, folded: map[string]bool{}, variables: map[string]bool{},
	}
}

// plan chooses the nodes to lower, in the order of execution.
func (l *lowering) plan() ([]*graphdef.Node, error) {
	var err error
	if l.net, err = newNetwork(l.def); err != nil {
		return nil, err
	}
	order, err := l.net.order()
	if err != nil {
		return nil, err
	}
	for _, n := range order {
		l.names[n.Name] = true
	}
	s, err := l.net.choose(order)
	if err != nil {
		return nil, err
	}
	l.out.Notes = append(l.out.Notes, s.notes...)
	return s.nodes, nil
}

// node lowers one node.
func (l *lowering) node(n *graphdef.Node) error {
	c, err := l.call(n)
	if err != nil {
		return err
	}
	lower, known := operations[n.Op]
	if !known {
		return c.unknown("")
	}
	return lower(c)
}

// unread is the values that no node reads.
func unread(g *graph.Graph) (values []string) {
	read := map[string]bool{}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			read[v] = true
		}
	}
	for _, n := range g.Nodes {
		for _, v := range n.Outputs {
			if !read[v] {
				values = append(values, v)
			}
		}
	}
	return values
}

// finish names the outputs and drops what was only there to be folded.
func (l *lowering) finish() {
	l.dropFolded()
	if l.nameMore(); len(l.out.Outputs) == 0 {
		l.out.Outputs = unread(l.out)
	}
	l.note(l.vars != nil && l.vars.Place() != "" && len(l.variables) == 0, "the checkpoint was not needed: all weights are constants of the graph")
	if vars, ok := l.vars.(interface{ Note() string }); ok && len(l.variables) > 0 {
		note := vars.Note()
		l.note(note != "", "%s", note)
	}
	l.note(len(l.missing) > 0, "%d variables have no values: the checkpoint was not given", len(l.missing))
}

func (l *lowering) note(when bool, format string, args ...any) {
	if when {
		l.out.Notes = append(l.out.Notes, fmt.Sprintf(format, args...))
	}
}

// dropFolded removes, from the end, nodes that nothing reads any more because those who did know the result already.
func (l *lowering) dropFolded() {
	readers := map[string]int{}
	for _, n := range l.out.Nodes {
		for _, v := range n.Inputs {
			readers[v]++
		}
	}
	for i := len(l.out.Nodes) - 1; i >= 0; i-- {
		n := l.out.Nodes[i]
		if !l.folded[n.Name] || readers[n.Outputs[0]] > 0 {
			continue
		}
		for _, v := range n.Inputs {
			readers[v]--
		}
		l.forget(n.Outputs[0])
		l.out.Nodes[i] = nil
	}
	kept := l.out.Nodes[:0]
	for _, n := range l.out.Nodes {
		if n != nil {
			kept = append(kept, n)
		}
	}
	l.out.Nodes = kept
}

// forget takes away what was noted of a value.
func (l *lowering) forget(value string) {
	delete(l.out.Values, value)
	for alias, of := range l.out.Aliases {
		if of == value {
			delete(l.out.Aliases, alias)
		}
	}
}
