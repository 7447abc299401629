package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// matMul is a fully connected layer where the second matrix is constant: [inputs, outputs], or turned with transpose_b. Else it is a
// product of two values.
func matMul(c *call) error {
	l, err := c.turns("transpose_a", "transpose_b")
	if err != nil {
		return err
	}
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant || len(w.shape) != 2 || l.TransposeA {
		return c.product(l)
	}
	if x = c.ranked(x, 2); x.rank() != 2 {
		return c.node.Errorf("its input should have 2 dimensions, found the shape %v", x.stored())
	}
	inputs, outputs := w.shape[0], w.shape[1]
	params, note := weight{constant: w, transform: transposed, stored: graph.Stored{ToCommon: []int{1, 0}}}, []string{"weights transposed to outputs x inputs"}
	if l.TransposeB {
		inputs, outputs, params, note = outputs, inputs, weight{constant: w}, nil
	}
	if n := x.extent(1); n >= 0 && n != inputs {
		return c.node.Errorf("its weights %v take %d inputs, found %d", w.shape, inputs, n)
	}
	return c.emit(one{
		layer: layer.InnerProduct{Outputs: outputs}, in: []*value{x}, transforms: note,
		params: []weight{params}, shape: tensor.Shape{-1, outputs},
	})
}

// batchMatMul multiplies the matrices in the last two axes.
func batchMatMul(c *call) error {
	l, err := c.turns("adj_x", "adj_y")
	if err != nil {
		return err
	}
	return c.product(l)
}

// turns reads which matrices are turned.
func (c *call) turns(first, second string) (l layer.MatMul, err error) {
	if l.TransposeA, err = c.node.Bool(first); err != nil {
		return l, err
	}
	l.TransposeB, err = c.node.Bool(second)
	return l, err
}

// product multiplies two values in TensorFlow's order of axes.
func (c *call) product(l layer.MatMul) error {
	in, ok := c.operands(c.in)
	if !ok || len(in) != 2 {
		return c.unknown("an input is computed in a way that is not known")
	}
	in = slices.Clone(in)
	for i, v := range in {
		if v.rank() < 0 && v.nhwc {
			return c.unknown("its inputs' dimensions are not known")
		}
		in[i] = c.as(v, false)
	}
	return c.emit(one{layer: l, in: in})
}
