package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// operand returns input i as a value. A constant becomes one by a node of its own, so that a gradient reaches it.
func (c *call) operand(i int) (*value, bool) {
	if i >= len(c.in) {
		return nil, false
	}
	return c.valueOf(c.in[i])
}

func (c *call) valueOf(o operand) (*value, bool) {
	if o.constant == nil {
		return o.value, o.value != nil
	}
	k := *o.constant
	if k.variable() {
		k.shape = c.variableShape(&k)
	}
	if _, whole := k.shape.CheckedLen(); k.shape == nil || !whole || k.dtype().Size() == 0 {
		return nil, false
	}
	return c.give(&k)
}

// give makes a constant a value, once for all who read it.
func (l *lowering) give(k *constant) (*value, bool) {
	if v := l.given[k.node]; v != nil {
		return v, true
	}
	v := &value{name: k.node.Name, shape: slices.Clone(k.shape)}
	n := &graph.Node{
		Name: v.name, Layer: layer.Constant{Shape: append(tensor.Shape{}, k.shape...)}, Outputs: []string{v.name},
		Origin: graph.Origin{File: l.def.File, Position: k.node.Position, Nodes: []string{k.node.Name}},
	}
	params := []weight{{constant: k}}
	if err := l.attach(n, params); err != nil {
		return nil, false
	}
	l.out.Nodes = append(l.out.Nodes, n)
	l.given[k.node] = v
	learn(n.Layer, nil, params, []*value{v})
	l.folded[n] = true
	return v, true
}
