package graph

import (
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// probes stand for unknown extents: what comes out alike for both is known. Blocks of many sizes divide them.
var probes = [2]int{5040, 10080}

// InferOpen is the output shape of a layer with one output where extents of its inputs are unknown: -1 in the inputs, and in
// the output where it depends on them. It is nil if nothing is known, as for an input of unknown rank, which is nil.
func InferOpen(l layer.Layer, in []tensor.Shape) tensor.Shape {
	if out := InferAllOpen(l, in); len(out) == 1 {
		return out[0]
	}
	return nil
}

// InferAllOpen is InferOpen for all outputs of a layer.
func InferAllOpen(l layer.Layer, in []tensor.Shape) []tensor.Shape {
	out := inferFilled(l, in, probes[0])
	others := [][]tensor.Shape{inferFilled(l, in, probes[1])}
	if _, clamps := l.(layer.StridedSlice); clamps {
		others = append(others, inferFilled(l, in, 1))
	}
	for _, other := range others {
		if !openAlike(out, other) {
			return nil
		}
	}
	return out
}

// openAlike puts -1 where shapes differ from others of the same ranks.
func openAlike(list, others []tensor.Shape) bool {
	if len(list) != len(others) {
		return false
	}
	for i, s := range list {
		if len(s) != len(others[i]) {
			return false
		}
		for d := range s {
			if s[d] != others[i][d] {
				s[d] = -1
			}
		}
	}
	return true
}

// inferFilled infers with a number in the place of unknown extents; nil if that cannot be.
func inferFilled(l layer.Layer, in []tensor.Shape, probe int) []tensor.Shape {
	filled := make([]tensor.Shape, len(in))
	for i, s := range in {
		if s == nil {
			return nil
		}
		filled[i] = fill(s, probe)
		if _, ok := filled[i].CheckedLen(); !ok {
			return nil
		}
	}
	out, err := l.Infer(filled)
	if err != nil {
		return nil
	}
	for i, s := range out {
		if s == nil { // of a scalar; here it would be an unknown one
			out[i] = tensor.Shape{}
		}
	}
	return out
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
