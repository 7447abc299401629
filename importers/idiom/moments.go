package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// moments are a mean, and the mean of the squared distances from it over the same axes.
func moments(f *finder, n *graph.Node) *match {
	last, ok := f.averages(n)
	if !ok || f.fixed[n.Outputs[0]] {
		return nil
	}
	for _, x := range f.cuts(n.Inputs[0]) {
		mean := f.meanOf(x, last)
		if mean == nil || mean == n {
			continue
		}
		e := f.expression(x)
		variance, xs := e.of(n.Outputs[0]).single(), e.leaf(x).single()
		if !variance.reduces(layer.ReduceMean) || !isVariance(variance, e.of(mean.Outputs[0]).single(), xs) {
			continue
		}
		return &match{
			last: mean, layer: layer.Moments{Axes: last.Axes, Keep: last.Keep}, inputs: []string{x}, outputs: []string{mean.Outputs[0], n.Outputs[0]},
			parts: f.between([]string{x}, n.Outputs[0], mean.Outputs[0]), differs: true, what: "mean and variance in single operations",
		}
	}
	return nil
}

// averages is a node as a mean along axes: over a whole map, it is a pool.
func (f *finder) averages(n *graph.Node) (layer.Reduce, bool) {
	switch l := n.Layer.(type) {
	case layer.Reduce:
		l.Axes = slices.Sorted(slices.Values(l.Axes))
		return l, l.Reducer == layer.ReduceMean
	case layer.AveragePool:
		return layer.Reduce{Reducer: layer.ReduceMean, Axes: []int{2, 3}, Keep: true}, l.Global
	}
	return layer.Reduce{}, false
}

// meanOf finds the mean of x over the axes of another one.
func (f *finder) meanOf(x string, like layer.Reduce) *graph.Node {
	for _, n := range f.consumers[x] {
		if l, ok := f.averages(n); ok && l.Keep == like.Keep && slices.Equal(l.Axes, like.Axes) {
			return n
		}
	}
	return nil
}
