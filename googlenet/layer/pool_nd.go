package layer

import (
	"strconv"

	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// PoolND is the geometry of pools over any number of axes: those behind Axis, that of the channels.
type PoolND struct {
	WindowND
	Axis int
	// Overhang is how far the last windows may reach beyond the padding, along each axis; nil for not at all.
	Overhang []int
}

func (p PoolND) infer(l Layer, in []tensor.Shape) ([]tensor.Shape, error) {
	if err := p.checkMaps(l, in, p.Axis); err != nil {
		return nil, err
	}
	out, err := p.reaching().positions(in[0][p.Axis+1:])
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{mapsShape(in[0], p.Axis, in[0][p.Axis], out)}, nil
}

// reaching is the window with all cells that it may reach as padding.
func (p PoolND) reaching() WindowND {
	w := p.WindowND
	w.After = make([]int, len(p.After))
	copy(w.After, p.After)
	for a, n := range p.Overhang {
		w.After[a] += n
	}
	return w
}

func (p PoolND) attributes() []Attribute {
	list := p.WindowND.attributes()
	if p.Axis != 1 {
		list = append(list, Attribute{"axis", strconv.Itoa(p.Axis)})
	}
	if !all(p.Overhang, 0) {
		list = append(list, Attribute{"overhang", times(p.Overhang)})
	}
	return list
}

// EachWindow calls f for every window of every plane of maps of these shapes: the output's offset, that of the plane, and the offsets in it
// of the cells of the kernel, -1 for those outside. What belongs to one plane is called in sequence.
func (p PoolND) EachWindow(in, out tensor.Shape, workers int, f func(cell, plane int, reach []int)) {
	maps, positions := in[p.Axis+1:], out[p.Axis+1:]
	area, cells := maps.Len(), positions.Len()
	parallel.For(workers, in[:p.Axis+1].Len(), func(plane int) {
		reach := make([]int, p.taps())
		for cell := range cells {
			p.reach(cell, positions, maps, reach)
			f(plane*cells+cell, plane*area, reach)
		}
	})
}
