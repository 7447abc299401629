package study

import (
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// padding is how the cells around a map are counted, with the two choices of pools that go with it: which way their number is
// rounded, and whether padding counts in a mean.
var padding = Factor{
	Name:  "padding",
	About: "what lies around a map where a window hangs over its edge, and how many windows there are",
	Variants: []Variant{
		{ID: "base", Title: "as the model has it"},
		{ID: "same", Title: "TensorFlow's SAME everywhere", Graph: repadded(anyWindow, func(layer.Window, tensor.Shape) layer.Padding {
			return layer.Padding{Mode: layer.SameUpper}
		})},
		{ID: "same-strided", Title: "SAME at convolutions with a stride", Graph: repadded(stridedConvolution, func(layer.Window, tensor.Shape) layer.Padding {
			return layer.Padding{Mode: layer.SameUpper}
		})},
		{ID: "same-lower", Title: "SAME with the odd cell before", Graph: repadded(anyWindow, func(layer.Window, tensor.Shape) layer.Padding {
			return layer.Padding{Mode: layer.SameLower}
		})},
		{ID: "valid", Title: "no padding where the sizes allow", Graph: validWherePossible},
		{ID: "first-before", Title: "first convolution: one cell more before", Graph: firstOnly(moved(1))},
		{ID: "first-after", Title: "first convolution: one cell more after", Graph: firstOnly(moved(-1))},
		{ID: "before", Title: "everywhere one cell more before", Graph: repadded(anyPadded, moved(1))},
		{ID: "after", Title: "everywhere one cell more after", Graph: repadded(anyPadded, moved(-1))},
		{ID: "reflect", Title: "convolutions see the map mirrored", Graph: mirrored(false)},
		{ID: "edge", Title: "convolutions see the outermost cells repeated", Graph: mirrored(true)},
		{ID: "pool-floor", Title: "pools: number of windows rounded down", Graph: repooled(func(p *layer.Pool) bool {
			was := p.Ceil
			p.Ceil, p.Clip = false, false
			return was
		})},
		{ID: "pool-padded", Title: "pools with a stride: half a window of padding, rounded down", Graph: repooled(func(p *layer.Pool) bool {
			half := layer.Symmetric(p.Kernel[0]/2, p.Kernel[1]/2)
			if p.Stride == [2]int{1, 1} || p.Padding == half {
				return false
			}
			p.Padding, p.Ceil, p.Clip = half, false, false
			return true
		})},
		{ID: "divisor", Title: "average pools: the other divisor", Graph: otherDivisor},
	},
}

// windowOf is the window of a node's layer and its layer with another one; false for a layer without, or with one over the whole map.
func windowOf(l layer.Layer) (layer.Window, func(layer.Window) layer.Layer, bool) {
	switch l := l.(type) {
	case layer.Convolution:
		return l.Window, func(w layer.Window) layer.Layer { l.Window = w; return l }, true
	case layer.MaxPool:
		return l.Window, func(w layer.Window) layer.Layer { l.Pool = sized(l.Pool, w); return l }, !l.Global
	case layer.AveragePool:
		return l.Window, func(w layer.Window) layer.Layer { l.Pool = sized(l.Pool, w); return l }, !l.Global
	}
	return layer.Window{}, nil, false
}

// sized is a pool with another window; padding that is found from the size leaves nothing to round.
func sized(p layer.Pool, w layer.Window) layer.Pool {
	if p.Window = w; w.Padding.Mode != layer.Explicit {
		p.Ceil, p.Clip = false, false
	}
	return p
}

func anyWindow(_ layer.Layer, w layer.Window, in tensor.Shape) bool {
	return w.Kernel != [2]int{1, 1} && w.Kernel != [2]int{in[2], in[3]}
}

func anyPadded(_ layer.Layer, w layer.Window, in tensor.Shape) bool {
	top, left, bottom, right := w.Padding.For(in[2], in[3], w)
	return min(top, left, bottom, right) > 0
}

func stridedConvolution(l layer.Layer, w layer.Window, in tensor.Shape) bool {
	_, ok := l.(layer.Convolution)
	return ok && w.Stride != [2]int{1, 1} && anyWindow(l, w, in)
}

// repadded gives other padding to the layers that which names.
func repadded(which func(layer.Layer, layer.Window, tensor.Shape) bool, to func(layer.Window, tensor.Shape) layer.Padding) func(*Model) (*graph.Graph, []string, error) {
	return func(m *Model) (*graph.Graph, []string, error) {
		return m.edit(func(n *graph.Node, in tensor.Shape) []*graph.Node { return repad(n, in, which, to) })
	}
}

func repad(n *graph.Node, in tensor.Shape, which func(layer.Layer, layer.Window, tensor.Shape) bool, to func(layer.Window, tensor.Shape) layer.Padding) []*graph.Node {
	w, rebuilt, ok := windowOf(n.Layer)
	if !ok || !which(n.Layer, w, in) {
		return nil
	}
	p := to(w, in)
	if p == w.Padding {
		return nil
	}
	w.Padding = p
	return []*graph.Node{with(n, rebuilt(w))}
}

// moved has so many cells more before the map, and as many less after it.
func moved(by int) func(layer.Window, tensor.Shape) layer.Padding {
	return func(w layer.Window, in tensor.Shape) layer.Padding {
		top, left, bottom, right := w.Padding.For(in[2], in[3], w)
		return layer.Padding{Top: top + by, Left: left + by, Bottom: bottom - by, Right: right - by}
	}
}

// firstOnly changes the first convolution that has padding.
func firstOnly(to func(layer.Window, tensor.Shape) layer.Padding) func(*Model) (*graph.Graph, []string, error) {
	return func(m *Model) (*graph.Graph, []string, error) {
		done := false
		return m.edit(func(n *graph.Node, in tensor.Shape) []*graph.Node {
			if _, ok := n.Layer.(layer.Convolution); !ok || done {
				return nil
			}
			nodes := repad(n, in, anyPadded, to)
			done = nodes != nil
			return nodes
		})
	}
}

// validWherePossible takes away the padding of one layer after the other, and gives it back where the rest of the network
// does not fit then.
func validWherePossible(m *Model) (*graph.Graph, []string, error) {
	none := func(layer.Window, tensor.Shape) layer.Padding { return layer.Padding{} }
	chosen := map[string]bool{}
	try := func() (*graph.Graph, []string, error) {
		return m.edit(func(n *graph.Node, in tensor.Shape) []*graph.Node {
			if !chosen[n.Name] {
				return nil
			}
			return repad(n, in, anyPadded, none)
		})
	}
	for _, n := range m.Graph.Nodes {
		if _, _, ok := windowOf(n.Layer); !ok {
			continue
		}
		chosen[n.Name] = true
		if _, _, err := try(); err != nil {
			delete(chosen, n.Name)
		}
	}
	return try()
}

// mirrored puts a layer that mirrors the map, or with edge repeats its outermost cells one after the other as in a mirror behind
// them, before every convolution with padding.
func mirrored(edge bool) func(*Model) (*graph.Graph, []string, error) {
	return func(m *Model) (*graph.Graph, []string, error) {
		return m.edit(func(n *graph.Node, in tensor.Shape) []*graph.Node {
			l, ok := n.Layer.(layer.Convolution)
			if !ok || !anyPadded(l, l.Window, in) {
				return nil
			}
			top, left, bottom, right := l.Padding.For(in[2], in[3], l.Window)
			if max(top, bottom) >= in[2] || max(left, right) >= in[3] {
				return nil
			}
			pad := &graph.Node{
				Name: n.Name + "/mirror", Inputs: n.Inputs, Outputs: []string{n.Name + "/mirror"},
				Layer: layer.MirrorPad{Before: []int{0, 0, top, left}, After: []int{0, 0, bottom, right}, Edge: edge},
			}
			l.Padding = layer.Padding{}
			conv := with(n, l)
			conv.Inputs = pad.Outputs
			return []*graph.Node{pad, conv}
		})
	}
}

// repooled changes pools; f reports whether it did.
func repooled(f func(*layer.Pool) bool) func(*Model) (*graph.Graph, []string, error) {
	return func(m *Model) (*graph.Graph, []string, error) {
		return m.edit(func(n *graph.Node, in tensor.Shape) []*graph.Node {
			w, _, ok := windowOf(n.Layer)
			if !ok || !anyWindow(n.Layer, w, in) {
				return nil
			}
			switch l := n.Layer.(type) {
			case layer.MaxPool:
				if f(&l.Pool) {
					return []*graph.Node{with(n, l)}
				}
			case layer.AveragePool:
				if f(&l.Pool) {
					return []*graph.Node{with(n, l)}
				}
			}
			return nil
		})
	}
}

// otherDivisor turns round whether padding counts in an average pool. Without padding that changes nothing.
func otherDivisor(m *Model) (*graph.Graph, []string, error) {
	return m.edit(func(n *graph.Node, _ tensor.Shape) []*graph.Node {
		l, ok := n.Layer.(layer.AveragePool)
		if !ok {
			return nil
		}
		if l.Divisor == layer.PaddedCells {
			l.Divisor = layer.ValidCells
		} else {
			l.Divisor = layer.PaddedCells
		}
		return []*graph.Node{with(n, l)}
	})
}
