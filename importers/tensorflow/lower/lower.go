// Package lower turns TensorFlow's graph into the common one.
//
// Values keep the names of TensorFlow's nodes: the first output of a node has its name, the second one that with ":1"
// after it. Axes are those of the common graph: what TensorFlow holds as NHWC is NCHW here, which graph.Values notes
// by name. Where TensorFlow's own order of elements matters, as when a feature map is flattened, a Permute is put in, named
// after the value with "/NHWC" or "/NCHW" behind it.
package lower

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/idiom"
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

// Options steer how a graph is lowered.
type Options struct {
	// Inputs tells the shapes of placeholders, in TensorFlow's order of axes, by name: those that will be fed. With the others, the
	// graph's own say is all that is known.
	Inputs map[string]tensor.Shape
	// Everything keeps every node: those whose values are known while lowering and that nothing reads at run time, as what
	// computes shapes and axes, and the parts of an idiom, which is no single layer then.
	Everything bool
}

// Lower lowers the part of a graph that computes something from its placeholders. With nil for the variables, layers whose
// weights are variables have none, for looking at a graph only.
func Lower(def *graphdef.Graph, vars Variables) (*graph.Graph, error) {
	return LowerWith(def, vars, Options{})
}

// LowerWith is Lower with options.
func LowerWith(def *graphdef.Graph, vars Variables, opts Options) (*graph.Graph, error) {
	l := newLowering(def, vars)
	l.opts = opts
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
	if !opts.Everything {
		idiom.Recognise(l.out)
	}
	if err := l.out.Check(); err != nil {
		return nil, source.Errorf(def.File, "", "the graph makes no sense: %v", err)
	}
	return l.out, nil
}

// lowering is the state of one run.
type lowering struct {
	def  *graphdef.Graph
	vars Variables
	opts Options
	net  *network
	out  *graph.Graph

	values    map[ref]*value
	permuted  map[string]*value               // by the value's name and the order it was put into
	given     map[*graphdef.Node]*value       // constants that are read as values
	owners    map[*graphdef.Node]*graph.Param // of constants that layers have as parameters
	names     map[string]bool                 // of TensorFlow's nodes, and of what was put in
	folded    map[*graph.Node]bool            // whose values are known while lowering
	uniform   map[ref]float64                 // the number that vectors of open length consist of
	aside     map[string]bool                 // values that are no results where nothing reads them
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
			Values: map[string]graph.Stored{}, Aliases: map[string]string{}, Constants: map[string]tensor.Any{},
		},
		values: map[ref]*value{}, permuted: map[string]*value{}, given: map[*graphdef.Node]*value{}, owners: map[*graphdef.Node]*graph.Param{},
		names: map[string]bool{}, folded: map[*graph.Node]bool{}, uniform: map[ref]float64{}, aside: map[string]bool{}, variables: map[string]bool{},
	}
}

// plan chooses the nodes to lower, in the order of execution.
func (l *lowering) plan() ([]*graphdef.Node, error) {
	var err error
	if l.net, err = newNetwork(l.def); err != nil {
		return nil, err
	}
	l.net.fed = l.opts.Inputs
	order, err := l.net.order()
	if err != nil {
		return nil, err
	}
	for _, n := range order {
		l.names[n.Name] = true
	}
	s, err := l.net.choose(order, l.opts.Everything)
	if err != nil {
		return nil, err
	}
	l.out.Notes = append(l.out.Notes, s.notes...)
	return s.nodes, nil
}

// node lowers one node.
func (l *lowering) node(n *graphdef.Node) error {
	if l.isDead(n) {
		return nil
	}
	c, err := l.call(n)
	if err != nil {
		return err
	}
	lower, known := operations[n.Op]
	if n.Op == "While" || n.Op == "StatelessWhile" { // not in the list, which its body refers to
		lower, known = loop, true
	}
	if !known {
		return c.unknown("")
	}
	return lower(c)
}

// finish names the outputs and drops what was only there to be folded.
func (l *lowering) finish() {
	needed := l.needed()
	if !l.opts.Everything {
		l.forgetBranches(needed)
		l.out.Nodes = slices.DeleteFunc(l.out.Nodes, func(n *graph.Node) bool { return !needed[n] })
		l.forgetDropped()
	}
	if l.nameMore(); len(l.out.Outputs) == 0 {
		l.nameOutputs(needed)
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

// needed finds, from the end, the nodes that do more than to be folded: those who read the others did know the result
// already.
func (l *lowering) needed() map[*graph.Node]bool {
	needed, read := map[*graph.Node]bool{}, map[string]bool{}
	for i := len(l.out.Nodes) - 1; i >= 0; i-- {
		n := l.out.Nodes[i]
		if l.folded[n] && !slices.ContainsFunc(n.Outputs, func(v string) bool { return read[v] }) {
			continue
		}
		needed[n] = true
		for _, v := range n.Inputs {
			read[v] = true
		}
	}
	return needed
}

// nameOutputs lists the values of needed nodes that nothing reads.
func (l *lowering) nameOutputs(needed map[*graph.Node]bool) {
	read := map[string]bool{}
	for n := range needed {
		for _, v := range n.Inputs {
			read[v] = true
		}
	}
	for _, n := range l.out.Nodes {
		for _, v := range n.Outputs {
			if needed[n] && !read[v] && !l.aside[v] {
				l.out.Outputs = append(l.out.Outputs, v)
			}
		}
	}
}

// forgetDropped takes away what was noted of values that are gone.
func (l *lowering) forgetDropped() {
	written := map[string]bool{}
	for _, in := range l.out.Inputs {
		written[in.Name] = true
	}
	for _, n := range l.out.Nodes {
		for _, v := range n.Outputs {
			written[v] = true
		}
	}
	maps.DeleteFunc(l.out.Values, func(v string, _ graph.Stored) bool { return !written[v] })
	maps.DeleteFunc(l.out.Aliases, func(_, of string) bool { return !written[of] })
}
