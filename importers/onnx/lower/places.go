package lower

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// gatherND looks up places along several axes.
func gatherND(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	batch, err := c.node.Int("batch_dims", 0)
	if err != nil {
		return err
	}
	in, ok, err := c.placed(batch)
	if err != nil || !ok {
		return c.unlessErr(err, "its inputs' dimensions are not known")
	}
	return c.emit(one{layer: layer.GatherND{Batch: batch}, in: in})
}

// scatterND replaces elements at places along several axes, or adds to them.
func scatterND(c *call) error {
	how, err := c.node.Text("reduction", "none")
	if err != nil {
		return err
	}
	if how != "none" && how != "add" {
		return c.unknown("it joins updates by " + how)
	}
	in, ok, err := c.placed(0)
	if err != nil || !ok || len(in) != 3 {
		return c.unlessErr(err, "its inputs' dimensions are not known")
	}
	return c.emit(one{layer: layer.ScatterND{Add: how == "add"}, in: in})
}

// placed returns all inputs in ONNX's order of axes, the second, which are places along the axes of the first behind the shared ones,
// counted from the beginning.
func (c *call) placed(shared int) ([]*value, bool, error) {
	in, ok, err := c.all()
	if err != nil || !ok || len(in) < 2 || slices.ContainsFunc(in, func(v *value) bool { return v.rank() < 0 }) {
		return nil, false, err
	}
	in = slices.Clone(in)
	for i, v := range in {
		in[i] = c.as(v, false)
	}
	depth := in[1].extent(in[1].rank() - 1)
	if in[1].rank() == 0 || depth < 0 || shared < 0 || shared+depth > in[0].rank() {
		return nil, false, nil
	}
	extents := tensor.New[float64](depth)
	for i, n := range in[0].shape[shared : shared+depth] {
		if extents.Data[i] = float64(n); n < 0 {
			return nil, false, nil
		}
	}
	behind := c.together("/behind", layer.Binary{Operation: layer.Product}, in[1].dtype,
		c.compare("/negative", layer.Less, in[1], 0), c.fixed(c.unused(c.node.Outputs[0]+"/extents"), extents, model.Int64))
	in[1] = c.together("/places", layer.Binary{Operation: layer.Sum}, in[1].dtype, in[1], behind)
	return in, true, nil
}

// cumSum adds up along an axis.
func cumSum(c *call) error {
	l := layer.Cumulative{}
	var err error
	if l.Exclusive, err = c.node.Bool("exclusive", false); err != nil {
		return err
	}
	if l.Reverse, err = c.node.Bool("reverse", false); err != nil {
		return err
	}
	x, ok := c.data(0)
	axis, known, err := c.integers(1)
	if err != nil || !ok || !known || len(axis) != 1 || x.rank() < 0 {
		return c.unlessErr(err, "its axis is not constant")
	}
	x = c.as(x, false)
	if l.Axis, ok = x.axis(axis[0]); !ok {
		return c.node.Errorf("its axis %d does not exist in %v", axis[0], x.stored())
	}
	return c.wrap(c.put(unwrapped(x), one{layer: l, in: []*value{x}}))
}

// topK picks the largest numbers along an axis, or the smallest, in order. Before version 10 their number is an attribute.
func topK(c *call) error {
	list, stated, known, err := c.axes("k", 1)
	if c.node.Has("k") {
		var k int
		k, err = c.node.Int("k", 0)
		list, stated, known = []int{k}, true, true
	}
	x, ok := c.data(0)
	if err != nil || !ok || !stated || !known || len(list) != 1 || list[0] == unknownExtent || x.rank() < 0 {
		return c.unlessErr(err, "how many it picks is not constant")
	}
	l := layer.TopK{K: list[0]}
	why, err := c.topKSettings(&l, x)
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if n := x.extent(l.Axis); n >= 0 && (l.K < 0 || l.K > n) {
		return c.node.Errorf("it cannot pick %d of %d numbers", l.K, n)
	}
	c.appendAll(c.name, c.outputs(2), one{layer: l, in: []*value{x}, nhwc: x.nhwc})[1].dtype = model.Int64
	return nil
}

func (c *call) topKSettings(l *layer.TopK, x *value) (why string, err error) {
	a, err := c.node.Int("axis", -1)
	if err != nil {
		return "", err
	}
	largest, err := c.node.Bool("largest", true)
	if err != nil {
		return "", err
	}
	sorted, err := c.node.Bool("sorted", true)
	if err != nil {
		return "", err
	}
	if !sorted && l.K > 1 {
		return "the order of its picks is not defined", nil
	}
	axis, ok := x.axis(a)
	if !ok {
		return "", c.node.Errorf("its axis %d does not exist in %v", a, x.stored())
	}
	l.Axis, l.Least = axis, !largest
	return "", nil
}

// reverseSequence turns round so many of the first cells of each sequence as its second input says.
func reverseSequence(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	in, ok, err := c.all()
	if err != nil || !ok || in[0].rank() < 0 {
		return c.unlessErr(err, "its inputs' dimensions are not known")
	}
	l := layer.ReverseSequence{}
	for _, axis := range []struct {
		name     string
		fallback int
		to       *int
	}{{"batch_axis", 1, &l.Batch}, {"time_axis", 0, &l.Time}} {
		a, err := c.node.Int(axis.name, axis.fallback)
		if err != nil {
			return err
		}
		if *axis.to, ok = in[0].axis(a); !ok {
			return c.node.Errorf("its %s %d does not exist in %v", axis.name, a, in[0].stored())
		}
	}
	return c.emit(one{layer: l, in: in, nhwc: in[0].nhwc})
}

// einsum multiplies and adds up as its equation says.
func einsum(c *call) error {
	equation, err := c.node.Text("equation", "")
	if err != nil {
		return err
	}
	in, ok, err := c.all()
	if err != nil || !ok {
		return c.unlessErr(err, "its inputs are not known to be numbers")
	}
	in = slices.Clone(in)
	var ranks []int
	for i, v := range in {
		if v.rank() < 0 {
			return c.unknown("its inputs' dimensions are not known")
		}
		in[i] = c.as(v, false)
		ranks = append(ranks, v.rank())
	}
	l, err := layer.ParseEinsum(equation, ranks)
	if err != nil {
		return c.node.Errorf("%v", err)
	}
	return c.emit(one{layer: l, in: in})
}

// nonZero lists the places of what is not 0: an axis in each row.
func nonZero(c *call) error {
	x, ok := c.data(0)
	if !ok || x.rank() < 1 {
		return c.unknown("its input's dimensions are not known")
	}
	places := c.between("/places", one{layer: layer.Nonzero{}, in: []*value{c.as(x, false)}, dtype: model.Int64})
	places.shape = tensor.Shape{-1, x.rank()}
	return c.emit(one{layer: layer.Permute{Axes: []int{1, 0}}, in: []*value{places}, dtype: model.Int64})
}
