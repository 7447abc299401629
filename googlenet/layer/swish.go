package layer

import "parity/googlenet/tensor"

// Swish is x / (1 + e^(-Beta x)), elementwise (Ramachandran, Zoph, Le, Searching for activation functions, 2017).
type Swish struct{ Beta float64 }

func (Swish) Kind() string { return "Swish" }

func (l Swish) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Swish) Forward32(c *Call[float32]) { swish(l, c) }
func (l Swish) Forward64(c *Call[float64]) { swish(l, c) }

// Attributes lists beta.
func (l Swish) Attributes() []Attribute { return []Attribute{{"beta", number(l.Beta)}} }

func swish[T tensor.Float](l Swish, c *Call[T]) {
	beta := T(l.Beta)
	elementwise(c, func(v T) T { return v * logistic(beta*v) })
}

func (l Swish) Backward32(g *Gradient[float32]) { swishBackward(l, g) }
func (l Swish) Backward64(g *Gradient[float64]) { swishBackward(l, g) }

// swishBackward: dx = dy (Beta y + s (1 - Beta y)) with s = 1 / (1 + e^(-Beta x)).
func swishBackward[T tensor.Float](l Swish, g *Gradient[T]) {
	beta := T(l.Beta)
	elementwiseBackward(g, func(x, y, d T) T { return d * (beta*y + logistic(beta*x)*(1-beta*y)) })
}
