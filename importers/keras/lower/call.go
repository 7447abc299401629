package lower

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/keras/config"
	"parity/importers/keras/weights"
)

// call is the lowering of one call of a layer.
type call struct {
	*lowering
	scope *scope
	layer *config.Layer
	// arguments are what else the layer is called with, by name.
	arguments config.Settings
	in        []*value
	// constants are operands that no layer computes, by their place among all operands.
	constants map[int]any
	last      bool // maps have their channels last
	compute   layer.Number
	name      string // of the output
	numbered  int    // weights so far
	// transforms are what was done to weights since the last layer was appended.
	transforms []string
}

// turn is a change of a weight's layout, and its name for people.
type turn struct {
	name string
	to   func(tensor.Any) tensor.Any
}

// asIs leaves a weight as it is.
var asIs turn

// call lowers one call of a layer. A layer whose class is not known keeps its place.
func (l *lowering) call(s *scope, u use, in []*value) ([]*value, error) {
	if u.layer.Inner != nil {
		return l.inner(s, u.layer, in)
	}
	if u.layer.Class == "InputLayer" {
		v, err := l.inputLayer(s, u.layer)
		return []*value{v}, err
	}
	c := &call{lowering: l, scope: s, layer: u.layer, in: in, name: l.unused(strings.Join(append(slices.Clone(s.path), u.layer.Name), "/"))}
	if u.call < len(u.layer.Calls) {
		c.arguments, c.constants = u.layer.Calls[u.call].Arguments, u.layer.Calls[u.call].Constants
	}
	if len(in) == 0 {
		return nil, u.layer.Errorf("it is called with nothing")
	}
	if err := c.format(); err != nil {
		return nil, err
	}
	c.castInputs()
	v, err := c.inPrecision(c.lowerClass)
	if err != nil {
		return nil, err
	}
	if v.name != c.name { // what passes its input on
		l.out.Aliases[c.name] = v.name
	}
	return []*value{v}, nil
}

// lowerClass lowers the layer by its class.
func (c *call) lowerClass() (*value, error) {
	table := classes
	if c.isOperator() {
		table = operators
	}
	if lower, known := table[c.layer.Class]; known {
		return lower(c)
	}
	return c.unknown("")
}

// isOperator tells an operation of Keras 3 from the layer of that name: by its module or, where that is not noted, by what only
// layers have.
func (c *call) isOperator() bool {
	_, trained := c.layer.Settings["trainable"]
	return strings.Contains(c.layer.Module, ".ops.") || c.layer.Module == "" && c.model.Version >= 3 && !c.scope.model.Sequential && !trained && operators[c.layer.Class] != nil
}

// format puts maps into the order of axes that the layer says it works on. One that does not say works on whatever it gets.
func (c *call) format() error {
	said, err := c.layer.Text("data_format")
	if err != nil {
		return err
	}
	switch {
	case said == "channels_first" || said == "channels_last":
		c.last = said == "channels_last"
	case len(c.in[0].shape) == 4:
		c.last = c.in[0].nhwc
		return nil
	default:
		c.last = !c.channelsFirst
		return nil
	}
	for i, x := range c.in {
		if len(x.shape) == 4 && c.layer.Class != "Flatten" {
			c.in[i] = c.reordered(x, c.last)
		}
	}
	return nil
}

// inner lowers a model within the model.
func (l *lowering) inner(s *scope, layer *config.Layer, in []*value) ([]*value, error) {
	inner := &scope{model: layer.Inner, path: append(slices.Clone(s.path), layer.Name), group: s.groups[layer] + "/layers", places: append(slices.Clip(s.places), s.place(layer))}
	out, err := l.run(inner, in)
	for i, v := range out {
		name := strings.Join(inner.path, "/")
		if i > 0 {
			name += ":" + strconv.Itoa(i)
		}
		if !l.names[name] {
			l.out.Aliases[l.unused(name)] = v.name
		}
	}
	return out, err
}

func (l *lowering) inputLayer(s *scope, layer *config.Layer) (*value, error) {
	for _, setting := range []string{"batch_shape", "batch_input_shape"} {
		shape, err := layer.Ints(setting)
		if err != nil {
			return nil, err
		}
		if shape != nil {
			return l.input(strings.Join(append(slices.Clone(s.path), layer.Name), "/"), shape), nil
		}
	}
	return nil, layer.Errorf("expected a batch_shape or batch_input_shape, found none")
}

// emit appends a layer under a name and returns what it computes.
func (c *call) emit(name string, l layer.Layer, params []*graph.Param, in ...*value) *value {
	n := &graph.Node{
		Name: name, Layer: l, Outputs: []string{name}, Params: params,
		Origin: graph.Origin{File: c.layer.File, Nodes: []string{c.layer.Name}, Transforms: c.transforms},
	}
	c.transforms = nil
	v := &value{name: name, nhwc: c.last, number: c.compute}
	var shapes []tensor.Shape
	for _, x := range in {
		n.Inputs = append(n.Inputs, x.name)
		shapes = append(shapes, x.shape)
	}
	for _, p := range params {
		if p == nil { // its value is missing
			n.Params = nil
		}
	}
	v.shape = graph.InferOpen(l, shapes)
	c.out.Nodes = append(c.out.Nodes, n)
	return c.note(v)
}

// between appends a layer that stands before the one that gives the output its name.
func (c *call) between(suffix string, l layer.Layer, params []*graph.Param, in ...*value) *value {
	return c.emit(c.unused(c.name+"/"+suffix), l, params, in...)
}

// reordered is a value with the elements in Keras's order, or back: where a map is flattened the order of axes matters.
func (c *call) reordered(v *value, nhwc bool) *value {
	if v.nhwc == nhwc || len(v.shape) != 4 {
		return v
	}
	suffix, axes := "NHWC", fromCommon
	if nhwc {
		suffix, axes = "NCHW", toCommon
	}
	out := c.between(suffix, layer.Permute{Axes: slices.Clone(axes)}, nil, v)
	delete(c.out.Values, out.name)
	if out.nhwc = nhwc; nhwc {
		c.note(out)
	}
	return out
}

// wanted is the shape of a weight as Keras has it, -1 for an extent that is not known.
type wanted tensor.Shape

// param finds a weight of the layer and turns it into the layout of ours. Weights have to be asked for in the order that Keras
// has them in.
func (c *call) param(names []string, shape wanted, turn turn) (*graph.Param, error) {
	number := c.numbered
	c.numbered++
	path := append(slices.Clone(c.scope.path), c.layer.Name)
	key := strings.Join(path, "/") + "/" + names[0]
	if p, known := c.params[key]; known {
		return p, nil
	}
	c.params[key] = nil
	if c.weights == nil {
		c.missing = append(c.missing, key)
		return nil, nil
	}
	v, err := c.weights.Find(weights.Wanted{Layers: path, Group: c.scope.groups[c.layer], Names: names, Number: number, Places: append(slices.Clip(c.scope.places), c.scope.place(c.layer))})
	if err != nil {
		return nil, err
	}
	if v == nil {
		c.missing = append(c.missing, key)
		return nil, nil
	}
	if !shape.is(v.Dims()) {
		return nil, c.layer.Errorf("its %s should have the shape %v, found %v in %s: they belong to another model", names[0], tensor.Shape(shape), v.Dims(), c.weights.Place())
	}
	if turn.to != nil {
		v = turn.to(v)
	}
	if turn.name != "" {
		c.transforms = append(c.transforms, turn.name)
	}
	v = c.roundedWeight(v)
	p := &graph.Param{Name: key, Value: v}
	c.params[key] = p
	return p, nil
}

func (w wanted) is(s tensor.Shape) bool {
	return slices.EqualFunc(w, s, func(a, b int) bool { return a < 0 || a == b })
}

// single checks that the layer is called with one value of a rank.
func (c *call) single(rank int) (*value, bool) {
	if len(c.in) != 1 || len(c.in[0].shape) != rank {
		return nil, false
	}
	return c.in[0], true
}

// unknown keeps the layer's place without anything that could compute it, and says why if its class is one that is known
// otherwise.
func (c *call) unknown(why string) (*value, error) {
	l := layer.Unknown{Op: c.layer.Class}
	if why != "" {
		l.Details = append(l.Details, layer.Attribute{Name: "reason", Value: why})
	}
	for _, name := range []string{"function", "axis", "units", "filters", "kernel_size", "strides", "padding", "activation", "size", "interpolation"} {
		if v := c.layer.Settings[name]; v != nil {
			l.Details = append(l.Details, layer.Attribute{Name: name, Value: short(fmt.Sprint(v))})
		}
	}
	return c.emit(c.name, l, nil, c.in...), nil
}

// short keeps a text to what fits into a line.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strconv.Quote(s[:most]) + "..."
}
