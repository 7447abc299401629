package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// operand returns input i as a value of the common graph: a constant becomes a node of its own, one for all its readers.
func (c *call) operand(i int) (*value, bool) {
	if i >= len(c.in) {
		return nil, false
	}
	if v := c.in[i].value; v != nil {
		return v, true
	}
	k := c.in[i].constant
	if k == nil || k.dtype().Size() == 0 {
		return nil, false
	}
	return c.constantValue(k)
}

// operands returns all inputs as values.
func (c *call) operands() ([]*value, bool) {
	var list []*value
	for i := range c.in {
		v, ok := c.operand(i)
		if !ok {
			return nil, false
		}
		list = append(list, v)
	}
	return list, true
}

// constantValue is a constant as a value, with the axes as TensorFlow has them.
func (c *call) constantValue(k *constant) (*value, bool) {
	if v := c.constants[k.node]; v != nil {
		return v, true
	}
	shape := k.shape
	if k.variable() {
		shape = c.variableShape(k)
	}
	if _, whole := shape.CheckedLen(); shape == nil || !whole {
		return nil, false
	}
	v := &value{name: k.node.Name, shape: shape.Clone()}
	held := *k
	held.shape = v.shape
	if err := c.put(v, layer.Constant{Shape: v.shape}, k.node, weight{constant: &held}); err != nil {
		return nil, false
	}
	c.constants[k.node] = v
	return v, true
}

// aligned brings values that meet element by element into one order of axes: NHWC feature maps are N, C, H, W with
// all others fitted to that, unless one has more axes.
func (c *call) aligned(in []*value) (out []*value, nhwc, ok bool) {
	most := 0
	for _, v := range in {
		nhwc = nhwc || v.nhwc
		most = max(most, v.rank())
	}
	if !nhwc {
		return in, false, true
	}
	if most <= 4 {
		if out, ok := c.asMaps(in); ok {
			return out, true, true
		}
	}
	for _, v := range in {
		if v.rank() < 0 {
			return nil, false, false
		}
		out = append(out, c.as(v, false))
	}
	return out, false, true
}

// asMaps gives values of up to four axes those of a feature map, N, C, H, W; single numbers need none.
func (c *call) asMaps(in []*value) ([]*value, bool) {
	var out []*value
	for _, v := range in {
		switch {
		case v.rank() == 4:
			v = c.as(v, true)
		case v.rank() < 0 && !v.nhwc || v.rank() >= 0 && !single(v.shape) && !all(in, 4):
			return nil, false
		case v.rank() >= 0 && !single(v.shape):
			var ok bool
			if v, ok = c.asMap(v); !ok {
				return nil, false
			}
		}
		out = append(out, v)
	}
	return out, true
}

// single tells a shape of one element.
func single(s tensor.Shape) bool {
	return !slices.ContainsFunc(s, func(d int) bool { return d != 1 })
}

// all reports whether every value that is read as NHWC is known to have a number of axes.
func all(in []*value, rank int) bool {
	return !slices.ContainsFunc(in, func(v *value) bool { return v.nhwc && v.rank() != rank })
}

// asMap puts axes of one cell before those of a value, and then C where a feature map has it.
func (c *call) asMap(v *value) (*value, bool) {
	if done := c.permuted[v.name+"/NCHW"]; done != nil {
		return done, true
	}
	stored := slices.Concat(tensor.Shape{1, 1, 1, 1}[v.rank():], v.shape)
	target, ok := known(stored)
	if !ok {
		return nil, false
	}
	var out *value
	if keepsOrder(stored, toCommon) {
		out = c.between("/NCHW", layer.Reshape{Shape: permuted(target)}, v, true, "repeated along a feature map")
	} else {
		whole := c.between("/NHWC", layer.Reshape{Shape: target}, v, false, "repeated along a feature map")
		whole.shape = stored
		out = c.as(whole, true)
	}
	out.shape = permuteShape(stored, toCommon)
	c.permuted[v.name+"/NCHW"] = out
	return out, true
}

// known makes a target for Reshape of a shape with at most one unknown extent.
func known(s tensor.Shape) ([]int, bool) {
	free := 0
	for _, d := range s {
		if d < 0 {
			free++
		}
		if d == 0 {
			return nil, false
		}
	}
	return slices.Clone(s), free <= 1
}

// together is the shape of values that are repeated to meet, with unknown extents taken for what they meet; nil if not all
// ranks are known.
func together(in []*value) tensor.Shape {
	var out tensor.Shape
	for _, v := range in {
		if v.shape == nil {
			return nil
		}
		for len(out) < len(v.shape) {
			out = append(tensor.Shape{1}, out...)
		}
		for i, d := range v.shape {
			to := &out[len(out)-len(v.shape)+i]
			if *to == 1 || *to < 0 && d > 1 {
				*to = d
			}
		}
	}
	return out
}

// joined emits a layer of operands that are repeated to meet.
func (c *call) joined(l layer.Layer) error {
	in, ok := c.operands()
	if !ok {
		return c.unknown("an input is computed in a way that is not known")
	}
	return c.joinedOf(l, in)
}

func (c *call) joinedOf(l layer.Layer, in []*value) error {
	in, nhwc, ok := c.aligned(in)
	if !ok {
		return c.unknown("its inputs' dimensions are not known")
	}
	return c.emit(one{layer: l, in: in, nhwc: nhwc, shape: together(in)})
}
