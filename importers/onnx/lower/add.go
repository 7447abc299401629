package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// add is a bias where one side is a constant that varies along one axis only.
func add(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it adds 2 values, found %d", len(c.in))
	}
	data, bias := 0, 1
	if c.in[0].value == nil {
		data, bias = 1, 0
	}
	return c.addConstant(data, bias, 1)
}

// sub is a bias with the other sign where a constant is taken away.
func sub(c *call) error {
	if len(c.in) != 2 {
		return c.node.Errorf("it takes 2 values, found %d", len(c.in))
	}
	return c.addConstant(0, 1, -1)
}

func (c *call) addConstant(data, bias int, sign float64) error {
	x, ok := c.data(data)
	k, constant := c.weights(bias)
	if !ok || !constant {
		return c.unknown("it does not add a constant")
	}
	shape, err := c.aligned(k.shape, x)
	if err != nil {
		return err
	}
	axis, ok := varying(x, shape)
	if !ok {
		return c.unknown("it does not add one number for each channel")
	}
	p, err := c.param(k, k.shape.Len())
	if err == nil && k.shape.Len() == 1 {
		p, err = c.repeated(p, x.extent(axis))
	}
	if err == nil {
		p, err = c.scaled(p, sign, "the sign changed")
	}
	if err != nil {
		return err
	}
	return c.emit(one{layer: layer.Bias{Axis: axis}, in: []*value{x}, nhwc: x.nhwc, params: []param{p}})
}

// aligned is the shape of a constant that is fitted to a value at its end. Before version 7 an attribute could say at which
// axis it begins.
func (c *call) aligned(s tensor.Shape, x *value) (tensor.Shape, error) {
	axis, err := c.node.Int("axis", -1)
	if err != nil || c.model.Opset() >= 7 || axis < 0 {
		return s, err
	}
	s = s.Clone()
	for len(s)+axis < x.rank() {
		s = append(s, 1)
	}
	return s, nil
}

// varying is the common axis of x along which a constant of that shape varies, if it has one number for each cell of it, or
// one for all.
func varying(x *value, s tensor.Shape) (axis int, ok bool) {
	at := slices.IndexFunc(s, func(d int) bool { return d != 1 })
	if at < 0 {
		return anyAxis(x, s)
	}
	if !ones(s[:at]) || !ones(s[at+1:]) || len(s) > x.rank() {
		return 0, false
	}
	axis, ok = x.axis(at - len(s))
	return axis, ok && (x.extent(axis) == s[at] || x.extent(axis) < 0)
}

func ones(s tensor.Shape) bool { return !slices.ContainsFunc(s, func(d int) bool { return d != 1 }) }

// anyAxis is an axis of known extent for a single number, channels if possible.
func anyAxis(x *value, s tensor.Shape) (int, bool) {
	if len(s) > x.rank() {
		return 0, false
	}
	for _, axis := range []int{1, x.rank() - 1, 0} {
		if n := x.extent(axis); n > 0 {
			return axis, true
		}
	}
	return 0, false
}
