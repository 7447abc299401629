package lower

import (
	"math"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// constant is a value that does not depend on what is fed, or only on its shape.
type constant struct {
	name   string // of the initialiser or node that it comes from
	dtype  model.DType
	shape  tensor.Shape
	stored *model.Tensor // in the file; nil for one that was computed here
	value  tensor.Any    // nil for one that was not read yet. An extent that is not known is NaN.
	// transforms are what was done to it since the file.
	transforms []string
}

// budget bounds what a file can make the importer compute from constants, by what it holds itself.
type budget struct{ read, made int }

// free is what is allowed beyond a multiple of what was read.
const (
	free = 1 << 22
	most = 16
)

// spend counts elements that are computed.
func (b *budget) spend(n int) bool {
	b.made += n
	return b.made <= free+most*b.read
}

// load returns the elements.
func (l *lowering) load(k *constant) (tensor.Any, error) {
	if k.value == nil {
		v, err := k.stored.Value()
		if err != nil {
			return nil, err
		}
		k.value = v
		l.budget.read += v.Dims().Len()
	}
	return k.value, nil
}

// maxIntegers is the most elements of a constant that steers an operation: axes, a shape, paddings.
const maxIntegers = 1 << 12

// unknownExtent stands for an extent that is not known before something is fed. It differs from the -1 that a Reshape is
// given.
const unknownExtent = -1 << 40

// integers returns the elements of a small integer tensor. It is not ok for other tensors.
func (l *lowering) integers(k *constant) (list []int, ok bool, err error) {
	n, whole := k.shape.CheckedLen()
	if k.dtype.IsFloat() || k.dtype == model.String || !whole || n > maxIntegers {
		return nil, false, nil
	}
	v, err := l.load(k)
	if err != nil {
		return nil, false, err
	}
	list = make([]int, 0, n)
	for _, x := range tensor.As[float64](v).Data {
		if math.IsNaN(x) {
			list = append(list, unknownExtent)
		} else {
			list = append(list, int(max(min(x, math.MaxInt32), math.MinInt32)))
		}
	}
	return list, true, nil
}
