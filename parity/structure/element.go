package structure

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Element is a layer as people count them: a product with its padding, its bias and its normalisation is one, and what
// only passes numbers on is none.
type Element struct {
	Nodes  []*graph.Node // in order
	Main   *graph.Node   // the one that gives the element its name
	Output string        // the value that the last node writes

	class   class
	facts   []fact
	inputs  []*Element // nil for an input of the graph; plumbing is skipped
	outputs []string   // all values that other elements may read as this one's
	level   int        // how often the map was halved before
	place   int        // in the order of execution
}

// Name is what its framework calls the layer.
func (e *Element) Name() string { return e.Main.Name }

// Kernel is the window of a product, as in "3x3".
func (e *Element) Kernel() string { return e.fact(kernel) }

// fact is one thing that can be said of an element without its weights. Where shapes are not known it may come to another
// value as well.
type fact struct{ name, value, or string }

func (e *Element) fact(name string) string { return e.told(name).value }

// told is the fact of a name, an empty one for none.
func (e *Element) told(name string) fact {
	for _, f := range e.facts {
		if f.name == name {
			return f
		}
	}
	return fact{name: name}
}

// weight is what it costs to leave the element out: the fact that it is there, and what else is known of it.
func (e *Element) weight() cost { return cost(1+len(e.facts)) * aFact }

// listing collects the elements of a graph.
type listing struct {
	side      Side
	dynamic   map[string]bool // values that depend on what is fed
	producers map[string]*graph.Node
	consumers map[string][]*graph.Node
	writers   map[string]*Element
	elements  []*Element
}

// elementsOf lists a graph's elements in the order of execution.
func elementsOf(s Side) []*Element {
	l := &listing{side: s, dynamic: map[string]bool{}, producers: s.Graph.Producers(), consumers: s.Graph.Consumers(), writers: map[string]*Element{}}
	for _, in := range s.Graph.Inputs {
		l.dynamic[in.Name] = true
	}
	for _, n := range s.Graph.Nodes {
		if read := l.read(n); len(read) > 0 {
			for _, v := range n.Outputs {
				l.dynamic[v] = true
			}
			l.visit(n, read)
		}
	}
	for i, e := range l.elements {
		e.place, e.level = i, l.levelOf(e.Output)
	}
	return l.elements
}

// read lists the values that a node reads and that are no constants.
func (l *listing) read(n *graph.Node) []string {
	var list []string
	for _, v := range n.Inputs {
		if l.dynamic[v] {
			list = append(list, v)
		}
	}
	return list
}

// visit makes an element of a node, or a part of the one before it.
func (l *listing) visit(n *graph.Node, read []string) {
	before := l.writers[read[0]]
	switch {
	case plumbing(n) && len(read) == 1, l.padsOnly(n):
		for _, v := range n.Outputs {
			l.writers[v] = before
		}
	case len(read) == 1 && affine(n) != "" && before != nil && before.class == products && before.Output == read[0] && len(l.consumers[read[0]]) == 1:
		l.append(before, n)
	default:
		l.add(n, read)
	}
}

func (l *listing) append(e *Element, n *graph.Node) {
	e.Nodes, e.Output, e.outputs = append(e.Nodes, n), n.Outputs[0], n.Outputs[:1]
	l.writers[e.Output] = e
	for i, f := range e.facts {
		if f.name == normalisation && rank(affine(n)) > rank(f.value) {
			e.facts[i].value = affine(n)
		}
	}
}

func (l *listing) add(n *graph.Node, read []string) {
	e := &Element{Nodes: []*graph.Node{n}, Main: n, Output: n.Outputs[0], outputs: n.Outputs}
	if pad := l.producers[read[0]]; pad != nil && l.padsOnly(pad) {
		e.Nodes = []*graph.Node{pad, n}
	}
	for _, v := range read {
		e.inputs = append(e.inputs, l.writers[v])
	}
	e.class, e.facts = describe(n, l.mapOf(read[0]), l.side.Shapes[e.Output], len(read))
	for _, v := range n.Outputs {
		l.writers[v] = e
	}
	l.elements = append(l.elements, e)
}

// mapOf is the shape that a value had before it was written as a list.
func (l *listing) mapOf(value string) tensor.Shape {
	shape := l.side.Shapes[value]
	for n := l.producers[value]; n != nil && plumbing(n); n = l.producers[value] {
		value = n.Inputs[0]
	}
	if before := l.side.Shapes[value]; len(before) == 4 && before.Len() == shape.Len() {
		return before
	}
	return shape
}

// padsOnly reports whether a node adds the padding of the one layer that reads it.
func (l *listing) padsOnly(n *graph.Node) bool {
	if _, pads := n.Layer.(layer.Pad); !pads || len(l.consumers[n.Outputs[0]]) != 1 {
		return false
	}
	switch l.consumers[n.Outputs[0]][0].Layer.(type) {
	case layer.Convolution, layer.MaxPool, layer.AveragePool:
		return true
	}
	return false
}

// levelOf is how often the height was halved on the way to a value; one without a map is behind them all.
func (l *listing) levelOf(value string) int {
	const behind = 99
	out := l.side.Shapes[value]
	for _, in := range l.side.Graph.Inputs {
		if s := l.side.Shapes[in.Name]; len(s) == 4 && len(out) == 4 && s[2] > 0 && out[2] > 1 {
			return int(math.Round(math.Log2(float64(s[2]) / float64(out[2]))))
		}
	}
	return behind
}

// plumbing reports whether a node's output holds the numbers of its input.
func plumbing(n *graph.Node) bool {
	switch l := n.Layer.(type) {
	case layer.Dropout:
		return !l.Active
	case layer.Identity, layer.Reshape, layer.Permute, layer.Cast, layer.Broadcast:
		return true
	}
	return false
}

// What a product ends in, from least to most: each can express what stands before it.
const (
	none      = "nothing"
	biased    = "a bias"
	scaled    = "a scale"
	batchNorm = "batch normalisation"
)

func rank(ending string) int { return slices.Index([]string{none, biased, scaled, batchNorm}, ending) }

// affine names the map, of every channel for itself, that a node applies; empty for other nodes.
func affine(n *graph.Node) string {
	switch l := n.Layer.(type) {
	case layer.Bias, layer.AddAlong:
		return biased
	case layer.Scale, layer.ScaleAlong:
		return scaled
	case layer.BatchNorm:
		if !l.Batch {
			return batchNorm
		}
	case layer.FusedBatchNorm:
		if !l.Batch {
			return batchNorm
		}
	case layer.Binary:
		switch l.Operation {
		case layer.Sum, layer.Difference:
			return biased
		case layer.Product, layer.Quotient:
			return scaled
		}
	}
	return ""
}

// describe says what is known of a node that reads a value of shape in and others.
func describe(n *graph.Node, in, out tensor.Shape, reads int) (class, []fact) {
	switch l := n.Layer.(type) {
	case layer.Convolution:
		return products, product(l.Window, l.Outputs, l.Groups, ending(l.Bias), out)
	case layer.InnerProduct:
		return products, product(whole(in), l.Outputs, 1, ending(l.Bias), out)
	case layer.MatMul:
		if reads == 1 && len(out) > 0 {
			return products, product(whole(in), out[len(out)-1], 1, none, out)
		}
	case layer.MaxPool:
		return pools, pool("maximum", l.Pool, in, out)
	case layer.AveragePool:
		return pools, pool("average", l.Pool, in, out)
	case layer.Reduce:
		if l.Reducer == layer.ReduceMean && slices.Equal(l.Axes, []int{2, 3}) {
			return pools, pool("average", layer.Pool{Global: true}, in, out)
		}
	case layer.Concat:
		return joins, []fact{{name: "operation", value: "concatenation along axis " + strconv.Itoa(l.Axis)}}
	case layer.Eltwise:
		return joins, []fact{{name: "operation", value: l.Combination.String()}}
	case layer.Binary:
		if reads > 1 {
			return joins, []fact{{name: "operation", value: string(l.Operation)}}
		}
	case layer.ReLU, layer.Clip, layer.ELU, layer.Sigmoid, layer.Tanh, layer.Swish, layer.Softplus:
		return activations, append([]fact{{name: "function", value: n.Layer.Kind()}}, attributes(n)...)
	}
	if a := affine(n); a != "" && reads == 1 {
		return affines, []fact{{name: "kind", value: a}}
	}
	return class(n.Layer.Kind()), attributes(n)
}

// attributes lists a layer's settings as it describes them itself.
func attributes(n *graph.Node) (list []fact) {
	if d, ok := n.Layer.(layer.Described); ok {
		for _, a := range d.Attributes() {
			if a.Name != "gradient" && a.Name != "limits" { // these are for training
				list = append(list, fact{name: a.Name, value: a.Value})
			}
		}
	}
	return list
}

func ending(bias bool) string {
	if bias {
		return biased
	}
	return none
}

// whole is the window of a fully connected layer: all of the map.
func whole(in tensor.Shape) layer.Window {
	w := layer.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	if len(in) == 4 {
		w.Kernel = [2]int{in[2], in[3]}
	}
	return w
}

// Names of facts that more than one place speaks of.
const (
	kernel        = "kernel"
	wholeMap      = "the whole map"
	outputs       = "outputs"
	classes       = "classes" // the outputs of the last product
	normalisation = "normalisation"
)

// product leaves out the stride of a window that fits once: it has none. Padding is not told: how a framework says it
// depends on the size of the map.
func product(w layer.Window, n, groups int, ending string, out tensor.Shape) []fact {
	if single(out) {
		w.Stride = [2]int{1, 1}
	}
	list := []fact{{name: kernel, value: pair(w.Kernel)}, {name: outputs, value: strconv.Itoa(n)}, {name: normalisation, value: ending}}
	for _, f := range []fact{{name: "stride", value: pair(w.Stride)}, {name: "dilation", value: pair(w.Dilation)}, {name: "groups", value: strconv.Itoa(groups)}} {
		if f.value != usual[f.name] {
			list = append(list, f)
		}
	}
	return list
}

// usual are settings that go without saying: that two layers have them in common makes them no more alike.
var usual = map[string]string{"stride": "1x1", "dilation": "1x1", "groups": "1"}

// pool calls a window global that covers the whole map, whatever the size of that is.
func pool(kind string, p layer.Pool, in, out tensor.Shape) []fact {
	size, stride := fact{name: kernel, value: pair(p.Kernel)}, fact{name: "stride", value: pair(p.Stride)}
	if in == nil {
		size.or, stride.or = wholeMap, "none"
	}
	if p.Global || single(out) && len(in) == 4 && p.Kernel[0] >= in[2] && p.Kernel[1] >= in[3] {
		size.value, stride.value = wholeMap, "none"
	}
	return []fact{{name: "function", value: kind}, size, stride}
}

func single(s tensor.Shape) bool { return len(s) == 2 || len(s) == 4 && s[2] == 1 && s[3] == 1 }

func pair(v [2]int) string { return fmt.Sprintf("%dx%d", v[0], v[1]) }
