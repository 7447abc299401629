package lower

import "parity/googlenet/layer"

// cumulative is Cumsum, or Cumprod.
func cumulative(product bool) func(*call) error {
	return func(c *call) error {
		l := layer.Cumulative{Product: product}
		var err error
		if l.Exclusive, err = c.node.Bool("exclusive"); err != nil {
			return err
		}
		if l.Reverse, err = c.node.Bool("reverse"); err != nil {
			return err
		}
		x, ok := c.operand(0)
		if !ok || x.rank() < 0 || len(c.in) != 2 {
			return c.unknown("its input's dimensions are not known")
		}
		a, ok := c.number(c.in[1])
		if !ok {
			return c.unknown("its axis is not constant")
		}
		if l.Axis, ok = x.axis(a); !ok {
			return c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
		}
		return c.emit(one{layer: l, in: []*value{x}, nhwc: x.nhwc})
	}
}
