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
			out = append(out, setting{wrap(to.pool), to.reference, to.candidate})
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

// explicit is the pool with its padding in numbers, for maps of a size.
func explicit(p layer.Pool, in tensor.Shape) layer.Pool {
	top, left, bottom, right := p.Padding.For(in[2], in[3], p.Window)
	p.Padding = layer.Padding{Top: top, Left: left, Bottom: bottom, Right: right}
	return p
}

func poolPaddings(s *Segment, p layer.Pool, in tensor.Shape) []poolSetting {
	if p.Global || len(in) != 4 {
		return nil
	}
	tries := []layer.Padding{{Mode: layer.SameUpper}, {Mode: layer.SameLower}, {}}
	if d, ok := s.declaredPool(); ok && !d.Global {
		tries = append([]layer.Padding{d.Padding}, tries...)
	}
	for top := range p.Kernel[0] {
		for left := range p.Kernel[1] {
			tries = append(tries, layer.Symmetric(top, left), layer.Padding{Top: top, Left: left, Bottom: p.Kernel[0] - 1 - top, Right: p.Kernel[1] - 1 - left})
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

func sidesText(p layer.Padding) string {
	return fmt.Sprintf("top %d, left %d, bottom %d, right %d", p.Top, p.Left, p.Bottom, p.Right)
}
