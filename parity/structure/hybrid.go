package structure

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Hybrid is the candidate's network with the settings of the reference: the candidate's layers, weights and connections, and
// for every layer that has a counterpart its padding, stride, dilation, window, function, order of branches, epsilon and the
// like. Where the candidate's run is what this graph computes, the layers do the same, whatever their weights are.
type Hybrid struct {
	Graph *graph.Graph
	// Misfits are the candidate's elements whose output would have another shape with the reference's settings; they are left
	// as they are.
	Misfits map[*Element]tensor.Shape
	// Kept are those whose settings cannot be the reference's, such as the padding of another kernel.
	Kept map[*Element]bool
}

// Hybrid builds it; shapes are those of the candidate's values.
func (d *Diff) Hybrid(cand *graph.Graph, shapes map[string]tensor.Shape) *Hybrid {
	h := &Hybrid{Misfits: map[*Element]tensor.Shape{}, Kept: map[*Element]bool{}}
	changed := map[*graph.Node]*graph.Node{}
	for _, r := range d.Reference {
		c := d.Counterpart[r]
		if c == nil {
			continue
		}
		nodes, all := d.settings(r, c)
		h.Kept[c] = !all
		if out := infer(c, nodes, shapes); out != nil && !out.Equal(shapes[c.Output]) {
			h.Misfits[c] = out
			continue
		}
		for i, n := range nodes {
			changed[c.Nodes[i]] = n
		}
	}
	g := *cand
	g.Nodes = slices.Clone(cand.Nodes)
	for i, n := range g.Nodes {
		if other := changed[n]; other != nil {
			g.Nodes[i] = other
		}
	}
	h.Graph = &g
	return h
}

// settings returns the candidate's nodes with the settings of the reference's, and whether these are all.
func (d *Diff) settings(r, c *Element) (nodes []*graph.Node, all bool) {
	nodes = make([]*graph.Node, len(c.Nodes))
	for i, n := range c.Nodes {
		copied := *n
		nodes[i] = &copied
		if e, ok := epsilon(r); ok {
			copied.Layer = withEpsilon(n.Layer, e)
		}
	}
	main := nodes[slices.Index(c.Nodes, c.Main)]
	w, windowed := geometry(r, c)
	switch {
	case windowed:
		main.Layer = w
		if pad := nodes[0]; pad != main {
			pad.Layer = layer.Identity{} // the padding is the layer's now
		}
	case c.class != products && c.class != pools && exchangeable(r, c):
		main.Layer = r.Main.Layer
	}
	d.reorder(r, c, main)
	return nodes, windowed || len(differences(r, c)) == 0 || main.Layer == r.Main.Layer
}

// geometry is the candidate's convolution or pool as the reference slides it; false where the two have other windows by
// what they are.
func geometry(r, c *Element) (layer.Layer, bool) {
	if len(r.Nodes) > 0 && r.Nodes[0] != r.Main && !plainPad(r.Nodes[0]) {
		return nil, false
	}
	if slices.Contains(differences(r, c), kernel) && r.class == products || r.fact(kernel) == wholeMap && c.fact(kernel) == wholeMap {
		return nil, false
	}
	switch l := c.Main.Layer.(type) {
	case layer.Convolution:
		if from, ok := r.Main.Layer.(layer.Convolution); ok {
			l.Window = padded(r, from.Window)
			return l, true
		}
	case layer.MaxPool, layer.AveragePool:
		switch from := r.Main.Layer.(type) {
		case layer.MaxPool:
			from.Mask = len(c.Main.Outputs) > 1
			if r.Nodes[0] == r.Main { // zeros around a map are not nothing to a maximum
				return from, true
			}
		case layer.AveragePool:
			from.Window = padded(r, from.Window)
			return from, len(c.Main.Outputs) == 1
		}
	}
	return nil, false
}

// plainPad reports whether a node surrounds maps with zeros.
func plainPad(n *graph.Node) bool {
	l, ok := n.Layer.(layer.Pad)
	return ok && l.Value == 0 && len(l.Before) == 4 && l.Before[0]+l.Before[1]+l.After[0]+l.After[1] == 0
}

// padded is a window with the padding of a node before it.
func padded(r *Element, w layer.Window) layer.Window {
	if r.Nodes[0] == r.Main || w.Padding.Mode != layer.Explicit {
		return w
	}
	l := r.Nodes[0].Layer.(layer.Pad)
	w.Padding.Top += l.Before[2]
	w.Padding.Left += l.Before[3]
	w.Padding.Bottom += l.After[2]
	w.Padding.Right += l.After[3]
	return w
}

// exchangeable reports whether one layer may stand in the other's place: of any kind that reads and writes as many values
// and has no weights.
func exchangeable(r, c *Element) bool {
	r0, c0 := r.Main, c.Main
	_, unknown := r0.Layer.(layer.Unknown)
	return !unknown && len(r0.Params) == 0 && len(c0.Params) == 0 && len(r0.Inputs) == len(c0.Inputs) && len(r0.Outputs) == len(c0.Outputs)
}

// reorder lets a layer read the counterparts of what the reference reads in the reference's order.
func (d *Diff) reorder(r, c *Element, main *graph.Node) {
	if len(r.inputs) != len(c.inputs) || len(c.inputs) != len(main.Inputs) || len(c.inputs) < 2 {
		return
	}
	order := make([]string, 0, len(main.Inputs))
	for _, in := range r.inputs {
		i := slices.Index(c.inputs, d.Counterpart[in])
		if in == nil || i < 0 || slices.Contains(order, main.Inputs[i]) {
			return
		}
		order = append(order, main.Inputs[i])
	}
	main.Inputs = order
}

// epsilon is that of the normalisation that a product ends in.
func epsilon(e *Element) (float64, bool) {
	for _, n := range e.Nodes {
		switch l := n.Layer.(type) {
		case layer.BatchNorm:
			return l.Epsilon, true
		case layer.FusedBatchNorm:
			return l.Epsilon, true
		}
	}
	return 0, false
}

func withEpsilon(l layer.Layer, e float64) layer.Layer {
	switch l := l.(type) {
	case layer.BatchNorm:
		l.Epsilon = e
		return l
	case layer.FusedBatchNorm:
		l.Epsilon = e
		return l
	}
	return l
}

// infer is the shape that an element's nodes give its output; nil where that cannot be known.
func infer(e *Element, nodes []*graph.Node, shapes map[string]tensor.Shape) tensor.Shape {
	own := map[string]tensor.Shape{}
	for _, n := range nodes {
		var in []tensor.Shape
		for _, v := range n.Inputs {
			s := own[v]
			if s == nil {
				s = shapes[v]
			}
			if s == nil {
				return nil
			}
			in = append(in, s)
		}
		out, err := n.Layer.Infer(in)
		if err != nil {
			return tensor.Shape{}
		}
		for i, v := range n.Outputs {
			if i < len(out) {
				own[v] = out[i]
			}
		}
	}
	return own[e.Output]
}
