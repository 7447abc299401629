package layer

import "parity/googlenet/tensor"

// Threshold is 1 above Threshold and 0 at it and below, elementwise. It has no gradient.
type Threshold struct{ Threshold float64 }

func (Threshold) Kind() string { return "Threshold" }

func (l Threshold) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Threshold) Forward32(c *Call[float32]) { threshold(l, c) }
func (l Threshold) Forward64(c *Call[float64]) { threshold(l, c) }

// Attributes lists the threshold.
func (l Threshold) Attributes() []Attribute { return []Attribute{{"threshold", number(l.Threshold)}} }

func threshold[T tensor.Float](l Threshold, c *Call[T]) {
	limit := T(l.Threshold)
	elementwise(c, func(v T) T {
		if v > limit {
			return 1
		}
		return 0
	})
}
