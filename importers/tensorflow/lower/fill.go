package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
)

// fill repeats one number to a shape.
func fill(c *call) error {
	if like, number, ok := c.likeness(); ok {
		return c.fillLike(like, number)
	}
	x, ok := c.operand(1)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	if err := c.repeat(c.ranked(x, 0), 0); err != nil {
		return err
	}
	return c.noteUniform()
}

// noteUniform notes the number that a vector of open length consists of, for whom that is enough: nothing else is left of it then.
func (c *call) noteUniform() error {
	n := c.out.Nodes[len(c.out.Nodes)-1]
	if _, open := n.Layer.(layer.Unknown); !open || c.in[1].constant == nil || c.in[1].constant.variable() {
		return nil
	}
	v, err := c.in[1].constant.tensor.Value()
	if err != nil || v.Dims().Len() != 1 {
		return err
	}
	c.uniform[ref{c.node, 0}] = tensor.As[float64](v).Data[0]
	c.fold(n)
	return nil
}

// likeness finds a value whose shape a Fill repeats a constant number to, and which has an extent that is not known, as ones_like
// does.
func (c *call) likeness() (like *value, number float64, ok bool) {
	if len(c.in) != 2 || c.in[0].value == nil || c.in[1].constant == nil || c.in[1].constant.variable() {
		return nil, 0, false
	}
	shape := c.net.source(c.in[0].ref)
	if shape.Op != "Shape" || len(c.net.inputs[shape]) != 1 {
		return nil, 0, false
	}
	v, err := c.in[1].constant.tensor.Value()
	like = c.values[c.net.follow(c.net.inputs[shape][0])]
	if err != nil || v.Dims().Len() != 1 || like == nil || !slices.Contains(like.shape, -1) {
		return nil, 0, false
	}
	return like, tensor.As[float64](v).Data[0], true
}

// fillLike makes zeros, and of these the number.
func (c *call) fillLike(like *value, number float64) error {
	if number == 0 {
		return c.emit(one{layer: layer.Unary{Function: layer.Zero}, in: []*value{like}, nhwc: like.nhwc})
	}
	zeros := c.between("/zeros", layer.Unary{Function: layer.Zero}, like, like.nhwc, "of the shape that is filled")
	return c.emit(one{layer: layer.Power{Power: 1, Scale: 1, Shift: number}, in: []*value{zeros}, nhwc: like.nhwc})
}

// source follows identities to the node that a value comes from.
func (t *network) source(r ref) *graphdef.Node {
	for hops := 0; hops <= len(t.def.Nodes); hops++ {
		r = t.follow(r)
		if !aliasOps[r.node.Op] || len(t.inputs[r.node]) == 0 {
			break
		}
		r = t.inputs[r.node][0]
	}
	return r.node
}

// broadcastTo repeats a value to a shape.
func broadcastTo(c *call) error {
	x, ok := c.operand(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	return c.repeat(x, 1)
}

func (c *call) repeat(x *value, to int) error {
	shape, known := c.integers(to)
	if !known || slices.ContainsFunc(shape, func(d int) bool { return d < 0 }) {
		return c.unknown("its shape is not constant")
	}
	if n, ok := tensor.Shape(shape).CheckedLen(); !ok || n > maxFilled {
		return c.node.Errorf("it repeats a value over the shape %v: more than %d elements", tensor.Shape(shape), maxFilled)
	}
	return c.emit(one{layer: layer.Broadcast{Shape: tensor.Shape(shape)}, in: []*value{c.as(x, false)}})
}
