package layer

import "parity/googlenet/tensor"

// Clip is max(Min, min(x, Max)), elementwise. NaN becomes Min, as in Caffe.
type Clip struct{ Min, Max float64 }

func (Clip) Kind() string { return "Clip" }

func (l Clip) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Clip) Forward32(c *Call[float32]) { clip(l, c) }
func (l Clip) Forward64(c *Call[float64]) { clip(l, c) }

// Attributes lists both limits.
func (l Clip) Attributes() []Attribute {
	return []Attribute{{"min", number(l.Min)}, {"max", number(l.Max)}}
}

func clip[T tensor.Float](l Clip, c *Call[T]) {
	least, most := T(l.Min), T(l.Max)
	elementwise(c, func(v T) T {
		if v > most {
			v = most
		}
		if v > least {
			return v
		}
		return least
	})
}

func (l Clip) Backward32(g *Gradient[float32]) { clipBackward(l, g) }
func (l Clip) Backward64(g *Gradient[float64]) { clipBackward(l, g) }

// clipBackward: both limits themselves pass the gradient on, as in Caffe; TensorFlow's relu6 does not at 0 and 6.
// Beyond them it is 0, unless dy is not finite.
func clipBackward[T tensor.Float](l Clip, g *Gradient[T]) {
	least, most := T(l.Min), T(l.Max)
	elementwiseBackward(g, func(x, _, d T) T {
		if x >= least && x <= most {
			return d
		}
		return 0 * d
	})
}
