package lower

import (
	"math"

	"parity/googlenet/tensor"
)

// foldShape lists the extents of its input, from start to end (both since version 15).
func foldShape(c *call) (*constant, error) {
	shape := c.storedShape(0)
	if shape == nil {
		return nil, nil
	}
	start, err := c.node.Int("start", 0)
	if err != nil {
		return nil, err
	}
	end, err := c.node.Int("end", len(shape))
	if err != nil {
		return nil, err
	}
	start, end = within(start, len(shape)), within(end, len(shape))
	list := []float64{}
	for _, d := range shape[start:max(start, end)] {
		list = append(list, extent(d))
	}
	return c.whole(list, tensor.Shape{len(list)}), nil
}

// within counts a place from the end if it is negative, and keeps it in the list.
func within(i, n int) int {
	if i < 0 {
		i += n
	}
	return min(max(i, 0), n)
}

// extent is that of a shape as an element: NaN, which stays NaN in all arithmetic, if it is not known.
func extent(d int) float64 {
	if d < 0 {
		return math.NaN()
	}
	return float64(d)
}

func foldSize(c *call) (*constant, error) {
	shape := c.storedShape(0)
	if shape == nil {
		return nil, nil
	}
	n := 1.0
	for _, d := range shape {
		n *= extent(d)
	}
	return c.whole([]float64{n}, tensor.Shape{}), nil
}

// storedShape is the shape of input i as ONNX has it, nil if it is not known.
func (c *call) storedShape(i int) tensor.Shape {
	if v := c.in[i].value; v != nil {
		return v.stored()
	}
	if k := c.in[i].constant; k != nil {
		return k.shape
	}
	return nil
}

// quotient divides as C does: integers towards zero.
func quotient(a, b float64, whole bool) float64 {
	if whole {
		return math.Trunc(a / b)
	}
	return a / b
}

// foldArithmetic computes small tensors element by element. In float64, sums, products and quotients of float32 numbers
// come out as they do in float32 when they are rounded to it at last, which happens here.
func foldArithmetic(f func(a, b float64, whole bool) float64) folding {
	return func(c *call) (*constant, error) {
		if len(c.in) != 2 {
			return nil, c.node.Errorf("it takes two inputs, found %d", len(c.in))
		}
		a, b := c.in[0].constant, c.in[1].constant
		shape, ok := broadcastShape(a.shape, b.shape)
		if n, whole := shape.CheckedLen(); !ok || a.dtype != b.dtype || !whole || n > maxIntegers {
			return nil, nil
		}
		_, x, err := c.known(0)
		if err != nil {
			return nil, err
		}
		_, y, err := c.known(1)
		if err != nil {
			return nil, err
		}
		return c.combined(a, shape, tensor.As[float64](x), tensor.As[float64](y), f), nil
	}
}

func (c *call) combined(like *constant, shape tensor.Shape, x, y *tensor.Tensor[float64], f func(a, b float64, whole bool) float64) *constant {
	out := tensor.New[float64](shape...)
	for i := range out.Data {
		at := shape.Index(i)
		v := f(x.Data[broadcastIndex(x.Shape, at)], y.Data[broadcastIndex(y.Shape, at)], !like.dtype.IsFloat())
		if math.IsInf(v, 0) && !like.dtype.IsFloat() {
			v = math.NaN() // divided by zero
		}
		out.Data[i] = v
	}
	k := &constant{name: c.node.Outputs[0], dtype: like.dtype, shape: shape, value: out}
	if like.dtype.Element().Size() < 8 && like.dtype.IsFloat() {
		k.value = tensor.As[float32](out)
	}
	return k
}

// foldNegative changes the sign of small tensors.
func foldNegative(c *call) (*constant, error) {
	k, v, err := c.known(0)
	if err != nil || k.shape.Len() > maxIntegers {
		return nil, err
	}
	zero := tensor.New[float64](k.shape...)
	return c.combined(k, k.shape, zero, tensor.As[float64](v), func(a, b float64, _ bool) float64 { return a - b }), nil
}

// broadcastShape aligns two shapes at their ends; an extent of 1 is repeated.
func broadcastShape(a, b tensor.Shape) (tensor.Shape, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := a.Clone()
	for i := range b {
		to := len(a) - len(b) + i
		switch {
		case out[to] == 1:
			out[to] = b[i]
		case b[i] != 1 && b[i] != out[to]:
			return nil, false
		}
	}
	return out, true
}

// broadcastIndex is the offset in a tensor of the element that is repeated at a place of the whole.
func broadcastIndex(s tensor.Shape, at []int) int {
	offset := 0
	for i, d := range s {
		offset *= d
		if d != 1 {
			offset += at[len(at)-len(s)+i]
		}
	}
	return offset
}

// foldConcat joins small vectors.
func foldConcat(c *call) (*constant, error) {
	list := []float64{}
	for i := range c.in {
		k, v, err := c.known(i)
		if err != nil {
			return nil, err
		}
		if len(k.shape) != 1 || k.dtype != c.in[0].constant.dtype || len(list)+k.shape[0] > maxIntegers {
			return nil, nil
		}
		list = append(list, tensor.As[float64](v).Data...)
	}
	if len(c.in) == 0 {
		return nil, nil
	}
	out := c.whole(list, tensor.Shape{len(list)})
	out.dtype = c.in[0].constant.dtype
	return out, nil
}

// foldGather picks elements of a vector, or a single one.
func foldGather(c *call) (*constant, error) {
	if len(c.in) != 2 {
		return nil, c.node.Errorf("it takes data and indices, found %d inputs", len(c.in))
	}
	k := c.in[0].constant
	indices, ok, err := c.integers(1)
	if err != nil || !ok || len(k.shape) != 1 {
		return nil, err
	}
	_, v, err := c.known(0)
	if err != nil {
		return nil, err
	}
	list := []float64{}
	for _, i := range indices {
		if i < 0 {
			i += k.shape[0]
		}
		if i < 0 || i >= k.shape[0] {
			return nil, c.node.Errorf("its index %d does not exist in %d elements", i, k.shape[0])
		}
		list = append(list, tensor.As[float64](v).Data[i])
	}
	out := c.whole(list, c.in[1].constant.shape)
	out.dtype = k.dtype
	return out, nil
}

// foldSlice cuts a range out of a vector; bounds are attributes before version 10.
func foldSlice(c *call) (*constant, error) {
	if len(c.in) == 0 || len(c.in[0].constant.shape) != 1 {
		return nil, nil
	}
	var bounds [4]int // start, end, axis, step
	for i, name := range []string{"starts", "ends", "axes", "steps"} {
		bounds[i] = [4]int{0, 0, 0, 1}[i]
		list, stated, known, err := c.axes(name, i+1)
		if err != nil || !known || len(list) > 1 {
			return nil, err
		}
		if stated && len(list) == 1 {
			bounds[i] = list[0]
		}
	}
	k, v, err := c.known(0)
	if err != nil || bounds[3] != 1 {
		return nil, err
	}
	start, end := within(bounds[0], k.shape[0]), within(bounds[1], k.shape[0])
	list := tensor.As[float64](v).Data[start:max(start, end)]
	out := c.whole(append([]float64{}, list...), tensor.Shape{len(list)})
	out.dtype = k.dtype
	return out, nil
}
