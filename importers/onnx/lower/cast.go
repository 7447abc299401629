package lower

import "parity/importers/onnx/model"

// cast passes on what it does not change. What it would round stays unknown.
func cast(c *call) error {
	to, err := c.node.Int("to", 0)
	if err != nil {
		return err
	}
	x, ok := c.data(0)
	if !ok || !exact(x.dtype, model.DType(to)) {
		return c.unknown("it may change the numbers")
	}
	same := *x
	same.dtype = model.DType(to)
	c.values[c.node.Outputs[0]] = &same
	c.out.Aliases[c.node.Outputs[0]] = x.name
	return nil
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
