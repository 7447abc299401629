package lower

import (
	"fmt"
	"slices"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// unknown keeps the node's place in the graph without a layer that could compute it, and says why if its operation is one
// that is known otherwise.
func (c *call) unknown(why string) error {
	l := layer.Unknown{Op: c.node.Op, Details: c.details(why)}
	n := &graph.Node{Name: c.node.Name, Layer: l, Origin: graph.Origin{File: c.def.File, Position: c.node.Position, Nodes: []string{c.node.Name}}}
	nhwc := false
	for _, in := range c.in {
		if in.value != nil && !in.value.isList {
			n.Inputs = append(n.Inputs, in.value.name)
			nhwc = nhwc || in.value.nhwc
		}
	}
	for i := range max(1, c.net.outputs[c.node]) {
		r := ref{c.node, i}
		v := &value{name: r.name(), nhwc: nhwc}
		c.setShape(v, i)
		n.Outputs = append(n.Outputs, v.name)
		c.add(r, v)
	}
	c.out.Nodes = append(c.out.Nodes, n)
	return nil
}

// setShape finds out what it can about the shape of an output: from what some writers note beside a node, or because the
// operation is one whose first output is like its input.
func (c *call) setShape(v *value, output int) {
	if s := c.declaredShape(output); s != nil {
		if v.nhwc = v.nhwc && len(s) == 4; v.nhwc {
			s = permuteShape(s, toCommon)
		}
		v.shape = s
		return
	}
	if output > 0 || !shapeKeeping[c.node.Op] {
		return
	}
	if like := c.broadcast(); like != nil {
		v.shape, v.nhwc = like.shape, like.nhwc
	}
}

func (c *call) declaredShape(output int) tensor.Shape {
	a := c.node.Attrs["_output_shapes"]
	if a == nil || output >= len(a.List) {
		return nil
	}
	return a.List[output].Shape
}

// shapeKeeping are operations that are not computed here and whose first output has the shape of their inputs, where
// smaller ones are repeated.
var shapeKeeping = set(
	"Abs", "Add", "AddN", "AddV2", "Ceil", "Cos", "Div", "Elu", "Erf", "Exp", "Expm1", "FakeQuantWithMinMaxVars", "Floor",
	"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "HardSigmoid", "LeakyRelu", "Log", "Log1p", "LogSoftmax", "Maximum",
	"Minimum", "Mul", "Neg", "Pow", "Reciprocal", "RealDiv", "Relu", "Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin",
	"Softmax", "Softplus", "Softsign", "Sqrt", "Square", "SquaredDifference", "Sub", "Tanh",
)

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, name := range names {
		m[name] = true
	}
	return m
}

// broadcast is the input that the others are fitted to, if they are no larger: smaller constants and values of one shape.
func (c *call) broadcast() *value {
	var like *value
	for _, in := range c.in {
		switch v := in.value; {
		case v == nil:
		case v.shape == nil, like != nil && (like.nhwc != v.nhwc || !like.shape.Equal(v.shape)):
			return nil
		default:
			like = v
		}
	}
	for _, in := range c.in {
		if like == nil || in.value == nil && !fits(in.constant, like) {
			return nil
		}
	}
	return like
}

// fits tells whether a constant is repeated over a value without enlarging it.
func fits(k *constant, v *value) bool {
	if k == nil || k.shape == nil || len(k.shape) > len(v.shape) {
		return false
	}
	stored := v.stored()
	for i := range k.shape {
		if d := k.shape[len(k.shape)-1-i]; d != 1 && d != stored[len(stored)-1-i] {
			return false
		}
	}
	return true
}

// details lists what the file says of a node, for people.
func (c *call) details(why string) []layer.Attribute {
	var list []layer.Attribute
	if why != "" {
		list = append(list, layer.Attribute{Name: "reason", Value: why})
	}
	for i, in := range c.in {
		if in.value == nil {
			list = append(list, layer.Attribute{Name: "input " + strconv.Itoa(i), Value: in.text()})
		}
	}
	var names []string
	for name := range c.node.Attrs {
		if name[:min(len(name), 1)] != "_" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		list = append(list, layer.Attribute{Name: name, Value: short(c.node.Attrs[name].String())})
	}
	return list
}

// text describes an input that does not depend on what is fed.
func (o operand) text() string {
	what := "computed from constants"
	if k := o.constant; k != nil && k.shape != nil {
		what = fmt.Sprintf("%v %v", k.dtype(), k.shape)
	}
	return o.ref.name() + " (" + what + ")"
}

// short keeps a text to what fits into a line.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
