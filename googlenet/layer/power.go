package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Power is (Shift + Scale x)^Power, elementwise.
type Power struct{ Power, Scale, Shift float64 }

func (Power) Kind() string { return "Power" }

func (l Power) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Power) Forward32(c *Call[float32]) { power(l, c) }
func (l Power) Forward64(c *Call[float64]) { power(l, c) }

// Attributes lists the power, and scale and shift where there are any.
func (l Power) Attributes() []Attribute {
	return append([]Attribute{{"power", number(l.Power)}}, affineAttributes(l.Scale, l.Shift)...)
}

// Constant reports whether the result does not depend on the input, not even where that is no number.
func (l Power) Constant() bool { return l.Power*l.Scale == 0 }

func power[T tensor.Float](l Power, c *Call[T]) {
	p, scale, shift := T(l.Power), T(l.Scale), T(l.Shift)
	if l.Constant() {
		value := T(math.Pow(float64(shift), float64(p)))
		elementwise(c, func(T) T { return value })
		return
	}
	elementwise(c, func(v T) T { return T(math.Pow(float64(affine(v, scale, shift)), float64(p))) })
}

func (l Power) Backward32(g *Gradient[float32]) { powerBackward(l, g) }
func (l Power) Backward64(g *Gradient[float64]) { powerBackward(l, g) }

// powerBackward: dx = dy Power Scale (Shift + Scale x)^(Power-1), computed as in Caffe: as a quotient of y, which is no
// number where Shift + Scale x is 0, except for the powers 0, 1 and 2.
func powerBackward[T tensor.Float](l Power, g *Gradient[T]) {
	p, scale, shift, factor := T(l.Power), T(l.Scale), T(l.Shift), T(l.Power*l.Scale)
	switch {
	case l.Constant():
		elementwiseBackward(g, func(T, T, T) T { return 0 })
	case l.Power == 1:
		elementwiseBackward(g, func(_, _, d T) T { return d * factor })
	case l.Power == 2:
		elementwiseBackward(g, func(x, _, d T) T { return d * affine(x, T(factor*scale), T(factor*shift)) })
	case l.Shift == 0:
		elementwiseBackward(g, func(x, y, d T) T { return d * (y / x * p) })
	default:
		elementwiseBackward(g, func(x, y, d T) T { return d * (y / affine(x, scale, shift) * factor) })
	}
}
