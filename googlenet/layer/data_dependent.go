package layer

import "parity/googlenet/tensor"

// DataDependent is a layer whose inputs are more than numbers to compute with: indices or selectors that decide about
// the shapes of its outputs, or that may be out of range. Infer, which sees only shapes, returns the largest ones.
type DataDependent interface {
	Layer
	// InferFrom returns the output shapes for the given inputs, or why their values do not fit. The shapes have
	// passed Infer.
	InferFrom(in []tensor.Any) ([]tensor.Shape, error)
}

// OutputShapes returns the shapes of a layer's outputs for the given inputs, or why they do not fit.
func OutputShapes[T tensor.Float](l Layer, in []*tensor.Tensor[T]) ([]tensor.Shape, error) {
	shapes := make([]tensor.Shape, len(in))
	values := make([]tensor.Any, len(in))
	for i, t := range in {
		shapes[i], values[i] = t.Shape, t
	}
	out, err := l.Infer(shapes)
	if d, ok := l.(DataDependent); ok && err == nil {
		return d.InferFrom(values)
	}
	return out, err
}

// eachRow calls f with the place of every index and the row of a table that it points to, its fraction cut off. An index
// that points nowhere, which InferFrom refuses, is passed over.
func eachRow[T tensor.Float](index []T, rows int, f func(i, row int)) {
	for i, v := range index {
		if v > -1 && v < T(rows) {
			f(i, int(v))
		}
	}
}
