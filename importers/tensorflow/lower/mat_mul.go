package lower

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// matMul is a fully connected layer where the second matrix is constant: [inputs, outputs], or turned with transpose_b.
func matMul(c *call) error {
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant || len(w.shape) != 2 {
		return c.unknown("its second matrix is not constant")
	}
	turnedX, err := c.node.Bool("transpose_a")
	if err != nil || turnedX {
		return c.unlessErr(err, "it transposes its input")
	}
	turned, err := c.node.Bool("transpose_b")
	if err != nil {
		return err
	}
	if x = c.ranked(x, 2); x.rank() != 2 {
		return c.node.Errorf("its input should have 2 dimensions, found the shape %v", x.stored())
	}
	inputs, outputs := w.shape[0], w.shape[1]
	transform, note, stored := transposed, []string{"weights transposed to outputs x inputs"}, graph.Stored{ToCommon: []int{1, 0}}
	if turned {
		inputs, outputs, transform, note, stored = outputs, inputs, (func(tensor.Any) tensor.Any)(nil), nil, graph.Stored{}
	}
	if n := x.extent(1); n >= 0 && n != inputs {
		return c.node.Errorf("its weights %v take %d inputs, found %d", w.shape, inputs, n)
	}
	return c.emit(one{
		layer: layer.InnerProduct{Outputs: outputs}, in: []*value{x}, transforms: note,
		params: []weight{{constant: w, transform: transform, stored: stored}}, shape: tensor.Shape{-1, outputs},
	})
}
