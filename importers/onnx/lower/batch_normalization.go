package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// batchNormalization normalises by stored statistics, and then scales and shifts: two layers here.
func batchNormalization(c *call) error {
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is constant")
	}
	epsilon, err := c.node.Float("epsilon", 1e-5)
	if err != nil {
		return err
	}
	training, why, err := c.trains()
	if err != nil || why != "" {
		return c.unlessErr(err, why)
	}
	if len(c.in) != 5 {
		return c.node.Errorf("it takes an input, scale, bias, mean and variance, found %d inputs", len(c.in))
	}
	if training {
		return c.trainingBatchNormalization(x, epsilon)
	}
	if x = c.as(x, false); x.rank() >= 0 && x.rank() < 2 {
		return c.node.Errorf("its input should have channels as its second dimension, found the shape %v", x.stored())
	}
	var params []param
	for i := 1; i < 5; i++ {
		k, constant := c.weights(i)
		if !constant || len(k.shape) != 1 {
			return c.unknown("its statistics, scale and bias are not constant vectors")
		}
		if n := x.extent(1); n >= 0 && n != k.shape[0] {
			return c.node.Errorf("its input %d has %d elements for %d channels", i+1, k.shape[0], n)
		}
		p, err := c.param(k, k.shape[0])
		if err != nil {
			return err
		}
		params = append(params, p)
	}
	factor := param{name: c.name + "/factor", value: tensor.From([]float32{1}, 1)}
	normal := c.between("/normal", one{
		layer: layer.BatchNorm{Epsilon: epsilon}, in: []*value{x}, params: []param{params[2], params[3], factor}, shape: x.shape,
		transforms: []string{"the factor 1 put in, by which mean and variance are not divided"},
	})
	return c.emit(one{layer: layer.Scale{Axis: 1, Bias: true}, in: []*value{normal}, params: params[:2], shape: x.shape})
}

// trains says whether the statistics are those of the batch, which three generations of attributes state. Why says what is not
// computed.
func (c *call) trains() (training bool, why string, err error) {
	training, err = c.node.Bool("training_mode", false)
	if err != nil {
		return false, "", err
	}
	test, err := c.node.Bool("is_test", c.model.Opset() >= 7)
	if err != nil {
		return false, "", err
	}
	spatial, err := c.node.Bool("spatial", true)
	switch {
	case !test:
		why = "it takes the statistics of the batch as in version 6 and before"
	case !spatial:
		why = "it has statistics for each element, not for each channel"
	}
	return training, why, err
}
