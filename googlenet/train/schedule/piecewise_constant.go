package schedule

import (
	"fmt"
	"strings"

	"parity/googlenet/layer"
)

// PiecewiseConstant is the first of Values up to and including the first iteration of At, then the second, and so on: there
// is one value more than iterations, which are in order.
type PiecewiseConstant struct {
	At     []int
	Values []float64
}

func (PiecewiseConstant) Name() string { return "piecewise_constant" }

func (PiecewiseConstant) Step(_, step int) int { return step }

func (p PiecewiseConstant) Rate64(iteration, step int) float64 {
	return float64(p.Rate32(iteration, step))
}

func (p PiecewiseConstant) Rate32(iteration, _ int) float32 {
	reached := 0
	for _, at := range p.At {
		if iteration > at {
			reached++
		}
	}
	return float32(p.Values[reached])
}

// Attributes lists the last iteration of each value but the last, and the values.
func (p PiecewiseConstant) Attributes() []layer.Attribute {
	return []layer.Attribute{{Name: "at", Value: listed(p.At)}, {Name: "values", Value: listed(p.Values)}}
}

func listed[T any](list []T) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ", "), "[]")
}
