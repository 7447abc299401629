package optim

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Ftrl follows the regularised leader (McMahan et al., Ad click prediction, 2013), with a penalty L1 on magnitudes and L2 on
// squares. It computes the parameter w itself from what has been gathered: with Power p (not positive, -1/2 as a rule),
//
//	n' = n + g^2
//	z = z + g + 2 Shrinkage w - (n'^-p - n^-p) / rate w
//	w = (sign(z) L1 - z) / (n'^-p / rate + 2 L2 + Beta / rate), 0 where |z| <= L1
//
// The sums of squares n begin at Accumulator. Shrinkage is a penalty on squares that acts on the gradient alone.
type Ftrl struct{ Accumulator, Power, L1, L2, Shrinkage, Beta float64 }

func (Ftrl) Name() string { return "Ftrl" }

// Histories: the sum of squares and z.
func (Ftrl) Histories() int { return 2 }

// Begin is the first sum of squares.
func (o Ftrl) Begin(history int) float64 {
	if history == 0 {
		return o.Accumulator
	}
	return 0
}

// Places says that Update writes the parameter.
func (Ftrl) Places() {}

func (o Ftrl) Update32(c *Call[float32]) { ftrl(o, c) }
func (o Ftrl) Update64(c *Call[float64]) { ftrl(o, c) }

// Attributes lists where the sum of squares begins, its power and the penalties.
func (o Ftrl) Attributes() []layer.Attribute {
	return []layer.Attribute{
		number("accumulator", o.Accumulator), number("power", o.Power), number("l1", o.L1), number("l2", o.L2), number("shrinkage", o.Shrinkage),
		number("beta", o.Beta),
	}
}

func ftrl[T tensor.Float](o Ftrl, c *Call[T]) {
	l1, shrinkage := T(o.L1), T(o.Shrinkage)
	penalty := 2*T(o.L2) + T(o.Beta)/c.Rate
	n, z := c.Histories[0], c.Histories[1]
	for i, g := range c.Grad {
		before := grown(o, n[i])
		n[i] += T(g * g)
		after, w := grown(o, n[i]), c.Value[i]
		z[i] += g + T(2*shrinkage*w) - T((after-before)/c.Rate*w)
		c.Grad[i] = 0
		if z[i] > l1 || z[i] < -l1 {
			c.Grad[i] = (sign(z[i])*l1 - z[i]) / (after/c.Rate + penalty)
		}
	}
}

// grown is n^-Power.
func grown[T tensor.Float](o Ftrl, n T) T {
	if o.Power == -0.5 {
		return sqrt(n)
	}
	return T(math.Pow(float64(n), -o.Power))
}
