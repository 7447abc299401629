package layer

import "parity/googlenet/tensor"

// Clip is max(Min, min(x, Max)), elementwise.
type Clip struct {
	Min, Max float64
	// Strict passes gradients on between both limits only, and NaN, as in TensorFlow. Without it the limits themselves pass
	// them on too, and NaN becomes Min, as in Caffe.
	Strict bool
}

func (Clip) Kind() string { return "Clip" }

func (l Clip) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l Clip) Forward32(c *Call[float32]) { clip(l, c) }
func (l Clip) Forward64(c *Call[float64]) { clip(l, c) }

// Attributes lists both limits, and whether they count as outside.
func (l Clip) Attributes() []Attribute {
	list := []Attribute{{"min", number(l.Min)}, {"max", number(l.Max)}}
	if l.Strict {
		list = append(list, Attribute{"limits", "without gradient"})
	}
	return list
}

func clip[T tensor.Float](l Clip, c *Call[T]) {
	least, most := T(l.Min), T(l.Max)
	elementwise(c, func(v T) T {
		if v > most {
			v = most
		}
		if v > least || l.Strict && v != v {
			return v
		}
		return least
	})
}

func (l Clip) Backward32(g *Gradient[float32]) { clipBackward(l, g) }
func (l Clip) Backward64(g *Gradient[float64]) { clipBackward(l, g) }

// clipBackward: beyond the limits it is 0, unless dy is not finite.
func clipBackward[T tensor.Float](l Clip, g *Gradient[T]) {
	least, most := T(l.Min), T(l.Max)
	elementwiseBackward(g, func(x, _, d T) T {
		if x > least && x < most || !l.Strict && (x == least || x == most) {
			return d
		}
		return 0 * d
	})
}
