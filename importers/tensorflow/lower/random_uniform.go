package lower

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// uniform are the operations that draw numbers from [0, 1).
var uniform = set("RandomUniform", "StatelessRandomUniform", "StatelessRandomUniformV2")

// randomUniform becomes an input: what TensorFlow draws is not part of the graph.
func randomUniform(c *call) error {
	list, ok := c.integers(0)
	if !ok {
		return c.unknown("its shape is not known")
	}
	shape := make(tensor.Shape, len(list))
	for i, d := range list {
		shape[i] = max(d, -1)
	}
	v := c.fed(shape)
	c.out.Inputs = append(c.out.Inputs, graph.Input{Name: v.name, Shape: v.shape.Clone(), Drawn: true})
	return nil
}
