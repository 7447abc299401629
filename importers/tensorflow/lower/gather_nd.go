package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// gatherND is GatherNd.
func gatherND(c *call) error {
	in, ok, err := c.inStoredOrders(2)
	if !ok {
		return err
	}
	return c.emitIfFits(one{layer: layer.GatherND{}, in: in})
}

// scatterND is ScatterNd: updates, those of one place added up, of a tensor of zeros.
func scatterND(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes indices, updates and a shape, found %d inputs", len(c.in))
	}
	index, ok := c.operand(0)
	update, known := c.operand(1)
	shape, constant := c.integers(2)
	if !ok || !known || !constant {
		return c.unknown("its indices, its updates or its shape are not known")
	}
	return c.scatter(index, update, shape)
}

// scatter adds updates to a tensor of zeros.
func (c *call) scatter(index, update *value, shape []int) error {
	n, ok := tensor.Shape(shape).CheckedLen()
	if !ok || n > maxFilled {
		return c.unknown("its shape is not constant, or too large")
	}
	zeros := c.constantOf("/zeros", tensor.New[float64](shape...), "the updated tensor before")
	return c.emitIfFits(one{layer: layer.ScatterND{Add: true}, in: []*value{zeros, c.as(index, false), c.as(update, false)}})
}

// tensorScatter is TensorScatterUpdate, or TensorScatterAdd.
func tensorScatter(add bool) func(*call) error {
	return func(c *call) error {
		in, ok, err := c.inStoredOrders(3)
		if !ok {
			return err
		}
		return c.emitIfFits(one{layer: layer.ScatterND{Add: add}, in: in})
	}
}

// inStoredOrders returns the inputs in TensorFlow's order of axes; without ok the node is lowered, or the error tells why not.
func (c *call) inStoredOrders(n int) (in []*value, ok bool, err error) {
	if len(c.in) != n {
		return nil, false, c.node.Errorf("it takes %d inputs, found %d", n, len(c.in))
	}
	in, ok = c.operands(c.in)
	if !ok || slices.ContainsFunc(in, func(v *value) bool { return v.rank() < 0 }) {
		return nil, false, c.unknown("its inputs' dimensions are not known")
	}
	for i, v := range in {
		in[i] = c.as(v, false)
	}
	return in, true, nil
}

// unsortedSegmentSum adds up the items with the same number. Those with a negative one are left out.
func unsortedSegmentSum(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes values, numbers and how many there are, found %d inputs", len(c.in))
	}
	n, ok := c.number(c.in[2])
	if !ok || n == unknownExtent {
		return c.unknown("how many sums there are is not constant")
	}
	return c.segments(n)
}

// segmentSum does so for numbers that rise, the last of which tells how many sums there are.
func segmentSum(c *call) error {
	list, ok := c.integers(1)
	if !ok || len(list) == 0 {
		return c.unknown("its numbers are not constant")
	}
	if !slices.IsSorted(list) || list[0] < 0 {
		return c.node.Errorf("its numbers should rise from 0 on, found %v", list)
	}
	return c.segments(list[len(list)-1] + 1)
}

func (c *call) segments(n int) error {
	x, ok := c.operand(0)
	index, known := c.operand(1)
	if !ok || !known || x.rank() < 1 || index.rank() < 1 {
		return c.unknown("its inputs' dimensions are not known")
	}
	x = c.as(x, false)
	shape := slices.Concat(tensor.Shape{n}, x.shape[index.rank():])
	if slices.Contains(shape, -1) {
		return c.unknown("its input's extents are not known")
	}
	list, constant := c.integers(1)
	if !constant || !slices.ContainsFunc(list, func(i int) bool { return i < 0 }) {
		places := c.between("/places", layer.Reshape{Shape: append(slices.Clone(index.shape), 1)}, index, false, "numbers as places along one axis")
		return c.scatter(places, x, shape)
	}
	return c.someSegments(x, list, index.shape, shape)
}

// someSegments gives the items that are left out a sum of their own, which is then dropped.
func (c *call) someSegments(x *value, list []int, of, shape tensor.Shape) error {
	places := tensor.New[float64](append(of.Clone(), 1)...)
	for i, at := range list {
		places.Data[i] = float64(at)
		if at < 0 {
			places.Data[i] = float64(shape[0])
		}
	}
	more := shape.Clone()
	more[0]++
	index := c.constantOf("/places", places, "numbers as places along one axis, negative ones behind the others")
	zeros := c.constantOf("/zeros", tensor.New[float64](more...), "the sums before")
	all := c.betweenAll("/all", layer.ScatterND{Add: true}, []*value{zeros, index, x}, false, "with the items that are left out")
	kept := layer.StridedSlice{Ranges: []layer.Range{{End: shape[0], Stride: 1, BeginOpen: true}}}
	for range shape[1:] {
		kept.Ranges = append(kept.Ranges, layer.Whole)
	}
	return c.emitIfFits(one{layer: kept, in: []*value{all}})
}
