package lower

import (
	"math"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// folding computes the first output of a node whose inputs are constants. It returns nil for what cannot be computed.
type folding func(*call) (*constant, error)

// foldings lists the operations that are computed while lowering: those that move weights, and those that models compute
// shapes with.
var foldings = map[string]folding{
	"Add":              foldArithmetic(func(a, b float64, _ bool) float64 { return a + b }),
	"Cast":             foldCast,
	"CastLike":         foldCastLike,
	"Concat":           foldConcat,
	"Constant":         foldConstant,
	"ConstantOfShape":  foldConstantOfShape,
	"DequantizeLinear": foldDequantizeLinear,
	"Div":              foldArithmetic(quotient),
	"EyeLike":          foldEyeLike,
	"Expand":           foldExpand,
	"Flatten":          foldFlatten,
	"Gather":           foldGather,
	"Identity":         foldIdentity,
	"Mul":              foldArithmetic(func(a, b float64, _ bool) float64 { return a * b }),
	"Neg":              foldNegative,
	"Range":            foldRange,
	"Reshape":          foldReshape,
	"Shape":            foldShape,
	"Size":             foldSize,
	"Slice":            foldSlice,
	"Squeeze":          foldSqueeze,
	"Sub":              foldArithmetic(func(a, b float64, _ bool) float64 { return a - b }),
	"Transpose":        foldTranspose,
	"Unsqueeze":        foldUnsqueeze,
}

// fold makes the node's output a constant if it is one that can be computed now.
func (c *call) fold() (bool, error) {
	f := foldings[c.node.Op]
	if f == nil || c.node.Domain != "" || len(c.node.Outputs) != 1 || c.node.Outputs[0] == "" || !c.foldable() {
		return false, nil
	}
	k, err := f(c)
	if err != nil || k == nil {
		return false, err
	}
	c.constants[c.node.Outputs[0]] = k
	return true, nil
}

// foldable tells whether all inputs are constants; of a Shape or Size, the input's shape is enough, and of what a CastLike looks
// at, its type.
func (c *call) foldable() bool {
	switch c.node.Op {
	case "Shape", "Size", "EyeLike":
		return len(c.in) == 1
	case "CastLike":
		return len(c.in) == 2 && c.in[0].constant != nil && c.in[1].dtype() != 0
	}
	for _, in := range c.in {
		if in.constant == nil && in.name != "" {
			return false
		}
	}
	return true
}

// known returns constant input i with its elements.
func (c *call) known(i int) (*constant, tensor.Any, error) {
	if i >= len(c.in) || c.in[i].constant == nil {
		return nil, nil, c.node.Errorf("expected an input %d, found %d inputs", i+1, len(c.in))
	}
	k := c.in[i].constant
	v, err := c.load(k)
	return k, v, err
}

// derived is a constant that was computed from another one.
func (c *call) derived(from *constant, v tensor.Any, how string) *constant {
	k := &constant{name: from.name, dtype: from.dtype, shape: v.Dims(), value: v, transforms: from.transforms}
	if how != "" {
		k.transforms = append(k.transforms[:len(k.transforms):len(k.transforms)], how)
	}
	return k
}

// whole is a vector, or with one element and no axis a scalar, of integers.
func (c *call) whole(values []float64, shape tensor.Shape) *constant {
	return &constant{name: c.node.Title(), dtype: model.Int64, shape: shape, value: tensor.From(values, shape...)}
}

func foldIdentity(c *call) (*constant, error) {
	if len(c.in) != 1 {
		return nil, c.node.Errorf("it takes one input, found %d", len(c.in))
	}
	return c.in[0].constant, nil
}

// foldConstant reads the value out of whichever attribute has it. Strings and sparse tensors are not read.
func foldConstant(c *call) (*constant, error) {
	for name, a := range c.node.Attrs {
		switch name + " " + a.Field {
		case "value t":
			return c.tensorConstant(a.Tensor), nil
		case "value_float f":
			return c.numbers(model.Float, tensor.Shape{}, []float32{a.Float}), nil
		case "value_floats floats":
			return c.numbers(model.Float, tensor.Shape{len(a.Floats)}, a.Floats), nil
		case "value_int i":
			return c.whole([]float64{float64(a.Int)}, tensor.Shape{}), nil
		case "value_ints ints":
			list := make([]float64, len(a.Ints))
			for i, v := range a.Ints {
				list[i] = float64(v)
			}
			return c.whole(list, tensor.Shape{len(list)}), nil
		}
	}
	return nil, nil
}

// tensorConstant is the same constant wherever the same tensor stands, as in a function that is called twice.
func (c *call) tensorConstant(t *model.Tensor) *constant {
	if t == nil {
		return nil
	}
	k := c.attached[t]
	if k == nil {
		k = &constant{name: c.node.Outputs[0], dtype: t.DType, shape: t.Shape, stored: t}
		c.attached[t] = k
	}
	return k
}

func (c *call) numbers(d model.DType, shape tensor.Shape, values []float32) *constant {
	return &constant{name: c.node.Outputs[0], dtype: d, shape: shape, value: tensor.From(values, shape...)}
}

// foldConstantOfShape fills a small shape with a value, which is the float 0 by default.
func foldConstantOfShape(c *call) (*constant, error) {
	extents, ok, err := c.integers(0)
	n, whole := tensor.Shape(extents).CheckedLen()
	if err != nil || !ok || !whole || n > maxIntegers {
		return nil, err
	}
	out := &constant{name: c.node.Outputs[0], dtype: model.Float, shape: extents}
	fill := 0.0
	if a := c.node.Attrs["value"]; a != nil && a.Tensor != nil {
		v, err := c.load(c.tensorConstant(a.Tensor))
		if err != nil {
			return nil, err
		}
		if v.Dims().Len() != 1 {
			return nil, c.node.Errorf("its value should be one number, found %v", v.Dims())
		}
		fill, out.dtype = tensor.As[float64](v).Data[0], a.Tensor.DType
	}
	t := tensor.New[float64](extents...)
	for i := range t.Data {
		t.Data[i] = fill
	}
	out.value = t
	return out, nil
}

// foldCast turns numbers into another type, unless that would round or wrap them.
func foldCast(c *call) (*constant, error) {
	k, v, err := c.known(0)
	if err != nil {
		return nil, err
	}
	to, err := c.node.Int("to", 0)
	if err != nil {
		return nil, err
	}
	d := model.DType(to)
	small := v.Dims().Len() <= maxIntegers
	switch {
	case exact(k.dtype, d):
	case small && d == model.Int64 && k.dtype == model.Int32:
	case small && d == model.Int32 && k.dtype == model.Int64 && isWhole(v, true):
	case small && isWhole(v, false) && (d == model.Int64 || d == model.Int32 || d == model.Float):
	default:
		return nil, nil
	}
	out := c.derived(k, v, "")
	out.dtype = d
	return out, nil
}

// isWhole tells whether all elements are integers of at most 24 bits. An extent that is not known yet, NaN, is one where that is open.
func isWhole(v tensor.Any, open bool) bool {
	for _, x := range tensor.As[float64](v).Data {
		if open && math.IsNaN(x) {
			continue
		}
		if x != math.Trunc(x) || math.Abs(x) > 1<<24 {
			return false
		}
	}
	return true
}
