package lower

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// composite builds what TensorFlow computes in one node of several layers, all of whose values meet element by element.
type composite struct {
	*call
	nhwc bool
}

// composite brings values that meet element by element into one order of axes.
func (c *call) composite(in []*value) (composite, []*value, bool) {
	in, nhwc, ok := c.aligned(in)
	return composite{c, nhwc}, in, ok
}

// join is an operation on two values.
func (c composite) join(suffix string, o layer.Operation, a, b *value, why string) *value {
	v := c.betweenAll(suffix, layer.Binary{Operation: o}, []*value{a, b}, c.nhwc, why)
	if v.shape == nil {
		v.shape = together([]*value{a, b})
	}
	return v
}

// each is a function of every element.
func (c composite) each(suffix string, f layer.Function, a *value, why string) *value {
	return c.between(suffix, layer.Unary{Function: f}, a, c.nhwc, why)
}

// number is a constant.
func (c composite) number(suffix string, v float64, why string) *value {
	return c.constantOf(suffix, single(v), why)
}

// through has the number of one value and passes its gradient to another: own + (v - own), whose second part passes none on.
func (c composite) through(suffix string, own, v *value) *value {
	rest := c.join(suffix+" rest", layer.Difference, v, own, "what is added without a gradient")
	c.stopAt(rest)
	return c.join(suffix, layer.Sum, own, rest, "with the gradient of "+own.name)
}

// stopAt cuts the gradients of what the last node read.
func (c composite) stopAt(v *value) {
	n := c.out.Nodes[len(c.out.Nodes)-1]
	n.Stop = make([]bool, len(n.Inputs))
	for i := range n.Stop {
		n.Stop[i] = n.Outputs[0] == v.name
	}
}

// single is a tensor of one number without axes.
func single(v float64) *tensor.Tensor[float64] {
	t := tensor.New[float64]()
	t.Data[0] = v
	return t
}
