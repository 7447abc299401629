package export

import (
	"slices"
	"strings"

	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

func reshape(w *writer, l layer.Reshape) (string, error) {
	return w.op("Reshape", nil, w.input(0), w.integers(l.Shape...)), nil
}

func permute(w *writer, l layer.Permute) (string, error) {
	return w.op("Transpose", with(list("perm", l.Axes...)), w.input(0)), nil
}

func concat(w *writer, l layer.Concat) (string, error) {
	return w.op("Concat", with(integer("axis", l.Axis)), w.node.Inputs...), nil
}

func stack(w *writer, l layer.Stack) (string, error) {
	var parts []string
	for _, v := range w.node.Inputs {
		parts = append(parts, w.op("Unsqueeze", nil, v, w.integers(l.Axis)))
	}
	return w.op("Concat", with(integer("axis", l.Axis)), parts...), nil
}

func unstack(w *writer, l layer.Unstack) ([]string, error) {
	axis := l.Axis
	ones := make([]int, len(w.out))
	for i := range ones {
		ones[i] = 1
	}
	parts := w.ops("Split", len(ones), with(integer("axis", axis)), w.input(0), w.integers(ones...))
	for i, v := range parts {
		parts[i] = w.op("Squeeze", nil, v, w.integers(axis))
	}
	return parts, nil
}

// slice cuts along an axis; a part may be empty.
func slice(w *writer, l layer.Slice) ([]string, error) {
	var extents []int
	for _, s := range w.out {
		extents = append(extents, s[l.Axis])
	}
	return w.ops("Split", len(extents), with(integer("axis", l.Axis)), w.input(0), w.integers(extents...)), nil
}

func crop(w *writer, l layer.Crop) (string, error) {
	var starts, ends, steps []int
	for a := l.Axis; a < len(w.in[0]); a++ {
		at := 0
		switch {
		case len(l.Offsets) == 1:
			at = l.Offsets[0]
		case len(l.Offsets) > 1:
			at = l.Offsets[a-l.Axis]
		}
		starts, ends, steps = append(starts, at), append(ends, at+w.out[0][a]), append(steps, 1)
	}
	return w.sliced(w.input(0), l.Axis, starts, ends, steps), nil
}

// farther is beyond the end of any axis, in either direction.
const farther = 1<<31 - 1

func stridedSlice(w *writer, l layer.StridedSlice) (string, error) {
	var starts, ends, steps, dropped []int
	for a, r := range l.Ranges {
		if r.Drop {
			dropped = append(dropped, a)
			r = layer.Range{Begin: r.Begin, End: r.Begin + 1, Stride: 1, EndOpen: r.Begin == -1}
		}
		first, last := r.Begin, r.End
		if r.BeginOpen {
			first = 0
			if r.Stride < 0 {
				first = farther
			}
		}
		if r.EndOpen {
			last = farther
			if r.Stride < 0 {
				last = -farther
			}
		}
		starts, ends, steps = append(starts, first), append(ends, last), append(steps, r.Stride)
	}
	y := w.input(0)
	if len(starts) > 0 {
		y = w.sliced(y, 0, starts, ends, steps)
	}
	if len(dropped) > 0 {
		y = w.op("Squeeze", nil, y, w.integers(dropped...))
	}
	if len(l.New) > 0 {
		y = w.op("Unsqueeze", nil, y, w.integers(l.New...))
	}
	return y, nil
}

func pad(w *writer, l layer.Pad) (string, error) {
	return w.op("Pad", nil, w.input(0), w.integers(slices.Concat(l.Before, l.After)...), w.scalar(l.Value)), nil
}

func mirrorPad(w *writer, l layer.MirrorPad) (string, error) {
	if l.Edge {
		return "", w.errorf("it repeats the outermost cells in its mirror, and ONNX's reflection leaves them out")
	}
	return w.op("Pad", with(word("mode", "reflect")), w.input(0), w.integers(slices.Concat(l.Before, l.After)...)), nil
}

func tile(w *writer, l layer.Tile) (string, error) {
	times := make([]int, len(w.in[0]))
	for a := range times {
		times[a] = 1
	}
	times[l.Axis] = l.Tiles
	return w.op("Tile", nil, w.input(0), w.integers(times...)), nil
}

func broadcast(w *writer, l layer.Broadcast) (string, error) {
	return w.op("Expand", nil, w.input(0), w.integers(l.Shape...)), nil
}

// constant is a weight under the value's name.
func constant(w *writer, _ layer.Constant) (string, error) {
	return w.op("Identity", nil, w.param(0)), nil
}

// shapeOf gives extents as real numbers, as all values are.
func shapeOf(w *writer, l layer.Shape) (string, error) {
	return w.real(w.op("Gather", nil, w.op("Shape", nil, w.input(0)), w.integers(l.Axes...))), nil
}

func depthToSpace(w *writer, l layer.DepthToSpace) (string, error) {
	return w.op("DepthToSpace", with(integer("blocksize", l.Block)), w.input(0)), nil
}

func spaceToDepth(w *writer, l layer.SpaceToDepth) (string, error) {
	return w.op("SpaceToDepth", with(integer("blocksize", l.Block)), w.input(0)), nil
}

func gather(w *writer, l layer.Gather) (string, error) {
	if l.Batch > 0 {
		return "", w.errorf("%d leading axes of its indices are those of its input, which ONNX's Gather has not", l.Batch)
	}
	return w.op("Gather", with(integer("axis", l.Axis)), w.input(0), w.whole(w.input(1))), nil
}

func gatherElements(w *writer, l layer.GatherElements) (string, error) {
	return w.op("GatherElements", with(integer("axis", l.Axis)), w.input(0), w.whole(w.input(1))), nil
}

func gatherND(w *writer, l layer.GatherND) (string, error) {
	return w.op("GatherND", with(integer("batch_dims", l.Batch)), w.input(0), w.whole(w.input(1))), nil
}

func batchReindex(w *writer, _ layer.BatchReindex) (string, error) {
	return w.op("Gather", nil, w.input(0), w.whole(w.input(1))), nil
}

func oneHot(w *writer, l layer.OneHot) (string, error) {
	hot, last := w.oneHot(w.input(0), l.Depth, l.On, l.Off), len(w.out[0])-1
	if l.Axis == last {
		return hot, nil
	}
	return w.op("Transpose", with(list("perm", slices.Insert(from(0, last), l.Axis, last)...)), hot), nil
}

// oneHot puts vectors along a new last axis. It compares with all places, so that a number that is none of them gives no one, where
// ONNX's own operation counts negative ones from the end.
func (w *writer) oneHot(v string, depth int, on, off float64) string {
	same := w.op("Equal", nil, w.op("Unsqueeze", nil, w.whole(v), w.integers(-1)), w.integers(from(0, depth)...))
	return w.op("Where", nil, same, w.scalar(on), w.scalar(off))
}

func choose(w *writer, _ layer.Select) (string, error) {
	return w.op("Where", nil, w.truth(w.input(0)), w.input(1), w.input(2)), nil
}

func cumulative(w *writer, l layer.Cumulative) (string, error) {
	if l.Product {
		return "", w.errorf("ONNX has no cumulative product")
	}
	return w.op("CumSum", with(flag("exclusive", l.Exclusive), flag("reverse", l.Reverse)), w.input(0), w.integers(l.Axis)), nil
}

// einsum names every label by a letter, in the order in which they occur.
func einsum(w *writer, l layer.Einsum) (string, error) {
	letters, terms := map[int]string{}, []string{}
	for _, t := range append(slices.Clone(l.Terms), l.Output) {
		term := ""
		for _, label := range t {
			if letters[label] == "" {
				letters[label] = string(rune('a' + len(letters)))
			}
			term += letters[label]
		}
		terms = append(terms, term)
	}
	if len(letters) > 26 {
		return "", w.errorf("its equation has %d labels, more than there are letters", len(letters))
	}
	last := len(terms) - 1
	equation := strings.Join(terms[:last], ",") + "->" + terms[last]
	return w.op("Einsum", with(word("equation", equation)), w.node.Inputs...), nil
}

// types are ONNX's types of numbers.
var types = map[layer.Number]model.DType{
	layer.Float16: model.Float16, layer.BFloat16: model.BFloat16, layer.Int8: model.Int8, layer.Int16: model.Int16, layer.Int32: model.Int32,
	layer.Int64: model.Int64, layer.Uint8: model.Uint8, layer.Uint16: model.Uint16, layer.Uint32: model.Uint32, layer.Uint64: model.Uint64,
	layer.Bool: model.Bool,
}

// convert goes through the other type and back, as all values are float32.
func convert(w *writer, l layer.Cast) (string, error) {
	switch {
	case l.Truncate:
		return "", w.errorf("it cuts digits off, and ONNX's Cast rounds")
	case types[l.To] == 0:
		return w.input(0), nil
	}
	return w.real(w.cast(w.input(0), types[l.To])), nil
}
