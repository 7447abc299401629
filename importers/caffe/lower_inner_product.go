package caffe

import (
	"parity/googlenet/layer"
)

// lowerInnerProduct lowers a product over all axes from one on. Where that is not the second, the axes before it are
// joined for the product and parted again after it.
func lowerInnerProduct(s *step) ([]layer.Layer, error) {
	p := s.Settings.Sub("inner_product_param")
	l := layer.InnerProduct{Outputs: p.Int("num_output", 0), Bias: p.Bool("bias_term", true)}
	if l.Outputs < 1 {
		return nil, s.bad(p, "num_output", "num_output must be positive, found %d", l.Outputs)
	}
	axis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	if p.Bool("transpose", false) {
		s.stored = map[int][]int{0: {1, 0}}
		s.transforms = append(s.transforms, "weights transposed from inputs x outputs")
	}
	if axis == 1 {
		return one(l)
	}
	if axis == 0 {
		return []layer.Layer{layer.Reshape{Shape: []int{1, -1}}, l, layer.Reshape{Shape: []int{-1}}}, nil
	}
	return s.joined(l, axis)
}

// joined computes a product from the third or a later axis on.
func (s *step) joined(l layer.InnerProduct, axis int) ([]layer.Layer, error) {
	inputs := 1
	parted := []int{-1}
	for i, d := range s.in[0] {
		if i > 0 && d < 0 || s.in[0] == nil {
			return nil, nil
		}
		if i >= axis {
			inputs *= d
		} else if i > 0 {
			parted = append(parted, d)
		}
	}
	return []layer.Layer{layer.Reshape{Shape: []int{-1, inputs}}, l, layer.Reshape{Shape: append(parted, l.Outputs)}}, nil
}
