package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// matMul is a fully connected layer along the last axis where the second factor is a constant matrix [inputs, outputs].
func matMul(c *call) error {
	if err := c.binary(); err != nil {
		return err
	}
	x, ok := c.data(0)
	w, constant := c.weights(1)
	if !ok || !constant || len(w.shape) != 2 || x.rank() < 2 {
		return c.matrices()
	}
	x = c.as(x, false)
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

// matrices multiplies the matrices in the last two axes of two values; a vector counts as a row before, as a column behind.
func (c *call) matrices() error {
	in, ok, err := c.all()
	if err != nil || !ok || in[0].rank() < 1 || in[1].rank() < 1 {
		return c.unlessErr(err, "its inputs are not known to be numbers of known dimensions")
	}
	a, b := c.as(in[0], false), c.as(in[1], false)
	if a.rank() > 1 && b.rank() > 1 {
		return c.emit(one{layer: layer.MatMul{}, in: []*value{a, b}})
	}
	if !known(a.shape) || !known(b.shape) {
		return c.unknown("its inputs' extents are not known")
	}
	row, column := a.rank() == 1, b.rank() == 1
	if row {
		a = c.between("/row", one{layer: layer.Reshape{Shape: []int{1, a.shape[0]}}, in: []*value{a}})
	}
	if column {
		b = c.between("/column", one{layer: layer.Reshape{Shape: []int{b.shape[0], 1}}, in: []*value{b}})
	}
	product := c.between("/product", one{layer: layer.MatMul{}, in: []*value{a, b}})
	last := product.rank() - 1
	target := product.shape[:last-1].Clone()
	if !row {
		target = append(target, product.shape[last-1])
	}
	if !column {
		target = append(target, product.shape[last])
	}
	return c.emit(one{layer: layer.Reshape{Shape: target}, in: []*value{product}})
}
