package caffe

import (
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// probes stand in for extents that only the data tell. Both divide by every usual group and stride; what comes out
// differently for the two depends on them and is unknown too.
var probes = [2]int{5040, 7560}

// infer returns the shapes of a layer's outputs as far as they are known: nil where not even the rank is. It fails
// only for inputs that are known in full.
func infer(l layer.Layer, in []tensor.Shape) ([]tensor.Shape, error) {
	if _, ok := l.(layer.Unknown); ok || slices.ContainsFunc(in, func(s tensor.Shape) bool { return s == nil }) {
		return []tensor.Shape{nil}, nil
	}
	if !slices.ContainsFunc(in, open) {
		return l.Infer(in)
	}
	a, errA := l.Infer(filled(in, probes[0]))
	b, errB := l.Infer(filled(in, probes[1]))
	if errA != nil || errB != nil {
		return []tensor.Shape{nil}, nil
	}
	return merge(a, b), nil
}

// paramShapes returns the shapes of a layer's weights, with -1 for what depends on an unknown input.
func paramShapes(l layer.Parametric, in []tensor.Shape) []tensor.Shape {
	known := slices.Clone(in)
	for i, s := range known {
		if s == nil {
			known[i] = tensor.Shape{-1, -1, -1, -1}
		}
	}
	return merge(l.ParamShapes(filled(known, probes[0])), l.ParamShapes(filled(known, probes[1])))
}

func open(s tensor.Shape) bool { return slices.Contains(s, -1) }

func filled(shapes []tensor.Shape, probe int) []tensor.Shape {
	out := make([]tensor.Shape, len(shapes))
	for i, s := range shapes {
		out[i] = s.Clone()
		for j, d := range s {
			if d == -1 {
				out[i][j] = probe
			}
		}
	}
	return out
}

// merge keeps the extents on which two lists of shapes agree.
func merge(a, b []tensor.Shape) []tensor.Shape {
	out := make([]tensor.Shape, len(a))
	for i := range a {
		out[i] = a[i].Clone()
		for j := range a[i] {
			if len(b[i]) != len(a[i]) || a[i][j] != b[i][j] {
				out[i][j] = -1
			}
		}
	}
	return out
}
