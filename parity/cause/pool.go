package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// poolSettings proposes, for every pool of the segment, the same pool with another geometry.
func poolSettings(s *Segment, what string, list func(p layer.Pool, in tensor.Shape) []poolSetting) []Variant {
	with := func(p layer.Pool, in tensor.Shape, wrap func(layer.Pool) layer.Layer) []setting {
		var out []setting
		for _, to := range list(p, in) {
			out = append(out, setting{wrap(to.pool), to.reference, to.candidate, trial{stated: s.declares(to.pool)}})
		}
		return out
	}
	return append(
		settings(s, what, func(_ *graph.Node, l layer.MaxPool, in tensor.Shape) []setting {
			return with(l.Pool, in, func(p layer.Pool) layer.Layer { return layer.MaxPool{Pool: p, Mask: l.Mask, Places: l.Places} })
		}),
		settings(s, what, func(_ *graph.Node, l layer.AveragePool, in tensor.Shape) []setting {
			return with(l.Pool, in, func(p layer.Pool) layer.Layer { return layer.AveragePool{Pool: p, Divisor: l.Divisor} })
		})...,
	)
}

type poolSetting struct {
	pool                 layer.Pool
	reference, candidate string
}

// declaredPool is the candidate's pool in this place, where its graph has one.
func (s *Segment) declaredPool() (layer.Pool, bool) {
	if l, ok := declared[layer.MaxPool](s); ok {
		return l.Pool, true
	}
	if l, ok := declared[layer.AveragePool](s); ok {
		return l.Pool, true
	}
	return layer.Pool{}, false
}

// declares reports whether the candidate's graph has this very pool in this place.
func (s *Segment) declares(p layer.Pool) bool {
	d, ok := s.declaredPool()
	return ok && d == p
}

// explicit is the pool with its padding in numbers, for maps of a size.
func explicit(p layer.Pool, in tensor.Shape) layer.Pool {
	top, left, bottom, right := p.Padding.For(in[2], in[3], p.Window)
	p.Padding = layer.Padding{Top: top, Left: left, Bottom: bottom, Right: right}
	return p
}

func poolPaddings(s *Segment, p layer.Pool, in tensor.Shape) []poolSetting {
	if p.Global || len(in) != 4 || len(s.Candidate.Shape) != 4 {
		return nil
	}
	tries := []layer.Padding{{Mode: layer.SameUpper}, {Mode: layer.SameLower}, {}}
	if d, ok := s.declaredPool(); ok && !d.Global {
		tries = append([]layer.Padding{d.Padding}, tries...)
	}
	for top := range p.Kernel[0] {
		for left := range p.Kernel[1] {
			tries = append(tries, layer.Symmetric(top, left), layer.Padding{Top: top, Left: left, Bottom: s.after(p, 0, in, top), Right: s.after(p, 1, in, left)})
		}
	}
	own := explicit(p, in)
	var list []poolSetting
	seen := map[layer.Padding]bool{own.Padding: true}
	for _, padding := range tries {
		changed := p
		changed.Padding = padding
		at := explicit(changed, in)
		if seen[at.Padding] {
			continue
		}
		seen[at.Padding] = true
		list = append(list, poolSetting{changed, sidesText(own.Padding), sidesText(at.Padding)})
		// What hangs over the edge and what is padded there are the same cells.
		if changed.Ceil && padding.Mode == layer.Explicit {
			changed.Ceil, changed.Clip = false, false
			list = append(list, poolSetting{changed, sidesText(own.Padding), sidesText(at.Padding)})
		}
	}
	return list
}

// after is the padding behind a map, for some before it, with which a pool has the candidate's size.
func (s *Segment) after(p layer.Pool, axis int, in tensor.Shape, before int) int {
	extent := (p.Kernel[axis]-1)*p.Dilation[axis] + 1
	return max((s.Candidate.Shape[2+axis]-1)*p.Stride[axis]+extent-in[2+axis]-before, 0)
}

func sidesText(p layer.Padding) string {
	return fmt.Sprintf("top %d, left %d, bottom %d, right %d", p.Top, p.Left, p.Bottom, p.Right)
}
