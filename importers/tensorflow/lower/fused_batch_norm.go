package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// fusedBatchNorm is FusedBatchNorm of any version, whose outputs are those of the common layer. Version 3 has one more, for
// the use of other devices than the CPU: it is empty, and 0 for maps of three dimensions.
func fusedBatchNorm(c *call) error {
	l, err := c.batchNormSettings()
	if err != nil {
		return err
	}
	if len(c.in) != 5 {
		return c.node.Errorf("it takes 5 inputs, found %d", len(c.in))
	}
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	f, err := formatOf(c.node)
	if err != nil {
		return err
	}
	if x, l.Axis, err = c.channelled(x, f); err != nil || x == nil {
		return c.unlessErr(err, "data_format "+string(f))
	}
	if done, err := c.rowsNormalised(x, l, f); done || err != nil {
		return err
	}
	o := one{layer: l, in: []*value{x}, nhwc: f == nhwc, aside: true}
	if !c.addStatistics(&o, l, 1, 2, 3, 4) {
		return c.unknown("its scale, offset, mean or variance is not known")
	}
	if c.node.Op == "FusedBatchNormV3" {
		reserved := tensor.New[float32](0)
		if x.rank() == 5 {
			reserved = tensor.New[float32]()
		}
		c.out.Constants[ref{c.node, 5}.name()] = reserved
	}
	return c.emitIfFits(o)
}

// rowsNormalised is the normalisation of each row of [1, rows, elements, 1] by itself, with as many equal scales and offsets as there
// are rows, which is how Keras 2 writes its layer normalisation.
func (c *call) rowsNormalised(x *value, l layer.FusedBatchNorm, f format) (bool, error) {
	scale, ok1 := c.uniform[c.in[1].ref]
	offset, ok2 := c.uniform[c.in[2].ref]
	if !ok1 || !ok2 || !l.Batch || f != nchw || x.extent(0) != 1 || c.net.outputs[c.node] > 1 {
		return false, nil
	}
	normal := layer.MVN{Axis: 2, Variance: true, Epsilon: l.Epsilon, Inside: true}
	if scale == 1 && offset == 0 {
		return true, c.emit(one{layer: normal, in: []*value{x}})
	}
	y := c.between("/normal", normal, x, false, "rows normalised")
	return true, c.emit(one{layer: layer.Power{Power: 1, Scale: scale, Shift: offset}, in: []*value{y}})
}

func (c *call) batchNormSettings() (l layer.FusedBatchNorm, err error) {
	if l.Epsilon, err = c.node.Float("epsilon", 1e-4); err != nil {
		return
	}
	if l.Factor, err = c.node.Float("exponential_avg_factor", 1); err != nil {
		return
	}
	training := true
	if c.node.Attrs["is_training"] != nil {
		training, err = c.node.Bool("is_training")
	}
	if l.Batch = training; !training {
		l.Factor = 0
	}
	return
}

// channelled returns a value as an operation of that format needs it, and the axis of the channels; nil for a format that is
// none of those with channels.
func (c *call) channelled(x *value, f format) (*value, int, error) {
	switch f {
	case nhwc, nchw:
		x, err := c.featureMap(x, f)
		return x, 1, err
	case "NDHWC", "NCDHW":
		if x = c.ranked(x, 5); x.rank() != 5 {
			return nil, 0, c.node.Errorf("its input should have 5 dimensions, found the shape %v", x.stored())
		}
		if f == "NDHWC" {
			return x, 4, nil
		}
		return x, 1, nil
	}
	return nil, 0, nil
}

// addStatistics adds scale, offset and, where they are read, mean and variance, which are these inputs: as parameters if all are
// constants, else as inputs.
func (c *call) addStatistics(o *one, l layer.FusedBatchNorm, inputs ...int) bool {
	if l.Batch && l.Factor == 1 {
		inputs = inputs[:2]
	}
	for _, i := range inputs {
		k, ok := c.weights(i)
		if !ok {
			l.Fed = true
			break
		}
		o.params = append(o.params, weight{constant: k})
	}
	if !l.Fed {
		return true
	}
	o.layer, o.params = l, nil
	for _, i := range inputs {
		v, ok := c.operand(i)
		if !ok {
			return false
		}
		o.in = append(o.in, v)
	}
	return true
}

// globalNormalization is BatchNormWithGlobalNormalization, the form before FusedBatchNorm: normalisation by stored statistics, with or
// without a scale behind it. Its inputs are the data, mean, variance, offset and scale.
func globalNormalization(c *call) error {
	epsilon, err := c.node.Float("variance_epsilon", 0)
	if err != nil {
		return err
	}
	scaled, err := c.node.Bool("scale_after_normalization")
	if err != nil {
		return err
	}
	if len(c.in) != 5 {
		return c.node.Errorf("it takes 5 inputs, found %d", len(c.in))
	}
	x, ok := c.operand(0)
	if !ok {
		return c.unknown("its input is not known")
	}
	if x, err = c.featureMap(x, nhwc); err != nil {
		return err
	}
	l := layer.FusedBatchNorm{Axis: 1, Epsilon: epsilon}
	o := one{layer: l, in: []*value{x}, nhwc: true, aside: true}
	if !scaled {
		return c.unscaled(o, l)
	}
	if !c.addStatistics(&o, l, 4, 3, 1, 2) {
		return c.unknown("its scale, offset, mean or variance is not known")
	}
	return c.emitIfFits(o)
}

// unscaled feeds ones for the scale.
func (c *call) unscaled(o one, l layer.FusedBatchNorm) error {
	in, ok := c.operands(c.in[1:])
	if !ok {
		return c.unknown("its offset, mean or variance is not known")
	}
	l.Fed = true
	scale := c.between("/one", layer.Unary{Function: layer.One}, in[3], false, "no scale")
	o.layer, o.in = l, append(o.in, scale, in[2], in[0], in[1])
	return c.emitIfFits(o)
}
