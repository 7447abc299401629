package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// spatialSettings proposes the normalisation within a channel with another number in one place.
func spatialSettings(s *Segment, what string, at func(l *layer.SpatialLRN) *float64, values ...float64) []Variant {
	return settings(s, what, func(_ *graph.Node, l layer.SpatialLRN, _ tensor.Shape) []setting {
		own := *at(&l)
		if d, ok := declared[layer.SpatialLRN](s); ok {
			values = append([]float64{*at(&d)}, values...)
		}
		var list []setting
		for _, v := range distinct(own, values...) {
			changed := l
			*at(&changed) = v
			list = append(list, setting{changed, number(own), number(v)})
		}
		return list
	})
}

// spatialWindows are other windows of the normalisation within a channel, with the factor of the sum of squares or that of their mean kept.
func spatialWindows(s *Segment) []Variant {
	return settings(s, "the window", func(_ *graph.Node, l layer.SpatialLRN, _ tensor.Shape) []setting {
		var list []setting
		for size := 1; size <= 15; size += 2 {
			if size == l.Size {
				continue
			}
			reference, candidate := fmt.Sprintf("%d x %d cells", l.Size, l.Size), fmt.Sprintf("%d x %d cells", size, size)
			changed := l
			changed.Size = size
			list = append(list, setting{changed, reference, candidate})
			changed.Alpha = l.Alpha * float64(l.Size*l.Size) / float64(size*size)
			list = append(list, setting{changed, reference, candidate + ", by which alpha is divided"})
		}
		return list
	})
}
