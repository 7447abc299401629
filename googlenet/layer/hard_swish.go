package layer

import "parity/googlenet/tensor"

// HardSwish is x min(max(Slope x + Shift, 0), Limit), elementwise: a swish of straight lines (Howard et al., Searching for
// MobileNetV3, 2019, with a slope of 1/6, a shift of 1/2 and a limit of 1).
type HardSwish struct{ Slope, Shift, Limit float64 }

func (HardSwish) Kind() string { return "HardSwish" }

func (l HardSwish) Infer(in []tensor.Shape) ([]tensor.Shape, error) { return same(l, in) }

func (l HardSwish) Forward32(c *Call[float32]) { hardSwish(l, c) }
func (l HardSwish) Forward64(c *Call[float64]) { hardSwish(l, c) }

// Attributes lists the settings.
func (l HardSwish) Attributes() []Attribute {
	return []Attribute{{"slope", number(l.Slope)}, {"shift", number(l.Shift)}, {"limit", number(l.Limit)}}
}

func hardSwish[T tensor.Float](l HardSwish, c *Call[T]) {
	elementwise(c, func(v T) T { return v * smaller(larger(line(l, v), 0), T(l.Limit)) })
}

// line is Slope x + Shift.
func line[T tensor.Float](l HardSwish, x T) T { return affine(x, T(l.Slope), T(l.Shift)) }

func (l HardSwish) Backward32(g *Gradient[float32]) { hardSwishBackward(l, g) }
func (l HardSwish) Backward64(g *Gradient[float64]) { hardSwishBackward(l, g) }

// hardSwishBackward: dx = dy z with z the second factor and, between 0 and the limit, dy (z + Slope x).
func hardSwishBackward[T tensor.Float](l HardSwish, g *Gradient[T]) {
	slope, limit := T(l.Slope), T(l.Limit)
	elementwiseBackward(g, func(x, _, d T) T {
		switch z := line(l, x); {
		case z <= 0:
			return 0
		case z >= limit:
			return d * limit
		default:
			return d * (z + slope*x)
		}
	})
}
