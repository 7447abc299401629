package engine

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// plan is what a run saves: passes over memory that nobody sees.
type plan struct {
	// floors maps a convolution to the ReLU that it computes as well, and absorbed holds those.
	floors   map[*graph.Node]*graph.Node
	absorbed map[*graph.Node]bool
	// joins are values that are joined from others, with their shapes, and parts where the others lie in them.
	joins map[string]tensor.Shape
	parts map[string]part
}

// part is a place in a joined value: its first channel.
type part struct {
	of    string
	first int
}

// newPlan looks for what nobody sees: neither who asks for values to be kept nor who watches nodes.
func newPlan(g *graph.Graph, inputs map[string]tensor.Shape, line int, readers map[string]int, keep func(string) bool, watches func(*graph.Node) bool) plan {
	p := plan{floors: map[*graph.Node]*graph.Node{}, absorbed: map[*graph.Node]bool{}, joins: map[string]tensor.Shape{}, parts: map[string]part{}}
	shapes, producers := knownShapes(g, inputs), g.Producers()
	for _, n := range g.Nodes {
		in := shapesOf(n.Inputs, shapes)
		if in == nil || blockwise(n, in, line) == nil {
			continue
		}
		switch n.Layer.(type) {
		case layer.ReLU:
			of := producers[n.Inputs[0]]
			if of != nil && !n.Flush && !of.Flush && readers[n.Inputs[0]] == 1 && !keep(n.Inputs[0]) && !watches(of) && !watches(n) && convolves(of, shapes, line) {
				p.floors[of], p.absorbed[n] = n, true
			}
		case layer.Concat:
			p.join(n, shapes, line, producers)
		}
	}
	return p
}

// join gives the inputs of a concatenation their places in its output, but for those that have one already.
func (p *plan) join(n *graph.Node, shapes map[string]tensor.Shape, line int, producers map[string]*graph.Node) {
	whole := n.Outputs[0]
	first := 0
	for _, v := range n.Inputs {
		_, taken := p.parts[v]
		_, joined := p.joins[v]
		if of := producers[v]; of != nil && !taken && !joined {
			if in := shapesOf(of.Inputs, shapes); in != nil && blockwise(of, in, line) != nil {
				p.parts[v] = part{whole, first}
			}
		}
		first += shapes[v][1]
	}
	p.joins[whole] = shapes[whole]
}

func convolves(n *graph.Node, shapes map[string]tensor.Shape, line int) bool {
	_, ok := n.Layer.(layer.Convolution)
	in := shapesOf(n.Inputs, shapes)
	return ok && in != nil && blockwise(n, in, line) != nil
}

// outputs are the values that a node writes: with a ReLU absorbed, those of the ReLU.
func (p plan) outputs(n *graph.Node) []string {
	if floor := p.floors[n]; floor != nil {
		return floor.Outputs
	}
	return n.Outputs
}

// knownShapes infers shapes as far as they do not depend on values, without complaint.
func knownShapes(g *graph.Graph, inputs map[string]tensor.Shape) map[string]tensor.Shape {
	shapes := map[string]tensor.Shape{}
	for name, s := range inputs {
		shapes[name] = s
	}
	for _, n := range g.Nodes {
		in := shapesOf(n.Inputs, shapes)
		if _, depends := n.Layer.(layer.DataDependent); depends || in == nil {
			continue
		}
		if out, err := n.Layer.Infer(in); err == nil && len(out) == len(n.Outputs) {
			for i, v := range n.Outputs {
				shapes[v] = out[i]
			}
		}
	}
	return shapes
}

// shapesOf returns the shapes of values, nil where one is not known.
func shapesOf(values []string, shapes map[string]tensor.Shape) []tensor.Shape {
	list := make([]tensor.Shape, len(values))
	for i, v := range values {
		if list[i] = shapes[v]; list[i] == nil {
			return nil
		}
	}
	return list
}
