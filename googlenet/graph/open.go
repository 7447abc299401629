package graph

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// probes stand for unknown extents: what comes out alike for both is known.
var probes = [2]int{1009, 2003}

// InferOpen is the output shape of a layer with one output where extents of its inputs are unknown: -1 in the inputs, and in
// the output where it depends on them. It is nil if nothing is known, as for an input of unknown rank, which is nil.
func InferOpen(l layer.Layer, in []tensor.Shape) tensor.Shape {
	var out [2]tensor.Shape
	for i, probe := range probes {
		filled := make([]tensor.Shape, len(in))
		for j, s := range in {
			if s == nil {
				return nil
			}
			filled[j] = fill(s, probe)
			if _, ok := filled[j].CheckedLen(); !ok {
				return nil
			}
		}
		shapes, err := l.Infer(filled)
		if err != nil || len(shapes) != 1 {
			return nil
		}
		out[i] = shapes[0]
	}
	for d := range out[0] {
		if out[0][d] != out[1][d] {
			out[0][d] = -1
		}
	}
	return out[0]
}

func fill(s tensor.Shape, probe int) tensor.Shape {
	s = s.Clone()
	for d := range s {
		if s[d] < 0 {
			s[d] = probe
		}
	}
	return s
}
