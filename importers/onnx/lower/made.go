package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// Operations that make values of settings alone are computed while lowering; what is left of them is not.

func rangeOf(c *call) error { return c.unknown("its bounds are not constant, or it is too long") }

func constantOfShape(c *call) error { return c.unknown("its shape is not constant, or too large") }

func eyeLike(c *call) error { return c.unknown("its input's extents are not known, or too large") }

// shapeOf lists the extents of its input.
func shapeOf(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	start, err := c.node.Int("start", 0)
	if err != nil {
		return err
	}
	end, err := c.node.Int("end", x.rank())
	if err != nil {
		return err
	}
	l := layer.Shape{}
	for a := within(start, x.rank()); a < within(end, x.rank()); a++ {
		axis, _ := x.axis(a)
		l.Axes = append(l.Axes, axis)
	}
	return c.emit(one{layer: l, in: []*value{x}, dtype: model.Int64})
}

// foldRange counts from a start, by a step, as far as a limit.
func foldRange(c *call) (*constant, error) {
	var bounds [3]float64
	for i := range bounds {
		list, err := c.numbersOf(i, 1)
		if err != nil {
			return nil, err
		}
		bounds[i] = list[0]
	}
	n := math.Ceil((bounds[1] - bounds[0]) / bounds[2])
	if !(n <= maxIntegers) {
		return nil, nil
	}
	list := []float64{}
	for i := range int(max(n, 0)) {
		list = append(list, bounds[0]+float64(i)*bounds[2])
	}
	out := c.whole(list, tensor.Shape{len(list)})
	out.dtype = c.in[0].constant.dtype
	return out, nil
}

// foldEyeLike is 1 on a diagonal of a matrix of its input's shape, and 0 elsewhere.
func foldEyeLike(c *call) (*constant, error) {
	shape := c.storedShape(0)
	k, err := c.node.Int("k", 0)
	if err != nil {
		return nil, err
	}
	n, ok := shape.CheckedLen()
	if len(shape) != 2 || !ok || n > maxIntegers {
		return nil, nil
	}
	d := c.in[0].dtype()
	if c.node.Has("dtype") {
		to, err := c.node.Int("dtype", 0)
		if err != nil {
			return nil, err
		}
		d = model.DType(to)
	}
	t := tensor.New[float64](shape...)
	for i := range shape[0] {
		if j := i + k; j >= 0 && j < shape[1] {
			t.Data[i*shape[1]+j] = 1
		}
	}
	return &constant{name: c.node.Outputs[0], dtype: d, shape: shape, value: t}, nil
}

// dtype is the type of the operand's elements, 0 if it is not known.
func (o operand) dtype() model.DType {
	switch {
	case o.constant != nil:
		return o.constant.dtype
	case o.value != nil:
		return o.value.dtype
	}
	return 0
}
