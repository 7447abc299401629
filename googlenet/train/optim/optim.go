// Package optim holds the rules by which gradients change parameters, one file each, and the step that applies one to
// all parameters of a network.
package optim

import (
	"math"
	"strconv"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Optimizer is one rule.
type Optimizer interface {
	// Name is the name of the rule, as in Optimizers.
	Name() string
	// Histories is how many tensors the rule keeps for each parameter, of the parameter's shape. They begin as zeros,
	// unless the rule is a Beginner.
	Histories() int
	// Update32 and Update64 replace a gradient by what is to be subtracted from the parameter, and bring the histories
	// up to date. A Placer writes the parameter's new value in place of the difference. What becomes of an element depends on
	// no other one: a parameter is updated in pieces.
	Update32(c *Call[float32])
	Update64(c *Call[float64])
	// Attributes lists the settings.
	Attributes() []layer.Attribute
}

// Beginner is an Optimizer whose histories do not all begin as zeros.
type Beginner interface {
	// Begin returns what every element of a history begins as.
	Begin(history int) float64
}

// Placer is an Optimizer that computes a parameter rather than its change.
type Placer interface{ Places() }

// Call is one update of one parameter.
type Call[T tensor.Float] struct {
	Rate      T   // the learning rate, with the parameter's own multiplier
	Iteration int // counted from 0
	Grad      []T // the gradient to read, the update to write
	Value     []T // the parameter, to read
	Histories [][]T
}

// Optimizers has an example of every rule, with every setting away from its default.
var Optimizers = []Optimizer{
	AdaDelta{Momentum: 0.9, Delta: 1e-4},
	AdaGrad{Delta: 1e-3, Accumulator: 0.1},
	Adam{Beta1: 0.8, Beta2: 0.99, Delta: 1e-4, RunningPowers: true},
	Ftrl{Accumulator: 0.2, Power: -0.4, L1: 0.1, L2: 0.05, Shrinkage: 0.02, Beta: 0.3},
	GradientDescent{},
	Momentum{Momentum: 0.9, Nesterov: true},
	Nesterov{Momentum: 0.9},
	RMSProp{Decay: 0.95, Delta: 1e-4},
	RMSPropMomentum{Decay: 0.9, Momentum: 0.5, Epsilon: 1e-3, Centered: true},
	SGD{Momentum: 0.9},
}

// update is Update32 or Update64.
func update[T tensor.Float](o Optimizer, c *Call[T]) {
	switch c := any(c).(type) {
	case *Call[float32]:
		o.Update32(c)
	case *Call[float64]:
		o.Update64(c)
	}
}

// fma is a x + y with one rounding, which is how the vector units that BLAS runs on add a multiple of a vector. In
// float32 the sum is rounded to float64 first, which once in some 2^29 times changes the result.
func fma[T tensor.Float](a, x, y T) T { return T(math.FMA(float64(a), float64(x), float64(y))) }

// blend is a x + b y: the product with b is rounded, the other is not.
func blend[T tensor.Float](a, x, b, y T) T { return fma(a, x, T(b*y)) }

// toward moves a by a share of the way to b.
func toward[T tensor.Float](a, b, share T) T { return a + T(share*(b-a)) }

func sqrt[T tensor.Float](x T) T { return T(math.Sqrt(float64(x))) }

// number writes a setting in as few digits as tell it from its neighbours in float32.
func number(name string, v float64) layer.Attribute {
	return layer.Attribute{Name: name, Value: strconv.FormatFloat(v, 'g', -1, 32)}
}

// flag lists a setting that is on.
func flag(name string, on bool) []layer.Attribute {
	if !on {
		return nil
	}
	return []layer.Attribute{{Name: name, Value: "yes"}}
}
