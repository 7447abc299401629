package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// dropout passes its input on when it does not train, and where it drops nothing. The ratio is an attribute before version 12, then an
// input. A second output says which elements stay: all.
func dropout(c *call) error {
	training, err := c.training()
	if err != nil {
		return err
	}
	ratio, err := c.node.Float("ratio", 0.5)
	if err != nil {
		return err
	}
	if k, ok := c.weights(1); ok && k.shape.Len() == 1 {
		v, err := c.load(k)
		if err != nil {
			return err
		}
		ratio = tensor.As[float64](v).Data[0]
	}
	if training && ratio != 0 {
		return c.unknown("it drops elements at random, as in training")
	}
	x, ok := c.data(0)
	if !ok {
		return c.unknown("its input is no number")
	}
	if c.wanted(1) {
		c.further(1, one{layer: layer.Unary{Function: layer.One}, in: []*value{x}, nhwc: x.nhwc, dtype: model.Bool})
	}
	return c.emitOn(x, layer.Dropout{Ratio: ratio})
}

// training tells whether the node trains: by the attribute is_test before version 7, by the third input since version 12.
func (c *call) training() (bool, error) {
	if c.model.Opset() < 7 {
		test, err := c.node.Bool("is_test", false)
		return !test, err
	}
	if c.omitted(2) {
		return false, nil
	}
	mode, ok, err := c.integers(2)
	return !ok || len(mode) != 1 || mode[0] != 0, err
}
