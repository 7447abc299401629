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
	CosineDecay{Base: 0.1, Steps: 7, Alpha: 0.2},
	CosineDecayRestarts{Base: 0.1, Steps: 3, Longer: 1.5, Lower: 0.8, Alpha: 0.2},
	Exp{Base: 0.1, Gamma: 0.9},
	ExponentialDecay{Base: 0.1, Steps: 3, Factor: 0.8, Staircase: true},
	Fixed{Base: 0.1},
	Inv{Base: 0.1, Gamma: 0.25, Power: 0.75},
	InverseTimeDecay{Base: 0.1, Steps: 3, Factor: 0.5},
	LinearCosineDecay{Base: 0.1, Steps: 7, Periods: 0.75, Alpha: 0.1, Beta: 0.01},
	MultiStep{Base: 0.1, Gamma: 0.5, At: []int{2, 5}},
	NaturalExpDecay{Base: 0.1, Steps: 3, Factor: 0.5},
	PiecewiseConstant{At: []int{1, 4}, Values: []float64{0.1, 0.03, 0.001}},
	Poly{Base: 0.1, Power: 0.5, Iterations: 10},
	PolynomialDecay{Base: 0.1, Steps: 4, End: 0.01, Power: 1.5, Cycle: true},
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

// flag lists a setting that is on.
func flag(name string, on bool) []layer.Attribute {
	if !on {
		return nil
	}
	return []layer.Attribute{{Name: name, Value: "yes"}}
}
