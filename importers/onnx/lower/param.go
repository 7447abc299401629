package lower

import (
	"fmt"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// param is a weight tensor in the layout of its layer.
type param struct {
	name       string
	value      tensor.Any
	transforms []string
}

// param loads a constant as a weight tensor of that shape, which must hold as many elements.
func (c *call) param(k *constant, shape ...int) (param, error) {
	v, err := c.load(k)
	if err != nil {
		return param{}, err
	}
	p := param{name: k.name, value: tensor.ReshapeAny(v, shape...), transforms: k.transforms}
	if k.dtype == model.Float16 || k.dtype == model.BFloat16 {
		p.transforms = append(p.transforms[:len(p.transforms):len(p.transforms)], fmt.Sprintf("%s widened from %v", k.name, k.dtype))
	}
	return p, nil
}

// transposed turns a matrix of weights.
func (c *call) transposed(p param, why string) (param, error) {
	if err := c.spend(p.value.Dims().Len()); err != nil {
		return p, err
	}
	p.value = tensor.PermuteAny(p.value, 1, 0)
	p.transforms = append(p.transforms[:len(p.transforms):len(p.transforms)], why)
	return p, nil
}

// scaled multiplies weights by a number; the product of two float32 is exact in float64.
func (c *call) scaled(p param, by float64, why string) (param, error) {
	if by == 1 {
		return p, nil
	}
	if err := c.spend(p.value.Dims().Len()); err != nil {
		return p, err
	}
	from := tensor.As[float64](p.value)
	to := tensor.New[float64](from.Shape...)
	for i, v := range from.Data {
		to.Data[i] = by * v
	}
	p.value = to
	p.transforms = append(p.transforms[:len(p.transforms):len(p.transforms)], why)
	return p, nil
}

// repeated is a single number as a vector.
func (c *call) repeated(p param, n int) (param, error) {
	if err := c.spend(n); err != nil {
		return p, err
	}
	from := tensor.As[float64](p.value).Data[0]
	to := tensor.New[float64](n)
	for i := range to.Data {
		to.Data[i] = from
	}
	p.value = to
	p.transforms = append(p.transforms[:len(p.transforms):len(p.transforms)], "one number repeated along the axis")
	return p, nil
}

// spend counts elements that are computed from constants, of which a file may not make too many.
func (c *call) spend(n int) error {
	if !c.budget.spend(n) {
		return c.node.Errorf("the constants up to here expand to %d elements, out of %d in the file", c.budget.made, c.budget.read)
	}
	return nil
}
