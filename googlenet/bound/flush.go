package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// passing are the kinds that only move elements or change their sign: denormal numbers pass as they are. Those that compare, as a
// pool for the largest, pass one on, but may take any for it: to them all are zeros.
var passing = map[string]bool{
	"Abs": true, "BatchToSpace": true, "Broadcast": true, "Concat": true, "Constant": true, "Crop": true, "DepthToSpace": true,
	"Gather": true, "Identity": true, "Im2col": true, "MirrorPad": true, "OneHot": true, "Pad": true,
	"Permute": true, "Reshape": true, "Select": true, "Shape": true, "Slice": true, "SpaceToBatch": true, "SpaceToDepth": true,
	"Stack": true, "StridedSlice": true, "Tile": true, "Unstack": true,
}

// at is the producer as it is for a layer: one that passes denormal numbers on does not flush.
func (p Producer) at(l layer.Layer) Producer {
	if passes(l) {
		p.Flushes = false
	}
	return p
}

func passes(l layer.Layer) bool {
	switch l := l.(type) {
	case layer.Unary:
		return l.Function == layer.Negative
	case layer.Resize:
		return l.Filter == layer.ResizeNearest
	}
	return passing[l.Kind()]
}

// denormal reports whether a number, or one that is off by e, may be denormal.
func (p Producer) denormal(v, e float64) bool {
	return math.Abs(v)-e < p.Tiny && (v != 0 || e > 0)
}

// flushed adds what a number that may be denormal loses where it is read, or written, as 0. The errors come back as they are
// where there is no such number, or for a producer that keeps them.
func (p Producer) flushed(x, e *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if !p.Flushes || x == nil {
		return e
	}
	at, out := atOrZero(e), (*tensor.Tensor[float64])(nil)
	for i, v := range x.Data {
		if !p.denormal(v, at(i)) {
			continue
		}
		if out == nil {
			out = errorOf(e, x).Clone()
		}
		out.Data[i] += min(p.Tiny, math.Abs(v)+at(i))
	}
	if out == nil {
		return e
	}
	return out
}

func (p Producer) allFlushed(x, e []*tensor.Tensor[float64]) []*tensor.Tensor[float64] {
	out := make([]*tensor.Tensor[float64], len(x))
	for i, t := range x {
		out[i] = p.flushed(t, e[i])
	}
	return out
}

// flushAlike reports whether two producers flush the same of these tensors.
func (p Producer) flushAlike(q Producer, l layer.Layer, list ...[]*tensor.Tensor[float64]) bool {
	if p.at(l).Flushes == q.at(l).Flushes {
		return true
	}
	for _, tensors := range list {
		for _, t := range tensors {
			for _, v := range t.Data {
				if p.denormal(v, 0) {
					return false
				}
			}
		}
	}
	return true
}
