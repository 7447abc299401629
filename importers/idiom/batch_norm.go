package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// batchNorm is batch normalisation in single operations, in any order: with mean m, variance v, scale g and offset b,
//
//	y = x g/sqrt(v + epsilon) + b - m g/sqrt(v + epsilon)
//
// where g and b may be missing, and m and v are weights or the moments of x.
func batchNorm(f *finder, n *graph.Node) *match {
	if len(n.Outputs) != 1 || !arithmetic(n) {
		return nil
	}
	for _, x := range f.cuts(n.Outputs[0]) {
		if m := f.batchNormOf(n, x); m != nil {
			return m
		}
	}
	return nil
}

// normalization is what the formula was found to consist of; nil for what is missing.
type normalization struct {
	axis                          int
	epsilon                       float64
	mean, variance, scale, offset *atom
	batch                         bool
}

func (f *finder) batchNormOf(n *graph.Node, x string) *match {
	e := f.expression(x)
	shape := f.shapes[x]
	y, xs := e.of(n.Outputs[0]), e.leaf(x)
	if y.rank < 2 || y.rank != xs.rank || e.idle(n) {
		return nil
	}
	b := readNormalization(y.polynomial, xs.single(), y.rank)
	if b == nil {
		return nil
	}
	l := layer.FusedBatchNorm{Axis: b.axis, Epsilon: b.epsilon, Plain: true}
	if b.batch {
		l.Batch, l.Factor = true, 1
	}
	channels := b.channels(shape)
	if channels < 1 {
		return nil
	}
	params, ok := f.normalizationParams(n, b, channels)
	if !ok {
		return nil
	}
	return &match{
		last: n, layer: l, inputs: []string{x}, params: params, parts: f.between([]string{x}, n.Outputs[0]), differs: true,
		what: "batch normalisation in single operations",
	}
}

// readNormalization takes the formula apart.
func readNormalization(y polynomial, x *atom, rank int) *normalization {
	if len(y) < 2 || len(y) > 3 {
		return nil
	}
	i := slices.IndexFunc(y, func(t term) bool { return t.power(x) == 1 })
	if i < 0 || y[i].coefficient != 1 {
		return nil
	}
	root, power := y[i].find("root")
	if power != -1 {
		return nil
	}
	b := &normalization{}
	scale := y[i].without(x, root)
	switch len(scale.factors) {
	case 0:
	case 1:
		b.scale = polynomial{scale}.single()
		if b.scale == nil {
			return nil
		}
	default:
		return nil
	}
	rest := slices.Delete(slices.Clone(y), i, i+1)
	if !b.readRest(rest, y[i].without(x)) || !b.readRoot(root.args[0]) {
		return nil
	}
	if !b.readMoments(x, rank) && !b.readWeights() {
		return nil
	}
	return b
}

// readRest reads the terms without x: the mean times the factor that x has, negative, and the offset.
func (b *normalization) readRest(rest polynomial, factor term) bool {
	for _, t := range rest {
		quotient := polynomial{t}.times(polynomial{factor}.inverse())
		if mean := quotient.scaled(-1).single(); mean != nil && b.mean == nil && mean.function != "root" {
			b.mean = mean
			continue
		}
		if offset := (polynomial{t}).single(); offset != nil && b.offset == nil {
			b.offset = offset
			continue
		}
		return false
	}
	return b.mean != nil
}

// readRoot reads the variance and epsilon. A variance of two terms, as the mean of the squares minus the square of the mean, is
// left to readMoments.
func (b *normalization) readRoot(p polynomial) bool {
	var rest polynomial
	for _, t := range p {
		if len(t.factors) == 0 {
			b.epsilon = t.coefficient
			continue
		}
		rest = append(rest, t)
	}
	if b.variance = rest.single(); b.variance == nil {
		b.variance = &atom{function: "difference", args: []polynomial{rest}}
	}
	return b.epsilon >= 0
}

// readMoments reports whether mean and variance are those of x over all axes but one.
func (b *normalization) readMoments(x *atom, rank int) bool {
	if !b.mean.reduces(layer.ReduceMean) || len(b.mean.over) != rank-1 || !b.mean.args[0].equal(of(x)) {
		return false
	}
	for b.axis = 0; slices.Contains(b.mean.over, b.axis); {
		b.axis++
	}
	if !slices.Equal(b.mean.axes, []int{b.axis}) || !b.affineAlong(b.axis) {
		return false
	}
	b.batch = isVariance(b.variance, b.mean, x)
	return b.batch
}

// isVariance reports whether an atom is the mean of (x - mean)^2 over the axes that the mean goes over, or mean(x^2) - mean^2. A mean that
// gradients stop at is one too.
func isVariance(v, mean, x *atom) bool {
	if v.function == "difference" {
		squares := of(&atom{function: mean.function, node: mean.node, args: []polynomial{of(x).times(of(x))}, over: mean.over, axes: mean.axes})
		return v.args[0].equal(squares.minus(of(mean).times(of(mean))))
	}
	if !v.reduces(layer.ReduceMean) || !slices.Equal(v.over, mean.over) || !slices.Equal(v.axes, mean.axes) {
		return false
	}
	for _, m := range []polynomial{of(mean), of(&atom{function: "stop", args: []polynomial{of(mean)}})} {
		distance := of(x).minus(m)
		if v.args[0].equal(distance.times(distance)) {
			return true
		}
	}
	return false
}

// readWeights reports whether all are vectors along one axis.
func (b *normalization) readWeights() bool {
	for _, a := range []*atom{b.mean, b.variance, b.scale, b.offset} {
		if a != nil && len(a.axes) == 1 {
			b.axis = a.axes[0]
			return b.mean.vectorAlong(b.axis) && b.variance.vectorAlong(b.axis) && b.affineAlong(b.axis)
		}
	}
	return false
}

func (b *normalization) affineAlong(axis int) bool {
	return (b.scale == nil || b.scale.vectorAlong(axis)) && (b.offset == nil || b.offset.vectorAlong(axis))
}

// channels is how many there are, 0 if that is not known.
func (b *normalization) channels(x []int) int {
	if n := x[b.axis]; n > 0 {
		return n
	}
	for _, a := range []*atom{b.mean, b.variance, b.scale, b.offset} {
		if a != nil && a.param != nil {
			return a.param.Value.Dims().Len()
		}
	}
	return 0
}

// normalizationParams are scale, offset, mean and variance, those that are read.
func (f *finder) normalizationParams(n *graph.Node, b *normalization, channels int) ([]*graph.Param, bool) {
	list := []*atom{b.scale, b.offset}
	if !b.batch {
		list = append(list, b.mean, b.variance)
	}
	var params []*graph.Param
	for i, a := range list {
		p := []*graph.Param{filled(n.Name+[...]string{"/scale", "/offset"}[min(i, 1)], channels, float32(1-min(i, 1)))}
		if a != nil {
			var ok bool
			if p, ok = f.params(nil, channels, a); !ok || p == nil {
				return nil, ok
			}
		}
		params = append(params, p...)
	}
	return params, true
}
