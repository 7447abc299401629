package caffeio

import (
	"fmt"
	"slices"

	"parity/googlenet/tensor"
	"parity/importers/image"
)

// Transformer is caffe.io.Transformer for one input blob. Preprocess does what it asks for in this order: resize,
// transpose, swap channels, times raw scale, minus mean, times input scale. Zero values are steps that were not set.
type Transformer struct {
	Channels int        // of the blob
	Size     image.Size // of the blob
	// Smooth is scikit-image's filter against aliasing, see ResizeImage.
	Smooth      bool
	Transpose   []int // (2, 0, 1) makes height x width x channels to channels x height x width
	ChannelSwap []int // (2, 1, 0) turns RGB into BGR; applied to the first axis after the transposition
	RawScale    *float64
	InputScale  *float64
	mean        *tensor.Tensor[float64] // channels x height x width, or channels x 1 x 1
}

// SetMean sets the mean to subtract, in float64 as NumPy has it: one number a channel, or an image of channels x height x
// width (height x width for one channel). An image of another size than the blob's is resized.
func (t *Transformer) SetMean(mean *tensor.Tensor[float64]) error {
	s := mean.Shape
	if len(s) == 1 {
		if s[0] != t.Channels {
			return fmt.Errorf("the mean has %d numbers for %d channels", s[0], t.Channels)
		}
		t.mean = mean.Reshaped(s[0], 1, 1)
		return nil
	}
	if len(s) == 2 {
		s = append(tensor.Shape{1}, s...)
	}
	if len(s) != 3 || s[0] != t.Channels || s.Len() == 0 {
		return fmt.Errorf("the mean is %v; expected channels x height x width of %d channels", mean.Shape, t.Channels)
	}
	t.mean = mean.Reshaped(s...)
	if s[1] != t.Size.Height || s[2] != t.Size.Width {
		t.mean = t.resizeMean(t.mean)
	}
	return nil
}

// resizeMean scales to [0, 1], resizes in float64, rounds to float32 and scales back in float64.
func (t *Transformer) resizeMean(mean *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	low, high := slices.Min(mean.Data), slices.Max(mean.Data)
	unit := tensor.Permute(mean, 1, 2, 0)
	for i, v := range unit.Data {
		unit.Data[i] = (v - low) / (high - low)
	}
	out := tensor.Permute(tensor.As[float64](ResizeImage(unit, t.Size, t.Smooth)), 2, 0, 1)
	for i, v := range out.Data {
		out.Data[i] = float64(v*(high-low)) + low
	}
	return out
}

// Preprocess turns a picture, height x width x channels, into a network's input.
func (t *Transformer) Preprocess(in *tensor.Tensor[float32]) (*tensor.Tensor[float32], error) {
	if len(in.Shape) != 3 || in.Shape.Len() == 0 {
		return nil, fmt.Errorf("expected a picture of height x width x channels, found %v", in.Shape)
	}
	out := in.Clone()
	if in.Shape[0] != t.Size.Height || in.Shape[1] != t.Size.Width {
		out = ResizeImage(in, t.Size, t.Smooth)
	}
	if t.Transpose != nil {
		if !permutes(t.Transpose, 3) {
			return nil, fmt.Errorf("the transposition %v is no order of three axes", t.Transpose)
		}
		out = tensor.Permute(out, t.Transpose...)
	}
	if t.ChannelSwap != nil {
		if !permutes(t.ChannelSwap, out.Shape[0]) {
			return nil, fmt.Errorf("the channel swap %v is no order of %d channels", t.ChannelSwap, out.Shape[0])
		}
		out = swap(out, t.ChannelSwap)
	}
	scale(out, t.RawScale)
	if err := t.shift(out, -1); err != nil {
		return nil, err
	}
	scale(out, t.InputScale)
	return out, nil
}

// Deprocess undoes Preprocess except the resizing.
func (t *Transformer) Deprocess(in *tensor.Tensor[float32]) (*tensor.Tensor[float32], error) {
	out := in.Clone()
	out.Shape = slices.DeleteFunc(out.Shape, func(d int) bool { return d == 1 })
	divide(out, t.InputScale)
	if err := t.shift(out, 1); err != nil {
		return nil, err
	}
	divide(out, t.RawScale)
	if t.ChannelSwap != nil {
		if !permutes(t.ChannelSwap, out.Shape[0]) {
			return nil, fmt.Errorf("the channel swap %v is no order of %d channels", t.ChannelSwap, out.Shape[0])
		}
		out = swap(out, inverse(t.ChannelSwap))
	}
	if t.Transpose != nil {
		if !permutes(t.Transpose, len(out.Shape)) {
			return nil, fmt.Errorf("the transposition %v does not fit %v", t.Transpose, out.Shape)
		}
		out = tensor.Permute(out, inverse(t.Transpose)...)
	}
	return out, nil
}

// shift adds or subtracts the mean. NumPy computes in the mean's float64 and rounds to float32.
func (t *Transformer) shift(out *tensor.Tensor[float32], sign float64) error {
	if t.mean == nil {
		return nil
	}
	s, m := out.Shape, t.mean.Shape
	if len(s) != 3 || s[0] != m[0] || len(t.mean.Data) > m[0] && !s.Equal(m) {
		return fmt.Errorf("the mean of %v does not fit %v", m, s)
	}
	each := len(out.Data) / len(t.mean.Data)
	for i, v := range out.Data {
		out.Data[i] = float32(float64(v) + sign*t.mean.Data[i/each])
	}
	return nil
}

func scale(t *tensor.Tensor[float32], by *float64) {
	if by == nil {
		return
	}
	for i := range t.Data {
		t.Data[i] *= float32(*by)
	}
}

func divide(t *tensor.Tensor[float32], by *float64) {
	if by == nil {
		return
	}
	for i := range t.Data {
		t.Data[i] /= float32(*by)
	}
}

func permutes(order []int, n int) bool {
	sorted := slices.Sorted(slices.Values(order))
	for i, v := range sorted {
		if v != i {
			return false
		}
	}
	return len(order) == n
}

func swap(t *tensor.Tensor[float32], order []int) *tensor.Tensor[float32] {
	out := tensor.New[float32](t.Shape...)
	each := len(t.Data) / len(order)
	for i, from := range order {
		copy(out.Data[i*each:][:each], t.Data[from*each:])
	}
	return out
}

func inverse(order []int) []int {
	out := make([]int, len(order))
	for i, v := range order {
		out[v] = i
	}
	return out
}
