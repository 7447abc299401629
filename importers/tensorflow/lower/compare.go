package lower

import "parity/googlenet/layer"

// approximatelyEqual tells where two values differ by less than a tolerance.
func approximatelyEqual(c *call) error {
	tolerance, err := c.node.Float("tolerance", 1e-5)
	if err != nil {
		return err
	}
	in, ok := c.operands(c.in)
	if !ok || len(in) != 2 {
		return c.unknown("an input is computed in a way that is not known")
	}
	in, nhwc, ok := c.aligned(in)
	if !ok {
		return c.unknown("its inputs' dimensions are not known")
	}
	distance := c.betweenAll("/distance", layer.Binary{Operation: layer.Difference}, in, nhwc, "how they differ")
	size := c.between("/size", layer.Abs{}, distance, nhwc, "by how much")
	limit := c.constantOf("/tolerance", single(tolerance), "the tolerance")
	return c.emit(one{layer: layer.Binary{Operation: layer.Less}, in: []*value{size, limit}, nhwc: nhwc, shape: together(in)})
}

// inTopK tells for each row whether fewer than k numbers of it are larger than that of the target.
func inTopK(c *call) error {
	k, err := c.node.Int("k", 1)
	if err != nil {
		return err
	}
	return c.inTopK(k)
}

// inTopKV2 has the number as an input.
func inTopKV2(c *call) error {
	if len(c.in) != 3 {
		return c.node.Errorf("it takes predictions, targets and a number, found %d inputs", len(c.in))
	}
	k, ok := c.number(c.in[2])
	if !ok || k == unknownExtent {
		return c.unknown("its number is not constant")
	}
	return c.inTopK(k)
}

func (c *call) inTopK(k int) error {
	in, ok := c.operands(c.in[:min(2, len(c.in))])
	if !ok || len(in) != 2 || in[0].rank() != 2 || in[1].rank() != 1 {
		return c.unknown("its inputs' dimensions are not known")
	}
	index := c.between("/index", layer.Reshape{Shape: []int{-1, 1}}, in[1], false, "the targets as columns")
	own := c.betweenAll("/own", layer.GatherElements{Axis: 1}, []*value{in[0], index}, false, "the number of the target")
	above := c.betweenAll("/above", layer.Binary{Operation: layer.Greater}, []*value{in[0], own}, false, "what is larger")
	count := c.between("/count", layer.Reduce{Reducer: layer.ReduceSum, Axes: []int{1}}, above, false, "how many are")
	limit := c.constantOf("/k", single(float64(k)), "the number")
	return c.emit(one{layer: layer.Binary{Operation: layer.Less}, in: []*value{count, limit}, shape: in[1].shape})
}
