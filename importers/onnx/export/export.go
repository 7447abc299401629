// Package export writes the common graph as a model of ONNX, with the semantics that the source framework has: padding is explicit
// and may differ from side to side, pools that round up get the padding that makes the same windows, and what ONNX has no operation
// for is put together from those that it has.
package export

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// Opset is the version of ONNX's operations that models are written for, and ir that of the format that goes with it.
const (
	Opset = 13
	ir    = 7
)

// Export writes a graph for inputs of the given shapes; all numbers are float32. Values keep their names, nodes those of the graph's.
// A layer that ONNX cannot express is an error that names it and says why.
func Export(g *graph.Graph, inputs map[string]tensor.Shape) (*model.Model, error) {
	g = g.TakenApart(func(n *graph.Node) bool { return writers[n.Layer.Kind()] == nil })
	shapes, err := g.Shapes(inputs)
	if err != nil {
		return nil, err
	}
	e := &exporter{shapes: shapes, taken: map[string]bool{}, stored: map[string]string{}, graph: &model.Graph{Name: g.Name}}
	if e.graph.Name == "" {
		e.graph.Name = "network"
	}
	e.reserve(g)
	for _, in := range g.Inputs {
		e.graph.Inputs = append(e.graph.Inputs, &model.Value{Name: in.Name, Type: model.Float, Shape: shapes[in.Name]})
	}
	for _, n := range g.Nodes {
		if err := e.node(n); err != nil {
			return nil, err
		}
	}
	for _, out := range g.Outputs {
		e.graph.Outputs = append(e.graph.Outputs, &model.Value{Name: out, Type: model.Float, Shape: known(shapes[out])})
	}
	return &model.Model{IR: ir, Producer: "parity", Opsets: map[string]int{"": Opset}, Graph: e.graph}, nil
}

// known is the shape of a value of any rank, where nil stands for an unknown one.
func known(s tensor.Shape) tensor.Shape {
	if s == nil {
		return tensor.Shape{}
	}
	return s
}

type exporter struct {
	shapes map[string]tensor.Shape
	graph  *model.Graph
	taken  map[string]bool   // names of values
	stored map[string]string // names of numbers that are stored already, by what they are
}

// reserve takes the names of the graph's values, which nothing in between may have.
func (e *exporter) reserve(g *graph.Graph) {
	for _, in := range g.Inputs {
		e.taken[in.Name] = true
	}
	for _, n := range g.Nodes {
		for _, v := range n.Outputs {
			e.taken[v] = true
		}
	}
}

// unused is a name that no value has: the wanted one, or that with a number behind it.
func (e *exporter) unused(name string) string {
	free := name
	for i := 1; e.taken[free]; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
	}
	e.taken[free] = true
	return free
}

// node writes what one node computes.
func (e *exporter) node(n *graph.Node) error {
	write := writers[n.Layer.Kind()]
	w := &writer{exporter: e, node: n, first: len(e.graph.Nodes)}
	for _, v := range n.Inputs {
		w.in = append(w.in, e.shapes[v])
	}
	for _, v := range n.Outputs {
		w.out = append(w.out, e.shapes[v])
	}
	if write == nil {
		return w.errorf("ONNX has no operation for it, nor is one put together from others")
	}
	values, err := write(w)
	if err != nil {
		return err
	}
	if len(values) < len(n.Outputs) {
		return w.errorf("only the first %d of its %d outputs can be written", len(values), len(n.Outputs))
	}
	for i, v := range n.Outputs {
		w.publish(values[i], v)
	}
	return nil
}

// writer writes one node.
type writer struct {
	*exporter
	node    *graph.Node
	in, out []tensor.Shape
	first   int // of the operations that were written for it
}

func (w *writer) errorf(format string, args ...any) error {
	place := w.node.Origin.File
	if place != "" && w.node.Origin.Position != "" {
		place += ":" + w.node.Origin.Position
	}
	if place != "" {
		place += ": "
	}
	return fmt.Errorf("%slayer %q (%s) cannot be written as ONNX: %s", place, w.node.Name, w.node.Layer.Kind(), fmt.Sprintf(format, args...))
}

// input is the value that the node reads at a place.
func (w *writer) input(i int) string { return w.node.Inputs[i] }

// op writes an operation with one output, whose name it returns.
func (w *writer) op(op string, attrs []*model.Attr, inputs ...string) string {
	return w.ops(op, 1, attrs, inputs...)[0]
}

// ops writes an operation with several outputs.
func (w *writer) ops(op string, outputs int, attrs []*model.Attr, inputs ...string) []string {
	n := &model.Node{Op: op, Inputs: inputs, Attrs: map[string]*model.Attr{}}
	for _, a := range attrs {
		n.Attrs[a.Name] = a
	}
	for range outputs {
		n.Outputs = append(n.Outputs, w.unused(fmt.Sprintf("%s/%s", w.node.Outputs[0], op)))
	}
	n.Name = n.Outputs[0]
	w.graph.Nodes = append(w.graph.Nodes, n)
	return slices.Clone(n.Outputs)
}

// publish gives a value the name of the node's output. What was not computed here, or is another output too, is passed on.
func (w *writer) publish(value, name string) {
	own := w.graph.Nodes[w.first:]
	writes := func(n *model.Node) bool { return slices.Contains(n.Outputs, value) }
	i := slices.IndexFunc(own, writes)
	if i < 0 || slices.Contains(w.node.Outputs, value) {
		value = w.op("Identity", nil, value)
		i, own = len(w.graph.Nodes)-1-w.first, w.graph.Nodes[w.first:]
	}
	for _, n := range own {
		rename(n.Inputs, value, name)
		rename(n.Outputs, value, name)
	}
	if name == w.node.Outputs[0] {
		own[i].Name = w.node.Name
	}
}

func rename(list []string, from, to string) {
	for i, v := range list {
		if v == from {
			list[i] = to
		}
	}
}

// one makes a writer for a layer with one output.
func one[L layer.Layer](f func(*writer, L) (string, error)) func(*writer) ([]string, error) {
	return func(w *writer) ([]string, error) {
		v, err := f(w, w.node.Layer.(L))
		return []string{v}, err
	}
}

// several makes a writer for a layer with several outputs.
func several[L layer.Layer](f func(*writer, L) ([]string, error)) func(*writer) ([]string, error) {
	return func(w *writer) ([]string, error) { return f(w, w.node.Layer.(L)) }
}

// plain makes a writer for a layer that is one operation without settings.
func plain(op string) func(*writer) ([]string, error) {
	return func(w *writer) ([]string, error) { return []string{w.op(op, nil, w.node.Inputs...)}, nil }
}
