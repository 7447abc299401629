package lower

import (
	"math"

	"parity/googlenet/layer"
)

// fakeQuantArgs is FakeQuantWithMinMaxArgs, whose range consists of attributes.
func fakeQuantArgs(c *call) error {
	least, err := c.node.Float("min", -6)
	if err != nil {
		return err
	}
	most, err := c.node.Float("max", 6)
	if err != nil {
		return err
	}
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is computed in a way that is not known")
	}
	return c.fakeQuant([]*value{x, c.constantOf("/least", single(least), "the end of the range"), c.constantOf("/most", single(most), "the end of the range")})
}

// fakeQuantVars is FakeQuantWithMinMaxVars, or that for each of the last axis' cells, whose ranges are inputs.
func fakeQuantVars(c *call) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 3 {
		return c.unknown("an input is computed in a way that is not known")
	}
	return c.fakeQuant(in)
}

// fakeQuant rounds to whole steps: so many that they fill the range, which is first moved until 0 is one of them
// (fake_quant_ops_functor.h). The gradient is that of a clip to the range.
//
//	scale = (most - least) / steps, zero = floor(clip(-least / scale, 0, steps) + 1/2)
//	y = scale (floor((clip(x) + scale zero) / scale - zero + 1/2))
func (c *call) fakeQuant(in []*value) error {
	steps, err := c.quantSteps()
	if err != nil {
		return err
	}
	q, in, ok := c.composite(in)
	if !ok {
		return c.unknown("its inputs' dimensions are not known")
	}
	x, least, most := in[0], in[1], in[2]
	all, half := q.number("/steps", steps, "how many steps there are"), q.number("/half", 0.5, "one half")
	scale := q.join("/scale", layer.Quotient, q.join("/range", layer.Difference, most, least, "the range"), all, "one step")
	zero := q.fakeZero(least, scale, steps, half)
	low := q.join("/low", layer.Product, q.each("/below", layer.Negative, zero, "steps below 0"), scale, "the lowest step")
	high := q.join("/high", layer.Sum, low, q.join("/width", layer.Product, all, scale, "all steps"), "the highest step")
	low, high = q.through("/nudged low", least, low), q.through("/nudged high", most, high)
	above := q.join("/above", layer.Larger, x, low, "no lower than the lowest step")
	clipped := q.join("/clipped", layer.Smaller, above, high, "no higher than the highest")
	from := q.join("/from", layer.Quotient, q.join("/shifted", layer.Difference, clipped, low, "from the lowest step on"), scale, "in steps")
	place := q.each("/place", layer.Floor, q.join("/nearest", layer.Sum, q.join("/centred", layer.Difference, from, zero, "from 0 on"), half, "to be rounded"), "rounded to whole steps")
	rounded := q.join("/rounded", layer.Product, place, scale, "whole steps")
	rest := q.join("/rest", layer.Difference, rounded, clipped, "what rounding adds, without a gradient")
	q.stopAt(rest)
	return c.emit(one{layer: layer.Binary{Operation: layer.Sum}, in: []*value{clipped, rest}, nhwc: q.nhwc, shape: x.shape})
}

// quantSteps is how many steps a number of bits has; a narrow range leaves the lowest number out.
func (c *call) quantSteps() (float64, error) {
	bits, err := c.node.Int("num_bits", 8)
	if err != nil {
		return 0, err
	}
	if bits < 2 || bits > 16 {
		return 0, c.node.Errorf("the attribute num_bits should be from 2 to 16, found %d", bits)
	}
	narrow, err := c.node.Bool("narrow_range")
	if err != nil {
		return 0, err
	}
	steps := math.Ldexp(1, bits) - 1
	if narrow {
		steps--
	}
	return steps, nil
}

// fakeZero is the step that is 0.
func (c composite) fakeZero(least, scale *value, steps float64, half *value) *value {
	place := c.join("/zero place", layer.Quotient, c.each("/above least", layer.Negative, least, "from the lowest number to 0"), scale, "in steps")
	inside := c.between("/zero inside", layer.Clip{Min: 0, Max: steps}, place, c.nhwc, "one of the steps")
	return c.each("/zero", layer.Floor, c.join("/zero nearest", layer.Sum, inside, half, "to be rounded"), "rounded")
}
