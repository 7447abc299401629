package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// gather looks places up along an axis. Negative ones count from the end.
func gather(c *call) error {
	x, index, axis, err := c.lookUp()
	if err != nil || x == nil {
		return c.unlessErr(err, "its inputs' dimensions are not known")
	}
	return c.emit(one{layer: layer.Gather{Axis: axis}, in: []*value{x, index}})
}

// gatherElements looks a place up along an axis for every element of the indices.
func gatherElements(c *call) error {
	x, index, axis, err := c.lookUp()
	if err != nil || x == nil {
		return c.unlessErr(err, "its inputs' dimensions are not known")
	}
	return c.emit(one{layer: layer.GatherElements{Axis: axis}, in: []*value{x, index}})
}

// lookUp returns what is looked up in, the places from the beginning, and the axis; nil if they are not known.
func (c *call) lookUp() (x, index *value, axis int, err error) {
	if err := c.binary(); err != nil {
		return nil, nil, 0, err
	}
	table, ok, err := c.value(0)
	if err != nil || !ok || table.rank() < 0 {
		return nil, nil, 0, err
	}
	a, err := c.node.Int("axis", 0)
	if err != nil {
		return nil, nil, 0, err
	}
	x = c.as(table, false)
	axis, ok = x.axis(a)
	if !ok {
		return nil, nil, 0, c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
	}
	if c.in[1].constant != nil {
		index, err = c.placesOf(x.extent(axis))
	} else if c.in[1].value != nil {
		index = c.fromBeginning(c.as(c.in[1].value, false), x.extent(axis))
	}
	if index == nil {
		return nil, nil, 0, err
	}
	return x, index, axis, nil
}

// placesOf returns constant places, counted from the beginning; nil if an end that they count from is not known.
func (c *call) placesOf(extent int) (*value, error) {
	_, t, err := c.known(1)
	if err != nil {
		return nil, err
	}
	from, negative := tensor.As[float64](t), false
	for _, v := range from.Data {
		negative = negative || v < 0
		if extent >= 0 && (v >= float64(extent) || v < -float64(extent)) {
			return nil, c.node.Errorf("its index %v does not exist in %d places", v, extent)
		}
	}
	if !negative {
		v, _, err := c.value(1)
		return v, err
	}
	if extent < 0 {
		return nil, nil
	}
	to := from.Clone()
	for i, v := range to.Data {
		if v < 0 {
			to.Data[i] = v + float64(extent)
		}
	}
	return c.fixed(c.unused(c.node.Outputs[0]+"/places"), to, model.Int64), nil
}

// fromBeginning counts places of an axis from its beginning; nil if the extent is not known.
func (c *call) fromBeginning(index *value, extent int) *value {
	if extent < 0 {
		return nil
	}
	whole := c.on("/behind", c.compare("/negative", layer.Less, index, 0), times(float64(extent)))
	return c.together("/places", layer.Binary{Operation: layer.Sum}, index.dtype, index, whole)
}

// oneHot makes a vector of each number: its third input has what stands elsewhere and at the number's place.
func oneHot(c *call) error {
	index, ok, err := c.value(0)
	if err != nil || !ok || index.rank() < 0 || len(c.in) != 3 || c.in[1].constant == nil || c.in[2].constant == nil {
		return c.unlessErr(err, "its depth and values are not constant")
	}
	depth, err := c.numbersOf(1, 1)
	if err != nil {
		return err
	}
	values, err := c.numbersOf(2, 2)
	if err != nil {
		return err
	}
	a, err := c.node.Int("axis", -1)
	if err != nil {
		return err
	}
	if a < 0 {
		a += index.rank() + 1
	}
	if a < 0 || a > index.rank() {
		return c.node.Errorf("it cannot put an axis in at %d of %v", a, index.stored())
	}
	l := layer.OneHot{Axis: a, Depth: int(depth[0]), Off: values[0], On: values[1]}
	places := c.fromBeginning(c.as(index, false), l.Depth)
	return c.emit(one{layer: l, in: []*value{places}, dtype: c.in[2].constant.dtype})
}

// numbersOf returns the n elements of constant input i.
func (c *call) numbersOf(i, n int) ([]float64, error) {
	k, v, err := c.known(i)
	if err != nil {
		return nil, err
	}
	if k.shape.Len() != n {
		return nil, c.node.Errorf("its input %d should have %d elements, found %v", i+1, n, k.shape)
	}
	return tensor.As[float64](v).Data, nil
}

// where takes elements from one value or another.
func where(c *call) error {
	in, ok, err := c.all()
	if err != nil || !ok || len(in) != 3 {
		return c.unlessErr(err, "its inputs are not known to be numbers")
	}
	c.together("", layer.Select{}, in[1].dtype, in...)
	return nil
}

// hardmax is 1 at the first of the largest numbers of a row and 0 elsewhere. Before version 13 a row is all elements from the axis on.
func hardmax(c *call) error {
	return c.rows(func(suffix string, x *value, axis int) *value {
		place := c.between("/place", one{layer: layer.ArgExtreme{Axis: axis}, in: []*value{x}})
		return c.put(suffix, one{layer: layer.OneHot{Axis: axis, Depth: x.extent(axis), On: 1}, in: []*value{place}, dtype: x.dtype, nhwc: x.nhwc})
	})
}
