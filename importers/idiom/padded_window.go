package idiom

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// paddedWindow is a convolution or pool behind a Pad of the map: the padding is the layer's own.
func paddedWindow(f *finder, n *graph.Node) *match {
	if len(n.Inputs) == 0 || len(n.Outputs) != 1 {
		return nil
	}
	before := f.producers[n.Inputs[0]]
	if before == nil {
		return nil
	}
	pad, ok := before.Layer.(layer.Pad)
	if !ok || !aroundMap(pad) {
		return nil
	}
	l, ties := f.padded(n.Layer, pad, before.Inputs[0])
	if l == nil {
		return nil
	}
	inputs := append([]string{before.Inputs[0]}, n.Inputs[1:]...)
	return &match{
		last: n, layer: l, inputs: inputs, params: n.Params, parts: f.between(inputs, n.Outputs[0]), differs: ties,
		what: "the padding before it as its own",
	}
}

// aroundMap reports whether only height and width are padded.
func aroundMap(p layer.Pad) bool {
	return len(p.Before) == 4 && p.Before[0] == 0 && p.After[0] == 0 && p.Before[1] == 0 && p.After[1] == 0
}

// padded is a layer with padding taken in, nil if it computes anything else then. Ties says that cells of the map may tie with
// what is padded for a maximum, which then gets the gradient.
func (f *finder) padded(l layer.Layer, pad layer.Pad, x string) (padded layer.Layer, ties bool) {
	switch l := l.(type) {
	case layer.Convolution:
		if pad.Value == 0 && pads(&l.Window, pad) {
			return l, false
		}
	case layer.ConvolutionBy:
		if pad.Value == 0 && pads(&l.Of.Window, pad) {
			return l, false
		}
	case layer.Undilated:
		if pad.Value == 0 && pads(&l.Of.Window, pad) {
			return l, false
		}
	case layer.AveragePool:
		if whole := !l.Ceil && !l.Global && l.Padding == (layer.Padding{}); whole && pad.Value == 0 && pads(&l.Window, pad) {
			l.Divisor = layer.PaddedCells
			return l, false
		}
	case layer.MaxPool:
		low := pad.Value <= -math.MaxFloat32
		if whole := !l.Ceil && !l.Global && !l.Mask; whole && (low || pad.Value == 0 && f.notNegative(x)) && pads(&l.Window, pad) && reachesMap(l.Window) {
			return l, !low
		}
	}
	return nil, false
}

// pads adds to a window's padding.
func pads(w *layer.Window, by layer.Pad) bool {
	if w.Padding.Mode != layer.Explicit {
		return false // what SAME adds depends on the padded map
	}
	w.Padding.Top += by.Before[2]
	w.Padding.Left += by.Before[3]
	w.Padding.Bottom += by.After[2]
	w.Padding.Right += by.After[3]
	return true
}

// reachesMap reports whether no window lies in the padding alone.
func reachesMap(w layer.Window) bool {
	p := w.Padding
	return w.Dilation == [2]int{1, 1} && max(p.Top, p.Bottom) < w.Kernel[0] && max(p.Left, p.Right) < w.Kernel[1]
}

// notNegative reports whether a value has no negative numbers.
func (f *finder) notNegative(v string) bool {
	n := f.producers[v]
	if n == nil {
		return false
	}
	switch l := n.Layer.(type) {
	case layer.ReLU:
		return l.Slope == 0
	case layer.Clip:
		return l.Min >= 0
	case layer.Sigmoid, layer.Softmax, layer.Softplus, layer.Abs:
		return true
	case layer.MaxPool, layer.AveragePool, layer.Identity:
		return f.notNegative(n.Inputs[0])
	}
	return false
}
