package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// foldExpand repeats a constant, as PyTorch's exporter makes the zeros of a bias that a layer does not have.
func foldExpand(c *call) (*constant, error) {
	k, v, err := c.known(0)
	if err != nil {
		return nil, err
	}
	shape, ok, err := c.integers(1)
	if err != nil || !ok {
		return nil, err
	}
	target, ok := broadcastShape(v.Dims(), shape)
	n, whole := target.CheckedLen()
	if !ok || !whole {
		return nil, c.node.Errorf("%v cannot be repeated to meet %v", v.Dims(), shape)
	}
	if n > maxIntegers {
		return nil, nil
	}
	from, out := tensor.As[float64](v), tensor.New[float64](target...)
	r := layer.Repeat(target, v.Dims())
	for i := range out.Data {
		out.Data[i] = from.Data[r.At(0, i)]
	}
	return c.derived(k, out, ""), nil
}

// foldCastLike is a cast to the type of its second input.
func foldCastLike(c *call) (*constant, error) {
	k, v, err := c.known(0)
	if err != nil {
		return nil, err
	}
	like := c.in[1].dtype()
	if !exact(k.dtype, like) {
		return nil, nil
	}
	out := c.derived(k, v, "")
	out.dtype = like
	return out, nil
}
