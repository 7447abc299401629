package optim

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Adam divides a running mean of gradients by the root of one of squared gradients (Kingma and Ba, 2014). Delta is added
// to the root of the uncorrected mean, and both corrections for the zeros at the start are in the rate, as in the
// paper's end of section 2. In iteration t, counted from 1:
//
//	m = Beta1 m + (1 - Beta1) g
//	v = Beta2 v + (1 - Beta2) g^2
//	update = rate sqrt(1 - Beta2^t) / (1 - Beta1^t) m / (sqrt(v) + Delta)
//
// RunningPowers takes the powers of the betas from products that are kept in float32 and rounded in every iteration, in a run
// in float64 too, as TensorFlow does.
type Adam struct {
	Beta1, Beta2, Delta float64
	RunningPowers       bool
}

func (Adam) Name() string { return "Adam" }

// Histories: the means of gradients and of squared gradients.
func (Adam) Histories() int { return 2 }

func (o Adam) Update32(c *Call[float32]) { adam(o, c) }
func (o Adam) Update64(c *Call[float64]) { adam(o, c) }

// Attributes lists the decays of the means and what keeps the divisor from zero.
func (o Adam) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("beta1", o.Beta1), number("beta2", o.Beta2), number("delta", o.Delta)}
	return append(list, flag("running powers", o.RunningPowers)...)
}

// Powers are Beta1^t and Beta2^t for t = iteration + 1.
func (o Adam) Powers(iteration int) (float64, float64) {
	if o.RunningPowers {
		return runningPower(o.Beta1, iteration), runningPower(o.Beta2, iteration)
	}
	t := float64(iteration + 1)
	return math.Pow(o.Beta1, t), math.Pow(o.Beta2, t)
}

// runningPower is the product that begins with beta and was multiplied by it in every iteration.
func runningPower(beta float64, iterations int) float64 {
	product := float32(beta)
	for range iterations {
		next := product * float32(beta)
		if next == product { // at 0, 1 or the smallest numbers there are
			break
		}
		product = next
	}
	return float64(product)
}

// Correction is sqrt(1 - Beta2^t) / (1 - Beta1^t) for t = iteration + 1. In float32 it would lose what 1 - Beta2^t
// cancels, so it is computed in float64 for both.
func (o Adam) Correction(iteration int) float64 {
	power1, power2 := o.Powers(iteration)
	return math.Sqrt(1-power2) / (1 - power1)
}

func adam[T tensor.Float](o Adam, c *Call[T]) {
	beta1, beta2, delta := T(o.Beta1), T(o.Beta2), T(o.Delta)
	rate := c.Rate * T(o.Correction(c.Iteration))
	m, v := c.Histories[0], c.Histories[1]
	for i, g := range c.Grad {
		m[i] = blend(1-beta1, g, beta1, m[i])
		v[i] = blend(1-beta2, g*g, beta2, v[i])
		c.Grad[i] = rate * (m[i] / (sqrt(v[i]) + delta))
	}
}
