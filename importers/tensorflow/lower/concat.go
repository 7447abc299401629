package lower

import (
	"slices"

	"parity/googlenet/layer"
)

// concatV2 has its axis as the last input.
func concatV2(c *call) error {
	last := len(c.in) - 1
	if last < 1 {
		return c.node.Errorf("it takes values and an axis, found %d inputs", last+1)
	}
	return c.concat(c.in[:last], c.in[last])
}

// concat, the old form, has it as the first.
func concat(c *call) error {
	if len(c.in) < 2 {
		return c.node.Errorf("it takes an axis and values, found %d inputs", len(c.in))
	}
	return c.concat(c.in[1:], c.in[0])
}

func (c *call) concat(parts []operand, axisInput operand) error {
	if err := c.checkCount("N", len(parts)); err != nil {
		return err
	}
	a, ok := c.number(axisInput)
	if !ok && axisInput.constant != nil {
		return c.node.Errorf("its axis should be one integer")
	}
	if !ok {
		return c.unknown("its axis is not constant")
	}
	values, ok := c.operands(parts)
	if !ok {
		return c.unknown("one of its inputs is not known")
	}
	nhwc := slices.ContainsFunc(values, func(v *value) bool { return v.nhwc })
	var in []*value
	for _, v := range values {
		in = append(in, c.as(v, nhwc))
	}
	axis, ok := in[0].axis(a)
	if !ok && in[0].rank() >= 0 {
		return c.node.Errorf("its axis %d does not exist in %v", a, in[0].stored())
	}
	if !ok {
		return c.unknown("its input's dimensions are not known")
	}
	return c.emitIfFits(one{layer: layer.Concat{Axis: axis}, in: in, nhwc: nhwc})
}

// checkCount compares an attribute that says how many values there are with how many there are.
func (c *call) checkCount(attribute string, n int) error {
	stated, err := c.node.Int(attribute, n)
	if err == nil && stated != n {
		err = c.node.Errorf("the attribute %s is %d, and there are %d", attribute, stated, n)
	}
	return err
}

func (c *call) operands(list []operand) (values []*value, ok bool) {
	for _, o := range list {
		v, ok := c.valueOf(o)
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}
