package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

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
		case v.rank() < 0 && !v.nhwc || v.rank() >= 0 && !oneCell(v.shape) && !all(in, 4):
			return nil, false
		case v.rank() >= 0 && !oneCell(v.shape):
			var ok bool
			if v, ok = c.asMap(v); !ok {
				return nil, false
			}
		}
		out = append(out, v)
	}
	return out, true
}

// oneCell tells a shape of one element.
func oneCell(s tensor.Shape) bool {
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
	in, ok := c.operands(c.in)
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
