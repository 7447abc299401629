package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// vectorAlong reports whether an atom is a weight with one number for each cell along an axis. A single number may be one for an
// axis of one cell.
func (a *atom) vectorAlong(axis int) bool {
	if a == nil || a.function != "" || a.param == nil && !a.absent {
		return false
	}
	return len(a.axes) == 1 && a.axes[0] == axis || len(a.axes) == 0
}

// params adds vectors of n numbers to a layer's parameters. Where one has no values, as in a graph that is only looked at, there
// are none at all; it is not ok if one has another size.
func (f *finder) params(first []*graph.Param, n int, vectors ...*atom) (list []*graph.Param, ok bool) {
	list = slices.Clone(first)
	absent := false
	for _, a := range vectors {
		switch {
		case a == nil || a.absent:
			absent = true
		case a.param.Value.Dims().Len() != n:
			return nil, false
		default:
			list = append(list, shaped(a.param, n))
		}
	}
	if absent {
		return nil, true
	}
	return list, true
}

// shaped is a parameter in another shape: itself if it has that already, else one that shares its memory.
func shaped(p *graph.Param, shape ...int) *graph.Param {
	if p.Value.Dims().Equal(shape) {
		return p
	}
	out := &graph.Param{Name: p.Name, Shares: p.Owner(), Filler: p.Filler, Multipliers: p.Multipliers}
	switch v := p.Value.(type) {
	case *tensor.Tensor[float32]:
		out.Value = v.Reshaped(shape...)
	case *tensor.Tensor[float64]:
		out.Value = v.Reshaped(shape...)
	}
	return out
}

// filled is a vector of weights that the framework leaves out.
func filled(name string, n int, v float32) *graph.Param {
	return &graph.Param{Name: name, Value: tensor.From(slices.Repeat([]float32{v}, n), n), Multipliers: &graph.Multipliers{}}
}
