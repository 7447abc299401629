package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Log is the logarithm of Shift + Scale x to a base, elementwise. The base math.E is e itself.
type Log struct{ Base, Scale, Shift float64 }

func (Log) Kind() string { return "Log" }

func (l Log) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Log) Forward32(c *Call[float32]) { log(l, c) }
func (l Log) Forward64(c *Call[float64]) { log(l, c) }

// Attributes lists what is not as in the natural logarithm of x.
func (l Log) Attributes() []Attribute {
	return append(baseAttribute(l.Base), affineAttributes(l.Scale, l.Shift)...)
}

// LnBase is the natural logarithm of the base, 1 exactly for e.
func (l Log) LnBase() float64 {
	if l.Base == math.E {
		return 1
	}
	return math.Log(l.Base)
}

func log[T tensor.Float](l Log, c *Call[T]) {
	scale, shift, factor := T(l.Scale), T(l.Shift), T(1/l.LnBase())
	elementwise(c, func(v T) T { return factor * T(math.Log(float64(affine(v, scale, shift)))) })
}

func (l Log) Backward32(g *Gradient[float32]) { logBackward(l, g) }
func (l Log) Backward64(g *Gradient[float64]) { logBackward(l, g) }

// logBackward: dx = dy Scale / (ln(Base) (Shift + Scale x)).
func logBackward[T tensor.Float](l Log, g *Gradient[T]) {
	scale, shift, factor := T(l.Scale), T(l.Shift), T(l.Scale/l.LnBase())
	elementwiseBackward(g, func(x, _, d T) T { return d * (1 / affine(x, scale, shift) * factor) })
}
