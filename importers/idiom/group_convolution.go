package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// groupConvolution is a convolution of each part of the channels, put together in their order.
func groupConvolution(f *finder, n *graph.Node) *match {
	join, ok := n.Layer.(layer.Concat)
	if !ok || join.Axis != 1 || len(n.Inputs) < 2 {
		return nil
	}
	g := &grouping{finder: f, parts: len(n.Inputs)}
	for i, v := range n.Inputs {
		if !g.add(i, f.producers[v]) {
			return nil
		}
	}
	if g.filter != nil && slices.ContainsFunc(g.weights, func(own []*graph.Param) bool { return own != nil }) {
		return nil
	}
	l := g.layer
	l.Outputs *= g.parts
	l.Groups = g.parts
	return &match{
		last: n, layer: l, inputs: []string{g.x}, params: g.params(), parts: f.between([]string{g.x}, n.Outputs[0]), differs: true,
		what: "convolutions of parts of the channels to one in groups",
	}
}

// grouping is the convolutions that were found to be one so far.
type grouping struct {
	*finder
	x       string // what is cut into parts
	parts   int
	layer   layer.Convolution // of each part
	weights [][]*graph.Param
	filter  *graph.Param // that all weights are parts of; nil for none
}

// add takes in the convolution of the i-th part.
func (g *grouping) add(i int, n *graph.Node) bool {
	if n == nil {
		return false
	}
	l, params, ok := g.convolution(i, n)
	if !ok || l.Groups != 1 || i > 0 && l != g.layer {
		return false
	}
	x, ok := g.partOf(i, n.Inputs[0])
	if !ok || i > 0 && x != g.x {
		return false
	}
	g.x, g.layer = x, l
	g.weights = append(g.weights, params)
	return true
}

// convolution is the layer and the weights of a part. The weights may be a part themselves.
func (g *grouping) convolution(i int, n *graph.Node) (l layer.Convolution, params []*graph.Param, ok bool) {
	switch own := n.Layer.(type) {
	case layer.Convolution:
		return own, n.Params, true
	case layer.ConvolutionBy:
		return own.Of, nil, g.fixedPart(i, n.Inputs[1])
	}
	return l, nil, false
}

// partOf reports whether a value is the i-th of equal parts of another one's channels, and which one's.
func (g *grouping) partOf(i int, v string) (x string, ok bool) {
	n := g.producers[v]
	if n == nil || len(n.Inputs) == 0 {
		return "", false
	}
	whole := g.shapes[n.Inputs[0]]
	switch l := n.Layer.(type) {
	case layer.Slice:
		return n.Inputs[0], l.Axis == 1 && g.equalParts(l, whole, 1) && n.Outputs[i] == v
	case layer.StridedSlice:
		return n.Inputs[0], g.range1(l, i, whole)
	}
	return "", false
}

// equalParts reports whether a Slice makes as many equal parts as there are.
func (g *grouping) equalParts(l layer.Slice, whole tensor.Shape, axis int) bool {
	if len(l.Points) == 0 {
		return l.Parts == g.parts
	}
	if len(l.Points) != g.parts-1 || whole == nil || whole[axis] != l.Points[0]*g.parts {
		return false
	}
	for i, at := range l.Points {
		if at != (i+1)*l.Points[0] {
			return false
		}
	}
	return true
}

// range1 reports whether a StridedSlice takes the i-th part of the channels and everything else.
func (g *grouping) range1(l layer.StridedSlice, i int, whole tensor.Shape) bool {
	if len(l.New) > 0 || len(whole) != 4 || whole[1] < 1 || whole[1]%g.parts != 0 || len(l.Ranges) < 2 {
		return false
	}
	n := whole[1] / g.parts
	for axis, r := range l.Ranges {
		if axis != 1 {
			if r != layer.Whole {
				return false
			}
			continue
		}
		begin, end := r.Begin, r.End
		if r.BeginOpen {
			begin = 0
		}
		if r.EndOpen || end > whole[1] {
			end = whole[1]
		}
		if r.Drop || r.Stride != 1 || begin != i*n || end != (i+1)*n {
			return false
		}
	}
	return true
}

// fixedPart reports whether a value is the i-th of equal parts of the outputs of one filter, turned into the layer's order.
func (g *grouping) fixedPart(i int, v string) bool {
	turn := g.producers[v]
	if turn == nil || !g.fixed[v] {
		return false
	}
	order, ok := turn.Layer.(layer.Permute)
	if !ok {
		return false
	}
	cut := g.producers[turn.Inputs[0]]
	if cut == nil {
		return false
	}
	l, ok := cut.Layer.(layer.Slice)
	if !ok || l.Axis != order.Axes[0] || !g.equalParts(l, g.shapes[cut.Inputs[0]], l.Axis) || cut.Outputs[i] != turn.Inputs[0] {
		return false
	}
	k := g.producers[cut.Inputs[0]]
	if k == nil || len(k.Params) != 1 {
		return false
	}
	w := k.Params[0]
	if _, constant := k.Layer.(layer.Constant); !constant || g.filter != nil && g.filter.Shares != w.Owner() {
		return false
	}
	g.filter = &graph.Param{Name: w.Name, Value: tensor.PermuteAny(w.Value, order.Axes...), Stored: graph.Stored{ToCommon: order.Axes}, Shares: w.Owner()}
	return true
}

// params puts the weights of all parts together, and their biases; none where one has no values.
func (g *grouping) params() []*graph.Param {
	if g.filter != nil {
		return []*graph.Param{g.filter}
	}
	var list []*graph.Param
	for i := range g.weights[0] {
		var values []tensor.Any
		var names []string
		for _, params := range g.weights {
			if len(params) <= i || params[i].Value == nil {
				return nil
			}
			values = append(values, params[i].Value)
			if !slices.Contains(names, params[i].Name) {
				names = append(names, params[i].Name)
			}
		}
		list = append(list, together(names, values))
	}
	return list
}

// together is one parameter of several that follow one another along the first axis.
func together(names []string, values []tensor.Any) *graph.Param {
	shape := values[0].Dims().Clone()
	shape[0] *= len(values)
	name := names[0]
	for _, other := range names[1:] {
		name += ", " + other
	}
	if _, double := values[0].(*tensor.Tensor[float64]); double {
		return &graph.Param{Name: name, Value: tensor.From(joined[float64](values), shape...)}
	}
	return &graph.Param{Name: name, Value: tensor.From(joined[float32](values), shape...)}
}

func joined[T tensor.Float](values []tensor.Any) []T {
	var data []T
	for _, v := range values {
		data = append(data, tensor.As[T](v).Data...)
	}
	return data
}
