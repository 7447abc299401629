package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// scaleBias multiplies with a weight for each cell along an axis, or adds one, or both.
func scaleBias(f *finder, n *graph.Node) *match {
	if len(n.Outputs) != 1 || !arithmetic(n) {
		return nil
	}
	for _, x := range f.cuts(n.Outputs[0]) {
		e := f.expression(x)
		y, xs := e.of(n.Outputs[0]), e.leaf(x)
		if y.rank != xs.rank || y.rank < 1 || e.idle(n) {
			continue
		}
		scale, offset, ok := readAffine(y.polynomial, xs.single())
		if !ok {
			continue
		}
		if m := f.scaleBiasOf(n, x, scale, offset); m != nil {
			return m
		}
	}
	return nil
}

// readAffine takes x scale + offset apart, of which one may be missing.
func readAffine(y polynomial, x *atom) (scale, offset *atom, ok bool) {
	i := slices.IndexFunc(y, func(t term) bool { return t.power(x) == 1 })
	if i < 0 || y[i].coefficient != 1 || len(y) > 2 {
		return nil, nil, false
	}
	if factor := y[i].without(x); len(factor.factors) > 0 {
		if scale = (polynomial{factor}).single(); scale == nil {
			return nil, nil, false
		}
	}
	if len(y) == 2 {
		if offset = y[1-i : 2-i].single(); offset == nil {
			return nil, nil, false
		}
	}
	return scale, offset, scale != nil || offset != nil
}

func (f *finder) scaleBiasOf(n *graph.Node, x string, scale, offset *atom) *match {
	parts := f.between([]string{x}, n.Outputs[0])
	if operations(parts) < 2 {
		if _, ok := n.Layer.(layer.Binary); !ok {
			return nil // a layer already
		}
	}
	axis, ok := commonAxis(scale, offset)
	if !ok {
		return nil
	}
	cells := f.shapes[x][axis]
	var vectors []*atom
	for _, a := range []*atom{scale, offset} {
		if a == nil {
			continue
		}
		vectors = append(vectors, a)
		if a.param != nil && cells < 0 {
			cells = a.param.Value.Dims().Len()
		}
	}
	params, ok := f.params(nil, cells, vectors...)
	if !ok {
		return nil
	}
	m := &match{last: n, inputs: []string{x}, params: params, parts: parts, what: "a number for each channel"}
	if m.layer = layer.Layer(layer.Scale{Axis: axis, Bias: offset != nil}); scale == nil {
		m.layer = layer.Bias{Axis: axis}
	}
	return m
}

// commonAxis is the one axis that weights lie along.
func commonAxis(list ...*atom) (axis int, ok bool) {
	axis = -1
	for _, a := range list {
		if a != nil && len(a.axes) == 1 && axis < 0 {
			axis = a.axes[0]
		}
	}
	for _, a := range list {
		if a != nil && (axis < 0 || !a.vectorAlong(axis)) {
			return 0, false
		}
	}
	return axis, true
}
