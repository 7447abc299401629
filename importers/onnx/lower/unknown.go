package lower

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// unknown keeps the node's place in the graph without a layer that could compute it, and says why if its operation is one
// that is known otherwise.
func (c *call) unknown(why string) error {
	n := &graph.Node{Name: c.name, Layer: layer.Unknown{Op: c.node.Type(), Details: c.details(why)}, Origin: c.origin()}
	like := c.broadcast()
	for _, in := range c.operands() {
		if like == nil {
			in = c.as(in, false)
		}
		n.Inputs = append(n.Inputs, in.name)
	}
	for i, out := range c.node.Outputs {
		if out == "" {
			continue
		}
		v := &value{name: out}
		if i == 0 && like != nil {
			v.nhwc, v.shape = like.nhwc, like.shape
		}
		if d := c.declared[out]; d != nil {
			v.dtype = d.Type
		}
		if v.shape == nil {
			v.shape = c.declaredShape(out, false)
		}
		n.Outputs = append(n.Outputs, out)
		c.add(out, v)
	}
	c.out.Nodes = append(c.out.Nodes, n)
	return nil
}

// operands are the values that the node reads, those inside its branches and loops too.
func (c *call) operands() []*value {
	var list []*value
	for _, in := range c.in {
		if in.value != nil {
			list = append(list, in.value)
		}
	}
	for _, name := range c.net.captured[c.node] {
		if v := c.values[name]; v != nil && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// settle keeps an output that is a constant of numbers, all of which are known.
func (l *lowering) settle(name string, k *constant) (bool, error) {
	if k == nil || k.dtype.Element().Size() == 0 {
		return false, nil
	}
	v, err := l.load(k)
	if err != nil {
		return false, err
	}
	unknown := !k.dtype.IsFloat() && slices.ContainsFunc(tensor.As[float64](v).Data, math.IsNaN)
	if !unknown {
		l.out.Constants[name] = v
	}
	return !unknown, nil
}

// constantOutput makes a value of an output of the model that is constant, but not of numbers.
func (l *lowering) constantOutput(name string, k *constant) *value {
	l.out.Nodes = append(l.out.Nodes, &graph.Node{
		Name: l.unusedNode(name), Outputs: []string{name},
		Layer:  layer.Unknown{Op: "Constant", Details: []layer.Attribute{{Name: "value", Value: fmt.Sprintf("%v %v", k.dtype, k.shape)}}},
		Origin: graph.Origin{File: l.model.File, Nodes: []string{k.name}},
	})
	return &value{name: name, shape: k.shape, dtype: k.dtype}
}

// elementwise are operations that are not computed here and whose first output has the shape of their inputs, where smaller
// ones are repeated.
var elementwise = set(
	"Abs", "Acos", "Acosh", "Add", "And", "Asin", "Asinh", "Atan", "Atanh", "Cast", "Ceil", "Celu", "Clip", "Cos", "Cosh", "DequantizeLinear", "Div",
	"Elu", "Equal", "Erf", "Exp", "Floor", "Gelu", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LeakyRelu", "Less",
	"LessOrEqual", "Log", "Max", "Mean", "Min", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "QuantizeLinear", "Reciprocal", "Relu", "Round", "Selu",
	"Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Tan", "Tanh", "ThresholdedRelu", "Where", "Xor",
)

// broadcast is the value that the others are fitted to, if the operation keeps its shape and they are no larger.
func (c *call) broadcast() *value {
	if c.node.Domain != "" || !elementwise[c.node.Op] {
		return nil
	}
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
		if like == nil || in.value == nil && in.constant != nil && !fits(in.constant.shape, like) {
			return nil
		}
	}
	return like
}

// fits tells whether a constant is repeated over a value without enlarging it.
func fits(s tensor.Shape, v *value) bool {
	stored := v.stored()
	if len(s) > len(stored) {
		return false
	}
	for i := range s {
		if d := s[len(s)-1-i]; d != 1 && d != stored[len(stored)-1-i] {
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
		if in.value == nil && in.constant != nil {
			list = append(list, layer.Attribute{Name: "input " + strconv.Itoa(i), Value: fmt.Sprintf("%s (%v %v)", in.name, in.constant.dtype, in.constant.shape)})
		}
	}
	var names []string
	for name := range c.node.Attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		list = append(list, layer.Attribute{Name: name, Value: short(c.node.Attrs[name].String())})
	}
	return list
}

// short keeps a text to what fits into a line.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
