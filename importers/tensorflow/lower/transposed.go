package lower

import "parity/googlenet/tensor"

// oihw turns the weights of a convolution from the axes height, width, inputs, outputs to outputs, inputs, height, width.
func oihw(t tensor.Any, size filterShape) tensor.Any {
	s := t.Dims()
	switch t := t.(type) {
	case *tensor.Tensor[float32]:
		return tensor.From(lastToFront(t.Data, size), size.outputs, size.inputs, s[0], s[1])
	case *tensor.Tensor[float64]:
		return tensor.From(lastToFront(t.Data, size), size.outputs, size.inputs, s[0], s[1])
	}
	return nil
}

// strip is how many outputs are written side by side: as many as read one cache line.
const strip = 16

// lastToFront turns [cells][inputs][outputs] into [outputs][inputs][cells]. It is tensor.Permute made fast for matrices
// with millions of elements.
func lastToFront[T tensor.Float](x []T, size filterShape) []T {
	out := make([]T, len(x))
	if len(x) == 0 {
		return out
	}
	rows := len(x) / size.outputs
	cells := rows / size.inputs
	for first := 0; first < size.outputs; first += strip {
		width := min(strip, size.outputs-first)
		for row := range rows {
			to := first*rows + row%size.inputs*cells + row/size.inputs
			for i, v := range x[row*size.outputs+first:][:width] {
				out[to+i*rows] = v
			}
		}
	}
	return out
}

// transposed turns a matrix.
func transposed(t tensor.Any) tensor.Any {
	s := t.Dims()
	size := filterShape{outputs: s[1], inputs: s[0]}
	switch t := t.(type) {
	case *tensor.Tensor[float32]:
		return tensor.From(lastToFront(t.Data, size), s[1], s[0])
	case *tensor.Tensor[float64]:
		return tensor.From(lastToFront(t.Data, size), s[1], s[0])
	}
	return nil
}
