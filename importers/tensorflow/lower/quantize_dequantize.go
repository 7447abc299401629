package lower

import (
	"math"

	"parity/googlenet/layer"
)

// quantizeAndDequantize is QuantizeAndDequantizeV2, whose number of bits is an attribute.
func quantizeAndDequantize(c *call) error {
	bits, err := c.node.Int("num_bits", 8)
	if err != nil {
		return err
	}
	return c.quantizeAndDequantize(bits, false)
}

// quantizeAndDequantizeV3 has it as an input.
func quantizeAndDequantizeV3(c *call) error {
	if len(c.in) != 4 {
		return c.node.Errorf("it takes a value, a range and a number of bits, found %d inputs", len(c.in))
	}
	bits, ok := c.number(c.in[3])
	if !ok {
		return c.unknown("its number of bits is not constant")
	}
	return c.quantizeAndDequantize(bits, false)
}

// quantizeAndDequantizeV4 is as V2, but has no gradient outside the range.
func quantizeAndDequantizeV4(c *call) error {
	bits, err := c.node.Int("num_bits", 8)
	if err != nil {
		return err
	}
	return c.quantizeAndDequantize(bits, true)
}

// roundTrip is what a quantisation there and back does.
type roundTrip struct {
	signed, given, narrow bool
	halfUp                bool
	axis                  int
	// clipped says that there is no gradient outside the range.
	clipped bool
	// least and most are the whole numbers at the ends.
	least, most float64
}

func (c *call) quantizeAndDequantize(bits int, clipped bool) error {
	t, err := c.roundTrip(bits)
	if err != nil {
		return err
	}
	t.clipped = clipped
	in, ok := c.operands(c.in[:min(3, len(c.in))])
	if !ok || len(in) != 3 {
		return c.unknown("an input is computed in a way that is not known")
	}
	if t.axis != -1 {
		if in, ok = c.alongAxis(in, t.axis); !ok {
			return c.unknown("its input's dimensions are not known")
		}
	}
	if !t.given {
		if in[1], in[2], ok = c.ownRange(in[0], t.axis); !ok {
			return c.unknown("its input's dimensions are not known")
		}
	}
	q, in, ok := c.composite(in)
	if !ok {
		return c.unknown("its inputs' dimensions are not known")
	}
	return q.roundTrip(t, in[0], in[1], in[2])
}

func (c *call) roundTrip(bits int) (t roundTrip, err error) {
	if bits < 2 || bits > 62 {
		return t, c.node.Errorf("its number of bits should be from 2 to 62, found %d", bits)
	}
	t.signed, t.given, t.axis = true, c.node.Op == "QuantizeAndDequantizeV3", -1
	if c.node.Attrs["signed_input"] != nil {
		if t.signed, err = c.node.Bool("signed_input"); err != nil {
			return t, err
		}
	}
	if c.node.Attrs["range_given"] != nil {
		if t.given, err = c.node.Bool("range_given"); err != nil {
			return t, err
		}
	}
	if t.narrow, err = c.node.Bool("narrow_range"); err != nil {
		return t, err
	}
	if t.axis, err = c.node.Int("axis", -1); err != nil {
		return t, err
	}
	mode, err := c.node.Text("round_mode", "HALF_TO_EVEN")
	if err == nil && mode != "HALF_TO_EVEN" && mode != "HALF_UP" {
		err = c.node.Errorf("the attribute round_mode should be HALF_TO_EVEN or HALF_UP, found %q", mode)
	}
	t.halfUp = mode == "HALF_UP"
	t.least, t.most = 0, math.Ldexp(1, bits)-1
	if t.signed {
		t.least, t.most = -math.Ldexp(1, bits-1), math.Ldexp(1, bits-1)-1
	}
	if t.narrow && t.signed {
		t.least++
	}
	return t, err
}

// alongAxis gives ranges with a number for each cell along an axis the axes to meet the value with.
func (c *call) alongAxis(in []*value, axis int) ([]*value, bool) {
	x := in[0]
	if x.rank() < 0 || axis < 0 || axis >= x.rank() {
		return nil, false
	}
	target := make([]int, x.rank()-axis)
	for i := range target {
		target[i] = 1
	}
	target[0] = -1
	out := []*value{c.as(x, false)}
	for i, v := range in[1:] {
		if v.rank() == 1 {
			v = c.between([]string{"/least", "/most"}[i], layer.Reshape{Shape: target}, v, false, "a number for each cell along the axis")
		}
		out = append(out, v)
	}
	return out, true
}

// ownRange is from the smallest number of a value to the largest, of all of it or for each cell along an axis.
func (c *call) ownRange(x *value, axis int) (least, most *value, ok bool) {
	if x.rank() < 0 {
		return nil, nil, false
	}
	var axes []int
	for a := range x.rank() {
		if a != axis {
			axes = append(axes, a)
		}
	}
	end := func(suffix string, r layer.Reducer) *value {
		return c.between(suffix, layer.Reduce{Reducer: r, Axes: axes, Keep: true}, x, x.nhwc, "the end of the range")
	}
	return end("/least", layer.ReduceMin), end("/most", layer.ReduceMax), true
}

// roundTrip makes steps as large as the end of the range needs that is farther out, in whole numbers, and rounds to them
// (quantize_and_dequantize_op.h). A range that is given is then clipped to.
func (c composite) roundTrip(t roundTrip, x, least, most *value) error {
	top := c.number("/top", t.most, "the largest whole number")
	step := c.join("/step", layer.Quotient, most, top, "what a step is at the upper end")
	bottom := c.number("/bottom", t.least, "the smallest whole number")
	if t.least != 0 {
		step = c.join("/larger step", layer.Larger, c.join("/lower step", layer.Quotient, least, bottom, "what it is at the lower end"), step, "the larger of the two")
	}
	inside := x
	if t.given {
		inside = c.join("/above", layer.Larger, inside, c.join("/low", layer.Product, bottom, step, "the lowest number"), "no lower")
		inside = c.join("/inside", layer.Smaller, inside, c.join("/high", layer.Product, top, step, "the highest number"), "no higher")
	}
	places := c.join("/places", layer.Quotient, inside, step, "in steps")
	if t.halfUp {
		places = c.each("/rounded", layer.Floor, c.join("/nearest", layer.Sum, places, c.number("/half", 0.5, "one half"), "to be rounded"), "rounded, halves up")
	} else {
		places = c.each("/rounded", layer.Round, places, "rounded, halves to even numbers")
	}
	y := c.join("/whole", layer.Product, places, step, "whole steps")
	own := x
	if t.clipped {
		own = c.join("/clipped", layer.Smaller, c.join("/clipped below", layer.Larger, x, least, "no lower than the range"), most, "no higher than it")
	}
	rest := c.join("/rest", layer.Difference, y, own, "what rounding adds, without a gradient")
	c.stopAt(rest)
	return c.emit(one{layer: layer.Binary{Operation: layer.Sum}, in: []*value{own, rest}, nhwc: c.nhwc, shape: x.shape})
}
