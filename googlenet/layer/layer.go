// Package layer holds the operations of a network, one file each: their attributes, shape inference and
// forward computation in float32 and float64.
//
// A layer is a value that holds attributes only. Weights are parameters of the graph's node and come in
// through the Call, so one layer value serves any precision and any number of runs.
package layer

import (
	"fmt"
	"strconv"

	"parity/googlenet/tensor"
)

// Layer is one operation.
type Layer interface {
	// Kind is the name of the operation, as in Kinds.
	Kind() string
	// Infer returns the output shapes for the given input shapes, or why they do not fit.
	Infer(in []tensor.Shape) ([]tensor.Shape, error)
	// Forward32 computes the outputs in float32. It may use any order of summation.
	Forward32(c *Call[float32])
	// Forward64 computes the outputs in float64: the truth that float32 results are held against.
	Forward64(c *Call[float64])
}

// Parametric is a layer with weights.
type Parametric interface {
	// ParamShapes returns the shapes of the weights that the layer needs for the given input shapes.
	ParamShapes(in []tensor.Shape) []tensor.Shape
}

// Call is one execution: inputs and parameters to read, outputs to write. The outputs have the inferred
// shapes and hold zeros.
type Call[T tensor.Float] struct {
	In, Params, Out []*tensor.Tensor[T]
	// Workers is the number of goroutines to use; results do not depend on it.
	Workers int
}

// Attribute is one setting of a layer, for people to read.
type Attribute struct{ Name, Value string }

// Described is a layer that lists its settings.
type Described interface{ Attributes() []Attribute }

func arity(l Layer, in []tensor.Shape, n int) error {
	if len(in) != n {
		return fmt.Errorf("%s takes %d input(s), got %d", l.Kind(), n, len(in))
	}
	return nil
}

// spatial checks for one NCHW input and returns its extents.
func spatial(l Layer, in []tensor.Shape) (n, c, h, w int, err error) {
	if err = arity(l, in, 1); err != nil {
		return
	}
	s := in[0]
	if len(s) != 4 {
		err = fmt.Errorf("%s takes a 4-dimensional NCHW input, got %v", l.Kind(), s)
		return
	}
	return s[0], s[1], s[2], s[3], nil
}

func same(l Layer, in []tensor.Shape) ([]tensor.Shape, error) {
	if err := arity(l, in, 1); err != nil {
		return nil, err
	}
	return []tensor.Shape{in[0].Clone()}, nil
}

// number writes a setting in as few digits as tell it from its neighbours in float32.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 32) }
