package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// dropout passes its input on when it does not train. The ratio is an attribute before version 12, then an input.
func dropout(c *call) error {
	training, err := c.training()
	if err != nil {
		return err
	}
	if training {
		return c.unknown("it drops elements, as in training")
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
	return c.elementwise(layer.Dropout{Ratio: ratio})
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
