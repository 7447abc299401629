package lower

import "parity/importers/onnx/model"

// cast turns numbers into another type. What it does not change it passes on.
func cast(c *call) error {
	to, err := c.node.Int("to", 0)
	if err != nil {
		return err
	}
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is no number")
	}
	return c.castTo(x, model.DType(to))
}

// castLike is a cast to the type of its second input, of which nothing else counts.
func castLike(c *call) error {
	x, ok := c.data(0)
	if !ok || len(c.in) != 2 {
		return c.unknown("its inputs are no numbers")
	}
	if like := c.in[1].dtype(); like != 0 {
		return c.castTo(x, like)
	}
	return c.unknown("the type to cast to is not known")
}

func (c *call) castTo(x *value, to model.DType) error {
	switch {
	case x.dtype != 0 && exact(x.dtype, to):
		same := *x
		same.dtype = to
		c.values[c.node.Outputs[0]] = &same
		c.out.Aliases[c.node.Outputs[0]] = x.name
		return nil
	case x.dtype.Element().Size() == 0 || to.Element().Size() == 0:
		return c.unknown("it casts from or to a type that is not computed with")
	case to == model.Float && x.dtype == model.Double:
		return c.unknown("it rounds to float32, which is the precision of the whole run")
	}
	return c.emit(one{layer: castTo(to, x.dtype), in: []*value{x}, nhwc: x.nhwc, dtype: to})
}

// bits are the significant binary digits of the types of numbers.
var bits = map[model.DType]int{
	model.Bool: 1, model.Uint8: 8, model.Int8: 8, model.Int16: 16, model.Uint16: 16, model.Int32: 32, model.Uint32: 32, model.Int64: 64,
	model.BFloat16: 8, model.Float16: 11, model.Float: 24, model.Double: 53,
}

// exact tells whether every number of a type is one of another type too.
func exact(from, to model.DType) bool {
	if from == to {
		return from != 0
	}
	return bits[from] > 0 && bits[from] <= bits[to] && (to == model.Float || to == model.Double)
}
