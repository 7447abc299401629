package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// mod is the remainder with the divisor's sign or, with fmod, with the dividend's.
func mod(c *call) error {
	truncated, err := c.node.Bool("fmod", false)
	if err != nil {
		return err
	}
	if truncated {
		return c.pairwise(layer.WholeRemainder, 0)
	}
	return c.pairwise(layer.FloorRemainder, 0)
}

// bitShift multiplies by a power of two, or divides by it.
func bitShift(c *call) error {
	direction, err := c.node.Text("direction", "")
	if err != nil {
		return err
	}
	op := map[string]layer.Operation{"LEFT": layer.Product, "RIGHT": layer.WholeQuotient}[direction]
	if op == "" {
		return c.node.Errorf("the attribute direction should be LEFT or RIGHT, found %q", direction)
	}
	in, ok, err := c.all()
	if err != nil || !ok || len(in) != 2 {
		return c.unlessErr(err, "its inputs are not known to be numbers")
	}
	power := c.put("/power", one{layer: layer.Gather{Axis: 0}, in: []*value{c.powersOfTwo(in[0].dtype), c.as(in[1], false)}})
	return c.wrap(c.together(unwrapped(in[0]), layer.Binary{Operation: op}, in[0].dtype, in[0], power))
}

// powersOfTwo are those that integers are shifted by.
func (c *call) powersOfTwo(d model.DType) *value {
	t := tensor.New[float64](64)
	for i := range t.Data {
		t.Data[i] = math.Ldexp(1, i)
	}
	return c.fixed(c.unused(c.node.Outputs[0]+"/powers"), t, d)
}
