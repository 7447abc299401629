package lower

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// ranges are the numbers that quantised values may have.
var ranges = map[model.DType][2]float64{
	model.Int8: {math.MinInt8, math.MaxInt8}, model.Uint8: {0, math.MaxUint8},
	model.Int16: {math.MinInt16, math.MaxInt16}, model.Uint16: {0, math.MaxUint16},
}

// quantizeLinear divides by a scale, rounds to the nearest whole number, halves to even ones, moves by a zero point and keeps within
// the range of the result's type.
func quantizeLinear(c *call) error {
	in, d, why, err := c.quantised()
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	limits, ok := ranges[d]
	if !ok {
		return c.unknown("its result has a type that is not computed with")
	}
	y := c.together("/scaled", layer.Binary{Operation: layer.Quotient}, in[0].dtype, in[0], in[1])
	y = c.on("/rounded", y, layer.Unary{Function: layer.Round})
	if len(in) > 2 {
		y = c.together("/moved", layer.Binary{Operation: layer.Sum}, in[0].dtype, y, in[2])
	}
	return c.emit(one{layer: layer.Clip{Min: limits[0], Max: limits[1]}, in: []*value{y}, nhwc: y.nhwc, dtype: d})
}

// dequantizeLinear is the way back: the distance from the zero point times the scale.
func dequantizeLinear(c *call) error {
	in, _, why, err := c.quantised()
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	x, d := in[0], in[1].dtype
	if len(in) > 2 {
		x = c.together("/distance", layer.Binary{Operation: layer.Difference}, d, x, in[2])
	}
	c.together("", layer.Binary{Operation: layer.Product}, d, x, in[1])
	return nil
}

// quantised returns the value, the scale and, if there is one, the zero point of a quantisation, with axes to meet in, and the type of
// quantised numbers.
func (c *call) quantised() (in []*value, d model.DType, why string, err error) {
	in, ok, err := c.present()
	if err != nil || !ok || len(in) < 2 || in[0].rank() < 0 || in[1].rank() < 0 {
		return nil, 0, "its inputs are not known to be numbers of known dimensions", err
	}
	a, err := c.node.Int("axis", 1)
	if err != nil {
		return nil, 0, "", err
	}
	if block, err := c.node.Int("block_size", 0); err != nil || block != 0 {
		return nil, 0, "its scales belong to blocks", err
	}
	for i, v := range in[1:] {
		if in[1+i], ok = c.alongAxis([]string{"/scale", "/zero"}[i], in[0], v, a); !ok {
			return nil, 0, "its scale's extents do not fit its axis", nil
		}
	}
	if in[1].rank() > 0 && !ones(in[1].shape) {
		in[0] = c.as(in[0], false)
	}
	d = model.Uint8
	if len(in) > 2 {
		d = in[2].dtype
	}
	if kind, err := c.node.Int("output_dtype", 0); err != nil || kind != 0 {
		d = model.DType(kind)
	}
	return in, d, "", err
}

// present returns the inputs that are not left out, which those at the end may be.
func (c *call) present() ([]*value, bool, error) {
	for len(c.in) > 0 && c.in[len(c.in)-1].name == "" {
		c.in = c.in[:len(c.in)-1]
	}
	return c.all()
}

// alongAxis gives a vector with a number for each cell along an axis of x further axes of one cell behind.
func (c *call) alongAxis(suffix string, x, v *value, axis int) (*value, bool) {
	if v.rank() != 1 || ones(v.shape) {
		return v, v.rank() < 2
	}
	if axis < 0 {
		axis += x.rank()
	}
	if axis < 0 || axis >= x.rank() {
		return nil, false
	}
	target := []int{-1}
	for range x.rank() - 1 - axis {
		target = append(target, 1)
	}
	return c.between(suffix, one{layer: layer.Reshape{Shape: target}, in: []*value{v}, transforms: []string{"a number for each cell along the axis"}}), true
}

// foldDequantizeLinear computes weights that are stored as whole numbers, in the scale's precision.
func foldDequantizeLinear(c *call) (*constant, error) {
	k, x, err := c.known(0)
	if err != nil {
		return nil, err
	}
	scales, s, err := c.known(1)
	if err != nil || scales.dtype != model.Float || c.node.Has("block_size") || len(scales.shape) > 1 || !c.budget.spend(x.Dims().Len()) {
		return nil, err
	}
	zero := tensor.New[float64](s.Dims()...)
	if !c.omitted(2) {
		_, z, err := c.known(2)
		if err != nil {
			return nil, err
		}
		zero = tensor.As[float64](z)
	}
	a, err := c.node.Int("axis", 1)
	if err != nil {
		return nil, err
	}
	if a < 0 {
		a += len(k.shape)
	}
	n := s.Dims().Len()
	if zero.Shape.Len() != n || n > 1 && (a < 0 || a >= len(k.shape) || k.shape[a] != n) {
		return nil, c.node.Errorf("its scale %v and zero point %v do not fit %v along axis %d", s.Dims(), zero.Shape, k.shape, a)
	}
	step := 1
	if n > 1 {
		step = k.shape[a+1:].Len()
	}
	factor, y := tensor.As[float32](s), tensor.New[float32](k.shape...)
	for i, v := range tensor.As[float64](x).Data {
		at := i / step % n
		y.Data[i] = float32(v-zero.Data[at]) * factor.Data[at]
	}
	out := c.derived(k, y, "dequantised")
	out.dtype = model.Float
	return out, nil
}

// dynamicQuantizeLinear quantises to bytes with a scale and zero point of its own, so that 0 and the whole range of the numbers have one:
// the further outputs.
func dynamicQuantizeLinear(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 0 {
		return c.unknown("its input's dimensions are not known")
	}
	least, most := c.reach("/least", x, layer.ReduceMin, layer.Smaller), c.reach("/most", x, layer.ReduceMax, layer.Larger)
	width := c.together("/width", layer.Binary{Operation: layer.Difference}, model.Float, most, least)
	names := c.outputs(3)
	scale := c.append(c.unusedNode(names[1]), names[1], one{layer: layer.Power{Power: 1, Scale: 1. / math.MaxUint8}, in: []*value{width}})
	steps := c.together("/steps", layer.Binary{Operation: layer.Quotient}, model.Float, least, scale)
	byte0 := c.on("/zero", c.on("/above", steps, layer.Unary{Function: layer.Negative}), layer.Clip{Min: 0, Max: math.MaxUint8})
	zero := c.append(c.unusedNode(names[2]), names[2], one{layer: layer.Unary{Function: layer.Round}, in: []*value{byte0}, dtype: model.Uint8})
	y := c.on("/rounded", c.together("/scaled", layer.Binary{Operation: layer.Quotient}, model.Float, x, scale), layer.Unary{Function: layer.Round})
	y = c.together("/moved", layer.Binary{Operation: layer.Sum}, model.Float, y, zero)
	return c.emit(one{layer: layer.Clip{Min: 0, Max: math.MaxUint8}, in: []*value{y}, nhwc: y.nhwc, dtype: model.Uint8})
}

// reach is the end of a value's range, or 0 if that is farther out.
func (c *call) reach(suffix string, x *value, r layer.Reducer, farther layer.Operation) *value {
	var axes []int
	for a := range x.rank() {
		axes = append(axes, a)
	}
	end := c.between(suffix+" number", one{layer: layer.Reduce{Reducer: r, Axes: axes}, in: []*value{x}})
	zero := c.fixed(c.unused(c.node.Outputs[0]+suffix+" or"), tensor.New[float64](), x.dtype)
	return c.together(suffix, layer.Binary{Operation: farther}, x.dtype, end, zero)
}
