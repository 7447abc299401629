package caffe

import (
	"slices"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// convert brings a blob into the layout of the layer: float32, with the axes in its order.
func (s *step) convert(i int, b *Blob, want tensor.Shape) (tensor.Any, error) {
	stored := s.storedShape(i, want)
	shape, ok := filledIn(stored, b.Shape.Len())
	if !ok || !slices.Equal(squeezed(shape), squeezed(b.Shape)) {
		return nil, source.Errorf(b.File, b.Position, "weights %d of layer %q: expected shape %v, as its definition at %s:%s needs, found %v; are these the weights of another network?",
			i, s.Name, stored, s.Settings.File, s.Settings.Position, b.Shape)
	}
	if b.Dtype == "float64" {
		s.transforms = append(s.transforms, "weights rounded to float32")
	}
	v := tensor.ReshapeAny(tensor.As[float32](b.Value), shape...)
	if axes := s.stored[i]; axes != nil {
		v = tensor.PermuteAny(v, axes...)
	}
	return v, nil
}

// storedShape is the shape that a file has for a blob that the layer needs in a shape.
func (s *step) storedShape(i int, want tensor.Shape) tensor.Shape {
	axes := s.stored[i]
	if axes == nil {
		return want
	}
	stored := make(tensor.Shape, len(want))
	for to, from := range axes {
		stored[from] = want[to]
	}
	return stored
}

// filledIn returns the shape with its unknown extent such that it holds n elements.
func filledIn(s tensor.Shape, n int) (tensor.Shape, bool) {
	out, free, known := s.Clone(), -1, 1
	for i, d := range s {
		switch {
		case d >= 0:
			known *= d
		case free >= 0:
			return nil, false
		default:
			free = i
		}
	}
	if free >= 0 && known > 0 {
		out[free] = n / known
	}
	total, ok := out.CheckedLen()
	return out, ok && total == n
}

// squeezed drops extents of 1: old files pad every shape with them to four.
func squeezed(s tensor.Shape) []int {
	return slices.DeleteFunc(slices.Clone(s), func(d int) bool { return d == 1 })
}

// fits tells whether a shape agrees with one that has unknown extents.
func fits(want, have tensor.Shape) bool {
	return slices.EqualFunc(want, have, func(w, h int) bool { return w == h || w == -1 })
}
