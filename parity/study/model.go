package study

import (
	"fmt"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// Model is the network that is studied.
type Model struct {
	Side    string // as the user named it
	Files   []parity.File
	Graph   *graph.Graph
	Input   string
	Image   tensor.Shape // channels, height and width of an image
	Output  string       // one number for each class
	Feature string       // what retrieval compares
}

// NewModel finds what a study reads of a network: its one input, its output and, unless they are named, the feature, which is
// what the last layer with weights reads. An input of open size is fed images of the given one.
func NewModel(g *graph.Graph, output, feature string, size tensor.Shape) (*Model, error) {
	m := &Model{Graph: g, Output: output, Feature: feature}
	fed := g.Fed()
	if len(fed) != 1 || len(g.Inputs) != 1 {
		return nil, fmt.Errorf("a study feeds networks with one input; this one has %d", len(g.Inputs))
	}
	m.Input = fed[0].Name
	var err error
	if m.Image, err = imageShape(fed[0].Shape, size); err != nil {
		return nil, err
	}
	if m.Output == "" {
		if m.Output, err = onlyOutput(g); err != nil {
			return nil, err
		}
	}
	if m.Feature == "" {
		if m.Feature, err = featureBefore(g, m.Output); err != nil {
			return nil, err
		}
	}
	shapes, err := g.Shapes(m.shapes(1))
	if err != nil {
		return nil, err
	}
	for flag, value := range map[string]string{"--output": m.Output, "--features": m.Feature} {
		if shapes[value] == nil {
			return nil, fmt.Errorf("%s %s: the network has no such value; 'parity inspect' lists them", flag, value)
		}
	}
	if s := shapes[m.Output]; s[1:].Len() < 2 {
		return nil, fmt.Errorf("the output %q is %v for an image; expected a number for each of several classes", m.Output, s)
	}
	return m, nil
}

func imageShape(declared, size tensor.Shape) (tensor.Shape, error) {
	if len(declared) != 4 || declared[1] != 3 && declared[1] != -1 {
		return nil, fmt.Errorf("a study feeds photos to an input of images x 3 x height x width; this one is %v", declared)
	}
	s := tensor.Shape{3, declared[2], declared[3]}
	for i := 1; i < 3; i++ {
		if s[i] < 0 && len(size) == 2 {
			s[i] = size[i-1]
		}
		if s[i] < 1 {
			return nil, fmt.Errorf("the input leaves its size open (%v): say which with --size HxW", declared)
		}
	}
	return s, nil
}

func onlyOutput(g *graph.Graph) (string, error) {
	if len(g.Outputs) != 1 {
		return "", fmt.Errorf("the network has %d outputs (%s): say which one holds the classes with --output NAME", len(g.Outputs), strings.Join(g.Outputs, ", "))
	}
	return g.Outputs[0], nil
}

// featureBefore is what the last layer with weights before an output reads.
func featureBefore(g *graph.Graph, output string) (string, error) {
	producers := g.Producers()
	for value := output; ; {
		n := producers[value]
		if n == nil || len(n.Inputs) == 0 {
			return "", fmt.Errorf("no layer with weights leads to the output %q: name the features with --features VALUE", output)
		}
		value = n.Inputs[0]
		if len(n.Params) > 0 {
			return value, nil
		}
	}
}

// shapes is what n images are fed as.
func (m *Model) shapes(n int) map[string]tensor.Shape {
	return map[string]tensor.Shape{m.Input: append(tensor.Shape{n}, m.Image...)}
}

// change is what a variant makes of a node: nil leaves it as it is. The nodes must write what it wrote.
type change func(n *graph.Node, in tensor.Shape) []*graph.Node

// edit returns the network with some nodes changed, and the names of those. A pool that covers its whole map goes on to do so
// where the map has another size.
func (m *Model) edit(f change) (*graph.Graph, []string, error) {
	before, err := m.Graph.Shapes(m.shapes(1))
	if err != nil {
		return nil, nil, err
	}
	g := *m.Graph
	g.Nodes = nil
	var changed []string
	now := m.shapes(1)
	for _, n := range m.Graph.Nodes {
		nodes := []*graph.Node{n}
		if len(n.Inputs) > 0 && len(now[n.Inputs[0]]) == 4 {
			in := now[n.Inputs[0]]
			if l := refitted(n, before[n.Inputs[0]], in); l != nil {
				nodes[0] = with(n, l)
			}
			if made := f(nodes[0], in); made != nil {
				nodes, changed = made, append(changed, n.Name)
			}
		}
		for _, n := range nodes {
			out, err := n.Shapes(now)
			if err != nil {
				return nil, nil, err
			}
			for i, v := range n.Outputs {
				now[v] = out[i]
			}
		}
		g.Nodes = append(g.Nodes, nodes...)
	}
	return &g, changed, nil
}

// with is a node with another layer.
func with(n *graph.Node, l layer.Layer) *graph.Node {
	c := *n
	c.Layer, c.Parts = l, nil
	return &c
}

// refitted is a pool over a whole map for a map of another size; nil where that is not what the node is.
func refitted(n *graph.Node, before, now tensor.Shape) layer.Layer {
	p, ok := n.Layer.(layer.AveragePool)
	if !ok || p.Global || len(before) != 4 || before.Equal(now) || p.Kernel != [2]int{before[2], before[3]} {
		return nil
	}
	p.Kernel, p.Padding = [2]int{now[2], now[3]}, layer.Padding{}
	return p
}
