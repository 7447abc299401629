package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// value is a tensor of the common graph.
type value struct {
	name string
	// shape is in the common order of axes; nil if not even the rank is known.
	shape tensor.Shape
	// nhwc says that TensorFlow's axes are N, H, W, C and the common ones N, C, H, W. Of a value of unknown rank it says so
	// in case that there are four.
	nhwc bool
	// known is the value itself where it follows from shapes and integer constants alone: axes, paddings, a shape to come. An
	// unknown extent is NaN. Nil for all other values.
	known *tensor.Tensor[float64]
	// items are those of a list of tensors, nil for one that is not set yet.
	items  []*value
	isList bool
}

var (
	toCommon   = []int{0, 3, 1, 2} // NHWC to NCHW
	fromCommon = []int{0, 2, 3, 1} // and back
)

// rank is the number of dimensions, -1 if unknown.
func (v *value) rank() int {
	if v.shape == nil {
		return -1
	}
	return len(v.shape)
}

// extent is that of a common axis, -1 if unknown.
func (v *value) extent(axis int) int {
	if axis < 0 || axis >= len(v.shape) {
		return -1
	}
	return v.shape[axis]
}

// stored is the shape as TensorFlow has it.
func (v *value) stored() tensor.Shape {
	if !v.nhwc || v.shape == nil {
		return v.shape
	}
	return permuteShape(v.shape, fromCommon)
}

func permuteShape(s tensor.Shape, axes []int) tensor.Shape {
	out := make(tensor.Shape, len(axes))
	for i, a := range axes {
		out[i] = s[a]
	}
	return out
}

// axis turns an axis of TensorFlow's, which counts from the end if it is negative, into the common one.
func (v *value) axis(a int) (int, bool) {
	rank := v.rank()
	if rank < 0 && v.nhwc {
		rank = 4
	}
	if a < 0 && rank >= 0 {
		a += rank
	}
	if a < 0 || rank >= 0 && a >= rank {
		return 0, false
	}
	if v.nhwc {
		return slices.Index(toCommon, a), true
	}
	return a, true
}

// add makes a value known under an output of a node.
func (l *lowering) add(r ref, v *value) *value {
	l.values[r] = v
	l.store(v)
	return v
}

func (l *lowering) store(v *value) {
	if v.nhwc {
		l.out.Values[v.name] = graph.Stored{ToCommon: slices.Clone(toCommon)}
	}
}

// as returns a value with the axes in the order that an operation works in: the value itself where it has them already.
// All who need the same other order share one Permute.
func (l *lowering) as(v *value, nhwc bool) *value {
	if v.nhwc == nhwc || v.rank() >= 0 && v.rank() != 4 {
		return v
	}
	suffix, axes := "/NHWC", fromCommon
	if nhwc {
		suffix, axes = "/NCHW", toCommon
	}
	if done := l.permuted[v.name+suffix]; done != nil {
		return done
	}
	origin := graph.Origin{File: l.def.File, Transforms: []string{"put in to keep TensorFlow's order of elements"}}
	_, out := l.insert(v.name+suffix, layer.Permute{Axes: slices.Clone(axes)}, []*value{v}, nhwc, origin)
	l.permuted[v.name+suffix] = out
	return out
}

// fromCommon returns a tensor with the value's axes in TensorFlow's order.
func (v *value) fromCommon(t *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if !v.nhwc {
		return t
	}
	return tensor.Permute(t, fromCommon...)
}

// storedOrder lists the common axes in TensorFlow's order.
func (v *value) storedOrder() []int {
	if v.nhwc {
		return slices.Clone(fromCommon)
	}
	order := make([]int, len(v.shape))
	for i := range order {
		order[i] = i
	}
	return order
}

// unused is a name that no node has.
func (l *lowering) unused(name string) string {
	for l.names[name] {
		name += "_"
	}
	l.names[name] = true
	return name
}

// ranked notes the rank of a value that was not known before an operation told it.
func (l *lowering) ranked(v *value, rank int) *value {
	if v.shape != nil {
		return v
	}
	v.shape = make(tensor.Shape, rank)
	for i := range v.shape {
		v.shape[i] = -1
	}
	if rank != 4 {
		v.nhwc = false
		delete(l.out.Values, v.name)
	}
	return v
}

// keepsOrder tells whether a permutation leaves the elements where they are: only axes of one cell move.
func keepsOrder(s tensor.Shape, axes []int) bool {
	last := -1
	for _, a := range axes {
		if s[a] == 1 {
			continue
		}
		if a < last {
			return false
		}
		last = a
	}
	return true
}
