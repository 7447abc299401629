// Package graph holds a network as a list of nodes in the order of execution.
//
// Values (the edges) are named and written once: where a framework computes in place, each stage has its own
// value, `x` before and `x@LAYER` after the layer that overwrites it.
package graph

import (
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Graph is one network with its weights.
type Graph struct {
	Name      string
	Framework string // caffe, tensorflow, ...; empty for a network built here
	Inputs    []Input
	Nodes     []*Node // every input of a node is a graph input or written by an earlier node
	Outputs   []string
	// Values tells, by value name, how the framework stores what it calls by that name. A value without an
	// entry is stored as it is here.
	Values map[string]Stored
	// Aliases maps further names under which a framework knows a value, such as those of identity nodes.
	Aliases map[string]string
	// Constants are values that depend on nothing but shapes, as the file calls them and in its layout: an importer that
	// folds them into layers keeps them here.
	Constants map[string]tensor.Any
	// Stages lists, for every blob that is overwritten in place, its values from first to last.
	Stages map[string][]string
	// LossWeights holds the weight of every value that is a term of the objective: the gradient that it is seeded with.
	LossWeights map[string]float64
	// Notes are things about the whole file that its framework does silently.
	Notes []string
}

// Input is a value that is fed from outside. An extent of -1 is unknown until a tensor is fed.
type Input struct {
	Name  string
	Shape tensor.Shape
	// Drawn says that the framework draws the numbers, from [0, 1), anew in each run. What that was is rarely recorded: whoever
	// runs the graph gives any numbers, and what depends on them cannot be compared.
	Drawn bool
}

// Node is one execution of a layer.
type Node struct {
	Name    string
	Layer   layer.Layer
	Inputs  []string
	Outputs []string
	Params  []*Param
	// Stop cuts the gradients of inputs: those of an input with true are not passed on. nil cuts none.
	Stop   []bool
	Origin Origin
	// Reread tells, for values of Inputs and Outputs, which other ones a framework's backward pass reads in their place:
	// the memory that it finds them in was overwritten since. nil if there are none.
	Reread map[string]string
	// Flush says that the framework takes denormal numbers for zeros here, in what it reads and in what it writes.
	Flush bool
	// Notes are things that the framework does silently here.
	Notes []string
	// Parts are the nodes that this one stands for, if it is an idiom that was recognised as one layer; see TakenApart.
	Parts []*Node
	// Differs says that the layer rounds otherwise than its parts, or has other gradients: at a kink, or for what is no
	// parameter of it. A backward run goes through the parts then, and a rounding bound admits both.
	Differs bool
	// Draws lists inputs that the framework draws and that only the parts read.
	Draws []Input
	// Whole is, in a graph that was taken apart, the layer whose last part this node is; nil elsewhere.
	Whole *Node
}

// Origin says where a node came from.
type Origin struct {
	File string
	// Position is "line:column" in a text file, "offset N" in a binary one.
	Position string
	// Nodes lists what the file calls the parts: usually one layer, several where an idiom became one node.
	Nodes []string
	// Transforms lists what was changed on the way here, such as "weights HWIO to OIHW".
	Transforms []string
}

// String writes the origin as "file:position (nodes; transforms)".
func (o Origin) String() string {
	s := o.File
	if o.Position != "" {
		s += ":" + o.Position
	}
	detail := strings.Join(o.Nodes, ", ")
	if len(o.Transforms) > 0 {
		detail += "; " + strings.Join(o.Transforms, ", ")
	}
	if detail == "" {
		return s
	}
	return s + " (" + detail + ")"
}

// Node returns the node of that name, or nil.
func (g *Graph) Node(name string) *Node {
	for _, n := range g.Nodes {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// Fed lists the inputs that somebody has to feed: not those that the framework draws.
func (g *Graph) Fed() []Input {
	return slices.DeleteFunc(slices.Clone(g.Inputs), func(in Input) bool { return in.Drawn })
}

// Producers maps every value to the node that writes it; graph inputs are absent.
func (g *Graph) Producers() map[string]*Node {
	m := map[string]*Node{}
	for _, n := range g.Nodes {
		for _, v := range n.Outputs {
			m[v] = n
		}
	}
	return m
}

// Consumers maps every value to the nodes that read it, in order.
func (g *Graph) Consumers() map[string][]*Node {
	m := map[string][]*Node{}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			m[v] = append(m[v], n)
		}
	}
	return m
}

// Check reports the first breach of the rules of a Graph: a value read before it is written or written twice,
// or two nodes of one name.
func (g *Graph) Check() error {
	written, named := map[string]bool{}, map[string]bool{}
	for _, in := range g.Inputs {
		written[in.Name] = true
	}
	for _, n := range g.Nodes {
		if named[n.Name] {
			return fmt.Errorf("%s: two nodes have this name", n.Name)
		}
		named[n.Name] = true
		if n.Stop != nil && len(n.Stop) != len(n.Inputs) {
			return fmt.Errorf("%s: %d inputs, and %d to cut or not", n.Name, len(n.Inputs), len(n.Stop))
		}
		for _, v := range n.Inputs {
			if !written[v] {
				return fmt.Errorf("%s: reads %q, which nothing before it writes", n.Name, v)
			}
		}
		for _, v := range n.Outputs {
			if written[v] {
				return fmt.Errorf("%s: writes %q, which is already written", n.Name, v)
			}
			written[v] = true
		}
	}
	for _, v := range g.Outputs {
		if !written[v] {
			return fmt.Errorf("output %q is not written by any node", v)
		}
	}
	return nil
}

// Shapes infers the shape of every value from the shapes of the inputs and checks the parameters' shapes.
// A node that cannot be inferred ends it with an error that names the node and its place in the file.
func (g *Graph) Shapes(inputs map[string]tensor.Shape) (map[string]tensor.Shape, error) {
	shapes := map[string]tensor.Shape{}
	for _, in := range g.Inputs {
		s, ok := inputs[in.Name]
		if !ok {
			return nil, fmt.Errorf("no shape for the input %q", in.Name)
		}
		shapes[in.Name] = s
	}
	for _, n := range g.Nodes {
		out, err := n.Shapes(shapes)
		if err != nil {
			return nil, err
		}
		for i, v := range n.Outputs {
			shapes[v] = out[i]
		}
	}
	return shapes, nil
}

// Shapes infers the node's output shapes from those of the values it reads and checks its parameters.
func (n *Node) Shapes(known map[string]tensor.Shape) ([]tensor.Shape, error) {
	in := make([]tensor.Shape, len(n.Inputs))
	for i, v := range n.Inputs {
		in[i] = known[v]
	}
	return n.ShapesFor(in)
}

// ShapesFor infers the node's output shapes from those of its inputs and checks its parameters.
func (n *Node) ShapesFor(in []tensor.Shape) ([]tensor.Shape, error) {
	out, err := n.Layer.Infer(in)
	return out, n.check(in, out, err)
}

// ShapesOf infers the node's output shapes from the values that it reads, which some layers' depend on, and checks its
// parameters.
func ShapesOf[T tensor.Float](n *Node, values []*tensor.Tensor[T]) ([]tensor.Shape, error) {
	in := make([]tensor.Shape, len(values))
	for i, t := range values {
		in[i] = t.Shape
	}
	out, err := layer.OutputShapes(n.Layer, values)
	return out, n.check(in, out, err)
}

// check completes an error of shape inference, or finds one in what goes with the shapes.
func (n *Node) check(in, out []tensor.Shape, err error) error {
	if err == nil && len(out) != len(n.Outputs) {
		err = fmt.Errorf("%s has %d output(s), the node names %d", n.Layer.Kind(), len(out), len(n.Outputs))
	}
	if err == nil {
		err = n.checkParams(in)
	}
	if err != nil {
		return fmt.Errorf("%s: %s: %w", n.place(), n.Name, err)
	}
	return nil
}

// Backward returns the value that the backward pass reads for one that the node reads or writes.
func (n *Node) Backward(value string) string {
	if later, ok := n.Reread[value]; ok {
		return later
	}
	return value
}

func (n *Node) place() string {
	if n.Origin.Position == "" {
		return n.Origin.File
	}
	return n.Origin.File + ":" + n.Origin.Position
}

func (n *Node) checkParams(in []tensor.Shape) error {
	var want []tensor.Shape
	if p, ok := n.Layer.(layer.Parametric); ok {
		want = p.ParamShapes(in)
	}
	if len(want) != len(n.Params) {
		return fmt.Errorf("%s needs %d weight tensor(s), the file has %d", n.Layer.Kind(), len(want), len(n.Params))
	}
	for i, p := range n.Params {
		if !p.Value.Dims().Equal(want[i]) {
			return fmt.Errorf("weights %q have shape %v, expected %v", p.Name, p.Value.Dims(), want[i])
		}
	}
	return nil
}
