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
	o := one{layer: l, in: []*value{x}, nhwc: f == nhwc, aside: true}
	if !c.addStatistics(&o, l) {
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

// addStatistics adds scale, offset and, where they are read, mean and variance: as parameters if all are constants, else as
// inputs.
func (c *call) addStatistics(o *one, l layer.FusedBatchNorm) bool {
	last := 4
	if l.Batch && l.Factor == 1 {
		last = 2
	}
	for i := 1; i <= last; i++ {
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
	for i := 1; i <= last; i++ {
		v, ok := c.operand(i)
		if !ok {
			return false
		}
		o.in = append(o.in, v)
	}
	return true
}
