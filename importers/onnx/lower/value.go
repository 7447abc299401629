package lower

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
)

// value is a tensor of the common graph.
type value struct {
	name  string
	shape tensor.Shape // in the common order of axes; nil if not even the rank is known
	dtype model.DType  // 0 if it is not known
	// nhwc says that ONNX holds the axes N, H, W, C where the common ones are N, C, H, W.
	nhwc bool
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

// stored is the shape as ONNX has it.
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

// axis turns an axis of ONNX's, which counts from the end if it is negative, into the common one.
func (v *value) axis(a int) (int, bool) {
	if a < 0 && v.rank() >= 0 {
		a += v.rank()
	}
	if a < 0 || v.rank() >= 0 && a >= v.rank() {
		return 0, false
	}
	if v.nhwc {
		return slices.Index(toCommon, a), true
	}
	return a, true
}

// input makes an input of the model known. One of feature maps is NHWC if what reads it transposes it to NCHW.
func (l *lowering) input(in *model.Value) {
	v := &value{name: in.Name, shape: in.Shape.Clone(), dtype: in.Type}
	format, told := l.net.formatRead(in.Name)
	if told && format == nhwc && v.shape == nil {
		v.shape = tensor.Shape{-1, -1, -1, -1}
	}
	if told && format == nhwc && len(v.shape) == 4 {
		v.nhwc, v.shape = true, permuteShape(v.shape, toCommon)
	}
	l.add(in.Name, v)
	l.out.Inputs = append(l.out.Inputs, graph.Input{Name: v.name, Shape: v.shape.Clone()})
}

// add makes a value known under a name of ONNX's.
func (l *lowering) add(name string, v *value) {
	l.values[name] = v
	if v.nhwc {
		l.out.Values[v.name] = graph.Stored{ToCommon: slices.Clone(toCommon)}
	}
}

// as returns a value with the axes in the order that an operation works in: the value itself where it has them already.
// All who need the same other order share one Permute.
func (l *lowering) as(v *value, nhwc bool) *value {
	if v.nhwc == nhwc || v.rank() != 4 {
		return v
	}
	suffix, axes := "/NHWC", fromCommon
	if nhwc {
		suffix, axes = "/NCHW", toCommon
	}
	if done := l.permuted[v.name+suffix]; done != nil {
		return done
	}
	out := &value{name: l.unused(v.name + suffix), dtype: v.dtype, nhwc: nhwc, shape: permuteShape(v.shape, axes)}
	l.permuted[v.name+suffix] = out
	l.out.Nodes = append(l.out.Nodes, &graph.Node{
		Name: l.unusedNode(out.name), Layer: layer.Permute{Axes: slices.Clone(axes)}, Inputs: []string{v.name}, Outputs: []string{out.name},
		Origin: graph.Origin{File: l.model.File, Transforms: []string{"put in to keep ONNX's order of elements"}},
	})
	return out
}

// unused is a name that no value has.
func (l *lowering) unused(name string) string { return unused(l.names, name) }

// unusedNode is a name that no node has.
func (l *lowering) unusedNode(name string) string { return unused(l.nodeNames, name) }

func unused(names map[string]bool, name string) string {
	for names[name] {
		name += "_"
	}
	names[name] = true
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
