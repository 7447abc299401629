package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// pad surrounds a value with zeros. How many, and with which number, are attributes before version 11, then inputs.
func pad(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	mode, err := c.node.Text("mode", "constant")
	if err != nil {
		return err
	}
	zero, err := c.padsWithZero()
	if err != nil {
		return err
	}
	if mode != "constant" || !zero {
		return c.unknown("it does not pad with zeros")
	}
	name := "pads"
	if c.node.Has("paddings") { // the first version's
		name = "paddings"
	}
	pads, stated, known, err := c.axes(name, 1)
	if err != nil || !stated || !known {
		return c.unlessErr(err, "its pads are not constant")
	}
	axes, stated, known, err := c.axes("axes", 3)
	if err != nil || !known {
		return c.unlessErr(err, "its axes are not constant")
	}
	if !stated {
		x = c.ranked(x, len(pads)/2)
		axes = counting(x.rank())
	}
	return c.padAxes(x, pads, axes)
}

// counting lists the numbers below n.
func counting(n int) []int {
	list := make([]int, max(n, 0))
	for i := range list {
		list[i] = i
	}
	return list
}

func (c *call) padAxes(x *value, pads, axes []int) error {
	if len(pads) != 2*len(axes) {
		return c.node.Errorf("its pads should have %d numbers, those before all dimensions of %v and those after, found %d", 2*len(axes), x.stored(), len(pads))
	}
	if x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	l := layer.Pad{Before: make([]int, x.rank()), After: make([]int, x.rank())}
	for i, a := range axes {
		to, ok := x.axis(a)
		if !ok {
			return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
		}
		before, after := pads[i], pads[len(axes)+i]
		if before < 0 || after < 0 {
			return c.unknown("it cuts off, with negative pads")
		}
		l.Before[to], l.After[to] = before, after
	}
	return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
}

// padsWithZero reads the number to pad with, 0 if it is not stated.
func (c *call) padsWithZero() (bool, error) {
	if !c.omitted(2) {
		if c.in[2].constant == nil || c.in[2].constant.shape.Len() != 1 {
			return false, nil
		}
		v, err := c.load(c.in[2].constant)
		return err == nil && tensor.As[float64](v).Data[0] == 0, err
	}
	v, err := c.node.Float("value", 0)
	return v == 0, err
}

// unlessErr returns an error, or lowers to an unknown operation.
func (c *call) unlessErr(err error, why string) error {
	if err != nil {
		return err
	}
	return c.unknown(why)
}
