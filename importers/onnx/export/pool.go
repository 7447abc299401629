package export

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

// windows is where the windows of a pool lie along each axis: the padding that the source has, and how far the last window hangs over
// that. Where a last window is left out, the cells at the end are in none.
type windows struct {
	kernel, stride, dilation []int
	before, after, overhang  []int
}

// poolWindows finds them from the number of windows that shape inference gives, whatever rounded it.
func (w *writer) poolWindows(p layer.Pool) windows {
	before, after := w.padded(p.Window)
	s := windows{kernel: p.Kernel[:], stride: p.Stride[:], dilation: p.Dilation[:], before: before, after: after}
	return s.hanging(w.in[0][2:], w.out[0][2:])
}

// hanging finds how far the windows reach; padding that none reaches is left out.
func (s windows) hanging(in, out []int) windows {
	s.after = slices.Clone(s.after)
	for a, n := range in {
		reach := (out[a]-1)*s.stride[a] + (s.kernel[a]-1)*s.dilation[a] + 1
		over := reach - n - s.before[a] - s.after[a]
		if over < 0 {
			s.after[a] = max(s.after[a]+over, 0)
		}
		s.overhang = append(s.overhang, max(over, 0))
	}
	return s
}

// ends is the padding after each axis with what windows hang over.
func (s windows) ends() []int {
	ends := slices.Clone(s.after)
	for a := range ends {
		ends[a] += s.overhang[a]
	}
	return ends
}

// fit says whether padding is within what ONNX Runtime allows a pool: less than the kernel.
func (s windows) fit(before, after []int) bool {
	for a, k := range s.kernel {
		if reach := (k-1)*s.dilation[a] + 1; before[a] >= reach || after[a] >= reach {
			return false
		}
	}
	return true
}

// outside finds a window that begins behind the padded map, along an axis of n cells.
func (s windows) outside(in, out []int) bool {
	for a, n := range in {
		if (out[a]-1)*s.stride[a] >= n+s.before[a]+s.after[a] {
			return true
		}
	}
	return false
}

func (s windows) attrs(before, after []int) []*model.Attr {
	return geometry(s.kernel, s.stride, s.dilation, before, after)
}

// maxPool rounds as the source does by padding: a cell outside is never the largest. Padding that is no less than the kernel, which
// ONNX Runtime refuses, is put around the map before, as the lowest number that Caffe begins with.
func maxPool(w *writer, l layer.MaxPool) ([]string, error) {
	if l.Global && !l.Mask {
		return []string{w.op("GlobalMaxPool", nil, w.input(0))}, nil
	}
	if l.Global {
		l.Pool = layer.Pool{Window: layer.Window{Kernel: [2]int(w.in[0][2:]), Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}}
	}
	s := w.poolWindows(l.Pool)
	if s.fit(s.before, s.ends()) && !s.outside(w.in[0][2:], w.out[0][2:]) {
		return w.pooledWithPlaces(l, s)
	}
	if l.Mask {
		return nil, w.errorf("its padding is as large as its kernel %v, and the places of maxima would count it", l.Kernel)
	}
	x := w.padWith(w.input(0), s.before, s.ends(), -math.MaxFloat32)
	none := make([]int, len(s.kernel))
	return []string{w.op("MaxPool", s.attrs(none, none), x)}, nil
}

// pooledWithPlaces is a pool, with the places of the maxima if they are wanted: ONNX counts them in the whole tensor.
func (w *writer) pooledWithPlaces(l layer.MaxPool, s windows) ([]string, error) {
	attrs := s.attrs(s.before, s.ends())
	if !l.Mask {
		return []string{w.op("MaxPool", attrs, w.input(0))}, nil
	}
	if l.Places == layer.InTensorByColumn {
		attrs = append(attrs, integer("storage_order", 1))
	}
	out := w.ops("MaxPool", 2, attrs, w.input(0))
	switch l.Places {
	case layer.InPlane:
		out[1] = w.op("Mod", nil, out[1], w.integers(w.in[0][2:].Len()))
	case layer.InTensor, layer.InTensorByColumn:
	default:
		return nil, w.errorf("it counts the places of maxima with channels last")
	}
	return []string{out[0], w.real(out[1])}, nil
}

// averagePool divides by the cells inside the map or, with those of the padding, inside the padded map; what windows hang over counts in
// neither. ONNX has one kind of padding: where both are there, the source's is put around the map before.
func averagePool(w *writer, l layer.AveragePool) (string, error) {
	if l.Global {
		return w.op("GlobalAveragePool", nil, w.input(0)), nil
	}
	return w.average(w.poolWindows(l.Pool), l.Divisor, w.in[0][2:], w.out[0][2:])
}

func (w *writer) average(s windows, divisor layer.Divisor, in, out []int) (string, error) {
	if s.outside(in, out) {
		return "", w.errorf("its last window begins behind the map and its padding, and has no cell to average")
	}
	if slices.Max(s.dilation) > 1 {
		return "", w.errorf("its window is dilated, which average pooling is only since version 19 of ONNX's operations")
	}
	counted := divisor == layer.PaddedCells && slices.Max(slices.Concat(s.before, s.after)) > 0
	x, before, after := w.input(0), s.before, s.ends()
	if counted && (slices.Max(s.overhang) > 0 || !s.fit(before, after)) {
		x = w.padWith(x, s.before, s.after, 0)
		before, after, counted = make([]int, len(s.kernel)), s.overhang, false
	}
	if !s.fit(before, after) {
		return "", w.errorf("its padding of %v before and %v after is as large as its kernel %v: a window has no cell inside", before, after, s.kernel)
	}
	return w.op("AveragePool", append(s.attrs(before, after), flag("count_include_pad", counted)), x), nil
}

func maxPoolND(w *writer, l layer.MaxPoolND) (string, error) {
	s, err := w.volume(l.PoolND)
	if err != nil {
		return "", err
	}
	if !s.fit(s.before, s.ends()) {
		return "", w.errorf("its padding is as large as its kernel %v", s.kernel)
	}
	return w.op("MaxPool", s.attrs(s.before, s.ends()), w.input(0)), nil
}

func averagePoolND(w *writer, l layer.AveragePoolND) (string, error) {
	s, err := w.volume(l.PoolND)
	if err != nil {
		return "", err
	}
	return w.average(s, l.Divisor, w.in[0][2:], w.out[0][2:])
}

// volume is the geometry of a pool whose windows slide over all axes behind the channels.
func (w *writer) volume(p layer.PoolND) (windows, error) {
	if slid := p.Axis + 1; slid != 2 || len(p.Kernel) != len(w.in[0])-2 {
		return windows{}, w.errorf("it slides over %s, ONNX pools over all axes from the third on", fmt.Sprintf("%d axes from axis %d on", len(p.Kernel), slid))
	}
	s := windows{kernel: p.Kernel, stride: p.Stride, dilation: p.Dilation, before: p.Before, after: p.After}
	return s.hanging(w.in[0][2:], w.out[0][2:]), nil
}
