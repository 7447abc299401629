package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var convPadding = &Cause{
	ID:    "conv.padding",
	Title: "the convolution pads its input differently",
	Symptom: "Every channel is off, most at the border; means over the map agree. At stride 2 or more the whole map is " +
		"sampled at other places, so that the interior differs too.",
	Why: "Caffe and PyTorch pad both sides alike. TensorFlow's SAME pads just enough for ceil(input/stride) outputs and puts " +
		"an odd cell at the bottom and right: a 7x7 convolution with stride 2 on 224x224 gets 2 cells before and 3 after, where " +
		"Caffe's pad: 3 gives 3 and (of which one is never read) 3. The output has the same size, so nothing complains.",
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Layer) []Fault {
			w, ok := windowOf(l)
			if !ok || w.Padding.Mode != layer.Explicit {
				return nil
			}
			var list []Fault
			for _, by := range [][2]int{{1, 0}, {0, 1}, {-1, -1}} {
				to := w
				to.Padding = layer.Padding{Top: w.Padding.Top - by[0], Left: w.Padding.Left - by[1], Bottom: w.Padding.Bottom + by[0], Right: w.Padding.Right + by[1]}
				if pad := to.Padding; min(pad.Top, pad.Left, pad.Bottom, pad.Right) < 0 || pad.Top >= w.Kernel[0]*w.Dilation[0] || pad.Left >= w.Kernel[1]*w.Dilation[1] {
					continue
				}
				if in := p.Shapes[n.Inputs[0]]; l.Kind() == "Convolution" && sides(to, in) == sides(w, in) {
					continue // the cells that differ are never read
				}
				list = append(list, Fault{Layer: n.Name, What: to.Padding.String(), Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Layer = withWindow(l, to) }})
			}
			return list
		})
	},
	Variants: paddingVariants,
}

// paddingVariants are, for every convolution of the segment: the padding that the candidate's graph declares; SAME;
// SAME_LOWER; none; then every explicit padding that gives the candidate's output size.
func paddingVariants(s *Segment) []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		w, ok := windowOf(n.Layer)
		if !ok || len(s.Candidate.Shape) != 4 {
			continue
		}
		in := s.shape(n.Inputs[0])
		if in == nil {
			continue
		}
		tries := s.paddings(w, in)
		if l, transposed := n.Layer.(layer.Deconvolution); transposed {
			tries = s.transposedPaddings(l, in)
		}
		seen := map[[4]int]bool{sides(w, in): true}
		for i, p := range tries {
			changed := w
			changed.Padding = p
			if at := sides(changed, in); !seen[at] {
				seen[at] = true
				v := s.paddingVariant(n, w, changed, in)
				_, v.Stated = s.declaredPadding()
				v.Stated = v.Stated && i == 0
				list = append(list, v)
			}
		}
		list = append(list, s.fillVariants(n, in)...)
	}
	return list
}

// fillVariants pad as much as the reference, but with numbers of the map: its mirror image, or its outermost cells again and
// again, which is a mirror image of one cell as often as there are cells.
func (s *Segment) fillVariants(n *graph.Node, in tensor.Shape) []Variant {
	l, ok := n.Layer.(layer.Convolution)
	if !ok {
		return nil
	}
	top, left, bottom, right := l.Padding.For(in[2], in[3], l.Window)
	most := max(top, left, bottom, right)
	if most <= 0 || min(top, left, bottom, right) < 0 {
		return nil
	}
	mirror := layer.MirrorPad{Before: []int{0, 0, top, left}, After: []int{0, 0, bottom, right}}
	symmetric := mirror
	symmetric.Edge = true
	var edge []layer.Layer
	for i := range most {
		one := func(cells int) int { return min(max(cells-i, 0), 1) }
		edge = append(edge, layer.MirrorPad{Before: []int{0, 0, one(top), one(left)}, After: []int{0, 0, one(bottom), one(right)}, Edge: true})
	}
	return []Variant{
		s.fillVariant(n, "the mirror image of the map", mirror),
		s.fillVariant(n, "the outermost cells, repeated", edge...),
		s.fillVariant(n, "the mirror image of the map with its outermost cells", symmetric),
	}
}

func (s *Segment) fillVariant(n *graph.Node, fill string, pads ...layer.Layer) Variant {
	var nodes []*graph.Node
	value := n.Inputs[0]
	for i, l := range pads {
		next := fmt.Sprintf("%s#pad%d", n.Name, i)
		nodes = append(nodes, &graph.Node{Name: next, Layer: l, Inputs: []string{value}, Outputs: []string{next}})
		value = next
	}
	bare, l := *n, n.Layer.(layer.Convolution)
	l.Padding = layer.Padding{}
	bare.Layer, bare.Inputs = l, []string{value}
	return Variant{
		Nodes: s.With(n, append(nodes, &bare)...), Layer: n,
		Parameters:  map[string]string{"reference": "zeros", "candidate": fill},
		Explanation: "the reference pads its input with zeros, the candidate with " + fill,
		Fix:         "pad with zeros (mode constant) before " + s.convolutionName(),
	}
}

// transposedPaddings are those that cut the output of a transposed convolution down to the candidate's size.
func (s *Segment) transposedPaddings(l layer.Deconvolution, in tensor.Shape) []layer.Padding {
	total := func(axis int) int {
		return l.Stride[axis]*(in[2+axis]-1) + (l.Kernel[axis]-1)*l.Dilation[axis] + 1 + l.Extra[axis] - s.Candidate.Shape[2+axis]
	}
	rows, columns := total(0), total(1)
	var list []layer.Padding
	for top := 0; top <= rows; top++ {
		for left := 0; left <= columns; left++ {
			list = append(list, layer.Padding{Top: top, Left: left, Bottom: rows - top, Right: columns - left})
		}
	}
	return list
}

// sides is the padding as it acts: top and left shift the window, what is beyond the last window does not count.
func sides(l layer.Window, in tensor.Shape) [4]int {
	top, left, bottom, right := l.Padding.For(in[2], in[3], l)
	used := func(axis, before, n, after int) int {
		extent := (l.Kernel[axis]-1)*l.Dilation[axis] + 1
		return after - (n+before+after-extent)%l.Stride[axis]
	}
	return [4]int{top, left, used(0, top, in[2], bottom), used(1, left, in[3], right)}
}

func (s *Segment) paddings(l layer.Window, in tensor.Shape) []layer.Padding {
	var list []layer.Padding
	if p, ok := s.declaredPadding(); ok {
		list = append(list, p)
	}
	list = append(list, layer.Padding{Mode: layer.SameUpper}, layer.Padding{Mode: layer.SameLower}, layer.Padding{})
	out := s.Candidate.Shape
	after := func(axis, before int) int {
		extent := (l.Kernel[axis]-1)*l.Dilation[axis] + 1
		return (out[2+axis]-1)*l.Stride[axis] + extent - in[2+axis] - before
	}
	for top := range l.Kernel[0] * l.Dilation[0] {
		for left := range l.Kernel[1] * l.Dilation[1] {
			p := layer.Padding{Top: top, Left: left, Bottom: max(after(0, top), 0), Right: max(after(1, left), 0)}
			list = append(list, p)
		}
	}
	return list
}

// declaredPadding is what the candidate's own graph says: the convolution's padding plus that of a pad layer before it.
func (s *Segment) declaredPadding() (layer.Padding, bool) {
	var explicit layer.Padding
	for _, n := range s.Counterpart {
		switch l := n.Layer.(type) {
		case layer.Pad:
			if len(l.Before) != 4 {
				return layer.Padding{}, false
			}
			explicit = layer.Padding{Top: l.Before[2], Left: l.Before[3], Bottom: l.After[2], Right: l.After[3]}
		case layer.Convolution:
			p := l.Padding
			if p.Mode != layer.Explicit && explicit == (layer.Padding{}) {
				return p, true
			}
			in := s.Shapes[n.Inputs[0]]
			if len(in) != 4 {
				return layer.Padding{}, false
			}
			top, left, bottom, right := p.For(in[2], in[3], l.Window)
			return layer.Padding{Top: explicit.Top + top, Left: explicit.Left + left,
				Bottom: explicit.Bottom + bottom, Right: explicit.Right + right}, true
		}
	}
	return layer.Padding{}, false
}

func (s *Segment) paddingVariant(n *graph.Node, original, changed layer.Window, in tensor.Shape) Variant {
	reference, candidate := describePadding(original, in), describePadding(changed, in)
	top, left, bottom, right := original.Padding.For(in[2], in[3], original)
	return Variant{
		Nodes: s.WithLayer(n, withWindow(n.Layer, changed)), Layer: n,
		Parameters:  map[string]string{"reference": reference, "candidate": candidate},
		Explanation: fmt.Sprintf("the reference pads its input by %s, the candidate by %s", reference, candidate),
		Fix:         paddingFix(s.Framework, s.convolutionName(), layer.Padding{Top: top, Left: left, Bottom: bottom, Right: right}),
	}
}

func (s *Segment) convolutionName() string {
	for _, n := range s.Counterpart {
		if _, ok := windowOf(n.Layer); ok {
			return n.Name
		}
	}
	return "the convolution"
}

// describePadding gives the rule, where there is one, and always the four numbers.
func describePadding(l layer.Window, in tensor.Shape) string {
	top, left, bottom, right := l.Padding.For(in[2], in[3], l)
	numbers := fmt.Sprintf("top %d, left %d, bottom %d, right %d", top, left, bottom, right)
	if l.Padding.Mode != layer.Explicit {
		return l.Padding.String() + " (" + numbers + ")"
	}
	return numbers
}

// paddingFix says how the candidate's framework writes the reference's padding.
func paddingFix(framework, name string, p layer.Padding) string {
	switch framework {
	case "tensorflow":
		return fmt.Sprintf("pad explicitly before %s: x = tf.pad(x, [[0, 0], [%d, %d], [%d, %d], [0, 0]]) and give the convolution padding='VALID'",
			name, p.Top, p.Bottom, p.Left, p.Right)
	case "keras":
		return fmt.Sprintf("put ZeroPadding2D(((%d, %d), (%d, %d))) before %s and give it padding='valid'", p.Top, p.Bottom, p.Left, p.Right, name)
	case "onnx":
		return fmt.Sprintf("set auto_pad=NOTSET and pads=[%d, %d, %d, %d] at %s", p.Top, p.Left, p.Bottom, p.Right, name)
	case "caffe":
		return fmt.Sprintf("set pad_h: %d and pad_w: %d at %s; Caffe pads both sides alike, a different bottom or right needs a larger pad and a Crop",
			p.Top, p.Left, name)
	}
	return fmt.Sprintf("pad the input of %s by top %d, left %d, bottom %d, right %d", name, p.Top, p.Left, p.Bottom, p.Right)
}

// windowOf is the window of a convolution, transposed or not.
func windowOf(l layer.Layer) (layer.Window, bool) {
	switch l := l.(type) {
	case layer.Convolution:
		return l.Window, true
	case layer.Deconvolution:
		return l.Window, true
	}
	return layer.Window{}, false
}

func withWindow(l layer.Layer, w layer.Window) layer.Layer {
	switch l := l.(type) {
	case layer.Convolution:
		l.Window = w
		return l
	case layer.Deconvolution:
		l.Window = w
		return l
	}
	return l
}
