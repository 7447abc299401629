package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// activation is a function that a network may have in the place of another: layers from the input "x" to the last one's
// output.
type activation struct {
	name   string
	nodes  []*graph.Node
	stated bool // the candidate's graph has it
}

// otherActivations lists what the candidate may compute instead of a layer, one layer or several.
func otherActivations(n *graph.Node) []activation {
	if softmax, ok := n.Layer.(layer.Softmax); ok {
		return []activation{
			{name: "Sigmoid", nodes: []*graph.Node{step(layer.Sigmoid{}, "y", "x")}},
			{name: "LogSoftmax", nodes: []*graph.Node{step(layer.LogSoftmax(softmax), "y", "x")}},
		}
	}
	var list []activation
	for _, l := range []layer.Layer{
		layer.ReLU{}, layer.ELU{Alpha: 1}, layer.Tanh{}, layer.Sigmoid{}, layer.Softplus{}, layer.Swish{Beta: 1}, layer.Abs{},
		layer.Unary{Function: layer.SELU}, layer.Unary{Function: layer.Softsign}, layer.Softmax{Axis: 1},
	} {
		if l.Kind() != n.Layer.Kind() && !clips(l, n.Layer) {
			list = append(list, activation{name: activationName(l), nodes: []*graph.Node{step(l, "y", "x")}})
		}
	}
	return append(list, composed...)
}

func activationName(l layer.Layer) string {
	switch u, _ := l.(layer.Unary); u.Function {
	case layer.SELU:
		return "SELU"
	case layer.Softsign:
		return "Softsign"
	}
	return l.Kind()
}

func step(l layer.Layer, output string, inputs ...string) *graph.Node {
	return &graph.Node{Name: output, Layer: l, Inputs: inputs, Outputs: []string{output}}
}

func linear(scale, shift float64) layer.Power {
	return layer.Power{Power: 1, Scale: scale, Shift: shift}
}

// composed are the functions that no layer is.
var composed = []activation{
	{name: "GELU", nodes: []*graph.Node{ // x (1 + erf(x / sqrt 2)) / 2; Hendrycks and Gimpel 2016
		step(linear(1/math.Sqrt2, 0), "a", "x"), step(layer.Unary{Function: layer.Erf}, "b", "a"), step(linear(0.5, 0.5), "c", "b"), product("y", "x", "c"),
	}},
	{name: "GELU by tanh", nodes: []*graph.Node{ // x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2
		step(layer.Power{Power: 3, Scale: 1}, "a", "x"), step(linear(0.044715, 0), "b", "a"), step(layer.Eltwise{}, "c", "x", "b"),
		step(linear(math.Sqrt(2/math.Pi), 0), "d", "c"), step(layer.Tanh{}, "e", "d"), step(linear(0.5, 0.5), "f", "e"), product("y", "x", "f"),
	}},
	{name: "HardSwish", nodes: []*graph.Node{step(linear(1.0/6, 0.5), "a", "x"), step(layer.Clip{Max: 1}, "b", "a"), product("y", "x", "b")}},
	{name: "HardSigmoid", nodes: []*graph.Node{step(linear(1.0/6, 0.5), "a", "x"), step(layer.Clip{Max: 1}, "y", "a")}},
	{name: "HardSigmoid of slope 0.2", nodes: []*graph.Node{step(linear(0.2, 0.5), "a", "x"), step(layer.Clip{Max: 1}, "y", "a")}},
	{name: "Mish", nodes: []*graph.Node{step(layer.Softplus{}, "a", "x"), step(layer.Tanh{}, "b", "a"), product("y", "x", "b")}},
}

func product(output, a, b string) *graph.Node {
	return step(layer.Binary{Operation: layer.Product}, output, a, b)
}

// inPlaceOf returns the segment's nodes with an activation in the place of n.
func (s *Segment) inPlaceOf(n *graph.Node, a activation) []*graph.Node {
	named := map[string]string{"x": n.Inputs[0], "y": n.Outputs[0]}
	var nodes []*graph.Node
	for _, part := range a.nodes {
		changed := *part
		changed.Name, changed.Inputs, changed.Outputs = fmt.Sprintf("%s#%s", n.Name, part.Name), slices.Clone(part.Inputs), slices.Clone(part.Outputs)
		for _, values := range [][]string{changed.Inputs, changed.Outputs} {
			for i, v := range values {
				if own, ok := named[v]; ok {
					values[i] = own
				} else {
					values[i] = n.Name + "#" + v
				}
			}
		}
		nodes = append(nodes, &changed)
	}
	return s.With(n, nodes...)
}
