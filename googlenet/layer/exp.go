package layer

import (
	"math"

	"parity/googlenet/tensor"
)

// Exp is Base^(Shift + Scale x), elementwise. The base math.E is e itself.
type Exp struct{ Base, Scale, Shift float64 }

func (Exp) Kind() string { return "Exp" }

func (l Exp) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Exp) Forward32(c *Call[float32]) { exp(l, c) }
func (l Exp) Forward64(c *Call[float64]) { exp(l, c) }

// Attributes lists what is not as in e^x.
func (l Exp) Attributes() []Attribute {
	return append(baseAttribute(l.Base), affineAttributes(l.Scale, l.Shift)...)
}

func baseAttribute(base float64) []Attribute {
	if base == math.E {
		return nil
	}
	return []Attribute{{"base", number(base)}}
}

func exp[T tensor.Float](l Exp, c *Call[T]) {
	inner, outer := l.Factors()
	s, f := T(inner), T(outer)
	elementwise(c, func(v T) T { return f * T(math.Exp(float64(T(s*v)))) })
}

// Factors returns s and f such that the layer is f e^(s x).
func (l Exp) Factors() (s, f float64) {
	if l.Base == math.E {
		return l.Scale, math.Exp(l.Shift)
	}
	return math.Log(l.Base) * l.Scale, math.Pow(l.Base, l.Shift)
}

func (l Exp) Backward32(g *Gradient[float32]) { expBackward(l, g) }
func (l Exp) Backward64(g *Gradient[float64]) { expBackward(l, g) }

// expBackward: dx = y dy ln(Base) Scale.
func expBackward[T tensor.Float](l Exp, g *Gradient[T]) {
	inner, _ := l.Factors()
	elementwiseBackward(g, func(_, y, d T) T { return y * d * T(inner) })
}
