// Package schedule holds the rules by which a learning rate changes from iteration to iteration, one file each.
package schedule

import (
	"math"
	"strconv"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Policy is one rule.
//
// Some rules count steps: how often the rate was lowered so far. The count is part of a training run's state, because a
// rule may depend on how it was reached.
type Policy interface {
	// Name is the name of the rule, as in Policies.
	Name() string
	// Step returns the count of steps at an iteration, given what it was before.
	Step(iteration, step int) int
	// Rate32 and Rate64 return the learning rate at an iteration, counted from 0, and a count of steps.
	Rate32(iteration, step int) float32
	Rate64(iteration, step int) float64
	// Attributes lists the settings.
	Attributes() []layer.Attribute
}

// Policies has an example of every rule, with every setting away from zero.
var Policies = []Policy{
	Exp{Base: 0.1, Gamma: 0.9},
	Fixed{Base: 0.1},
	Inv{Base: 0.1, Gamma: 0.25, Power: 0.75},
	MultiStep{Base: 0.1, Gamma: 0.5, At: []int{2, 5}},
	Poly{Base: 0.1, Power: 0.5, Iterations: 10},
	Sigmoid{Base: 0.1, Gamma: 0.5, Middle: 3},
	Step{Base: 0.1, Gamma: 0.5, Every: 2},
}

// Rate is Rate32 or Rate64.
func Rate[T tensor.Float](p Policy, iteration, step int) T {
	var rate T
	switch r := any(&rate).(type) {
	case *float32:
		*r = p.Rate32(iteration, step)
	case *float64:
		*r = p.Rate64(iteration, step)
	}
	return rate
}

// powers is base gamma^n, with the power in float64 and one rounding at the end.
func powers[T tensor.Float](base, gamma float64, n int) T {
	return T(base * math.Pow(gamma, float64(n)))
}

// number writes a setting in as few digits as tell it from its neighbours in float32.
func number(name string, v float64) layer.Attribute {
	return layer.Attribute{Name: name, Value: strconv.FormatFloat(v, 'g', -1, 32)}
}

func count(name string, n int) layer.Attribute {
	return layer.Attribute{Name: name, Value: strconv.Itoa(n)}
}
