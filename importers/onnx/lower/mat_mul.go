package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// matMul is a fully connected layer along the last axis where the second factor is a constant matrix [inputs, outputs].
func matMul(c *call) error {
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant || len(w.shape) != 2 {
		return c.unknown("its second factor is not a constant matrix")
	}
	x = c.as(x, false)
	if x.rank() < 2 {
		return c.unknown("its input is no matrix")
	}
	inputs, outputs := w.shape[0], w.shape[1]
	last := x.rank() - 1
	if n := x.extent(last); n >= 0 && n != inputs {
		return c.node.Errorf("its weights %v take %d inputs, found %d", w.shape, inputs, n)
	}
	back, ok := oneFree(append(x.shape[:last:last], outputs))
	if !ok {
		return c.unknown("more than one of its input's extents is not known")
	}
	weights, err := c.outputsFirst(w, false)
	if err != nil {
		return err
	}
	product := one{layer: layer.InnerProduct{Outputs: outputs}, in: []*value{x}, params: []param{weights}, shape: tensor.Shape{-1, outputs}}
	if last == 1 {
		return c.emit(product)
	}
	rows := c.between("/rows", one{layer: layer.Reshape{Shape: []int{-1, inputs}}, in: []*value{x}, transforms: []string{"one row for each vector along the last axis"}})
	product.in = []*value{rows}
	y := c.between("/product", product)
	return c.emit(one{layer: layer.Reshape{Shape: back}, in: []*value{y}})
}

// oneFree states a shape for a Reshape, which finds out a single extent by itself.
func oneFree(s tensor.Shape) ([]int, bool) {
	free := 0
	for _, d := range s {
		if d <= 0 {
			free++
		}
		if d == 0 {
			free = len(s) + 1 // no elements; the common 0 means something else
		}
	}
	return s, free <= 1
}
