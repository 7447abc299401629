package layer

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
)

// Labels says which labels count. A label is the number of a class, stored as a float.
type Labels struct {
	// Ignore leaves out the labels that are Ignored.
	Ignore  bool
	Ignored int
}

func (l Labels) attributes() []Attribute {
	if !l.Ignore {
		return nil
	}
	return []Attribute{{"ignored label", fmt.Sprint(l.Ignored)}}
}

// Skips tells whether a label is left out.
func (l Labels) Skips(label int) bool { return l.Ignore && label == l.Ignored }

// Label returns the class that a stored label means: its integer part, as a C++ cast gives it on x86. What an int does
// not hold, NaN too, is the least int, which is no class.
func Label[T tensor.Float](v T) int {
	f := float64(v)
	if !(f > math.MinInt32-1 && f < math.MaxInt32+1) {
		return math.MinInt32
	}
	return int(f)
}

// Classes is a tensor seen as rows of one number for each class: the classes lie along one axis, and a row is one
// choice of the other axes.
type Classes struct{ Outer, Count, Inner int }

// ClassesOf returns the rows of a shape along an axis.
func ClassesOf(s tensor.Shape, axis int) Classes {
	return Classes{s[:axis].Len(), s[axis], s[axis+1:].Len()}
}

// Rows is the number of rows.
func (c Classes) Rows() int { return c.Outer * c.Inner }

// At returns the offset of a row's number for a class.
func (c Classes) At(row, class int) int {
	return (row/c.Inner*c.Count+class)*c.Inner + row%c.Inner
}

// Of returns the row of the number at an offset.
func (c Classes) Of(at int) int { return at/(c.Count*c.Inner)*c.Inner + at%c.Inner }

// Has tells whether a label is a class.
func (c Classes) Has(label int) bool { return label >= 0 && label < c.Count }

// invalid is the term of a row whose label is no class. Caffe reads beyond the row there, or aborts when built for
// debugging; here the result must show it.
func invalid[T tensor.Float]() T { return T(math.NaN()) }

// labelled checks for predictions with classes along an axis and one label for each row.
func labelled(l Layer, in []tensor.Shape, axis int) error {
	if axis < 0 || axis >= len(in[0]) {
		return fmt.Errorf("%s axis %d is outside the %d dimensions of %v", l.Kind(), axis, len(in[0]), in[0])
	}
	if rows := ClassesOf(in[0], axis).Rows(); rows != in[1].Len() {
		return fmt.Errorf("%s needs a label for each of the %d rows of %v along axis %d, got %d labels (%v)", l.Kind(), rows, in[0], axis, in[1].Len(), in[1])
	}
	return nil
}

// batched checks that two inputs have the same first extent.
func batched(l Layer, in []tensor.Shape) error {
	if len(in[0]) == 0 || len(in[1]) == 0 || in[0][0] != in[1][0] {
		return fmt.Errorf("%s takes inputs of the same first dimension, got %v and %v", l.Kind(), in[0], in[1])
	}
	return nil
}

// lossOf is the shape of a loss.
func lossOf(err error) ([]tensor.Shape, error) {
	if err != nil {
		return nil, err
	}
	return []tensor.Shape{{}}, nil
}
