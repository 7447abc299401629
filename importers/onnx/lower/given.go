package lower

import (
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// value returns input i as a value, a constant of numbers as a layer.Constant that all who read it share. It is not ok if the
// input is left out or no number.
func (c *call) value(i int) (*value, bool, error) {
	if c.omitted(i) {
		return nil, false, nil
	}
	if v := c.in[i].value; v != nil {
		return v, true, nil
	}
	return c.given(c.in[i].name, c.in[i].constant)
}

// given makes a constant a value of the name that ONNX has for it.
func (l *lowering) given(name string, k *constant) (*value, bool, error) {
	if v := l.givens[name]; v != nil {
		return v, true, nil
	}
	if k.dtype.Element().Size() == 0 {
		return nil, false, nil
	}
	t, err := l.load(k)
	if err != nil {
		return nil, false, err
	}
	if !k.dtype.IsFloat() && slices.ContainsFunc(tensor.As[float64](t).Data, math.IsNaN) {
		return nil, false, nil // an extent that is not known
	}
	v := l.fixed(name, t, k.dtype)
	l.givens[name] = v
	return v, true, nil
}

// fixed puts a tensor in as a value.
func (l *lowering) fixed(name string, t tensor.Any, d model.DType) *value {
	v := &value{name: name, shape: append(tensor.Shape{}, t.Dims()...), dtype: d}
	l.out.Nodes = append(l.out.Nodes, &graph.Node{
		Name: l.unusedNode(name), Layer: layer.Constant{Shape: v.shape.Clone()}, Outputs: []string{v.name},
		Params: []*graph.Param{{Name: name, Value: t}}, Origin: graph.Origin{File: l.model.File},
	})
	return v
}

// number puts a number in as a value for the node to read.
func (c *call) fixedNumber(suffix string, v float64, d model.DType) *value {
	return c.fixed(c.unused(c.node.Outputs[0]+suffix), tensor.From([]float64{v}), d)
}

// all returns all inputs as values. It is not ok if one is left out or no number.
func (c *call) all() ([]*value, bool, error) {
	var list []*value
	for i := range c.in {
		v, ok, err := c.value(i)
		if err != nil || !ok {
			return nil, false, err
		}
		list = append(list, v)
	}
	return list, len(list) > 0, nil
}
