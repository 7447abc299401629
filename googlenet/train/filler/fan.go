package filler

import (
	"fmt"

	"parity/googlenet/tensor"
)

// VarianceNorm says which number of connections the variance is divided by.
type VarianceNorm int

// FanIn: the inputs of an output; FanOut: the outputs of an input, each with the cells of a kernel; Average: their mean.
const (
	FanIn VarianceNorm = iota
	FanOut
	Average
)

// fan counts the connections of weights [outputs, inputs, kernel...]. One axis alone is taken for outputs with one input each.
func (n VarianceNorm) fan(s tensor.Shape) float64 {
	in, out := s.Len(), s.Len()
	if len(s) > 0 {
		in /= s[0]
	}
	if len(s) > 1 {
		out /= s[1]
	}
	return n.of(float64(in), float64(out))
}

func (n VarianceNorm) of(in, out float64) float64 {
	switch n {
	case FanOut:
		return out
	case Average:
		return (in + out) / 2
	}
	return in
}

// checkMatrix refuses what has no connections to count.
func checkMatrix(s tensor.Shape) error {
	if len(s) == 0 {
		return fmt.Errorf("a scalar has no connections to count")
	}
	return checkElements(s)
}
