package loss

import (
	"math"

	"parity/googlenet/layer"
)

// ArcFace adds a margin to the angle between an embedding and the weights of its class (Deng, Guo, Xue, Zafeiriou, ArcFace: additive angular
// margin loss for deep face recognition, 2019, equation 3):
//
//	z_m = Scale cos_m for m != y,    z_y = Scale cos(theta_y + Margin) = Scale (cos_y cos(Margin) - sqrt((1 - cos_y) (1 + cos_y)) sin(Margin))
//
// Cosines are kept 1e-7 from -1 and 1, where the root has no slope. Beyond theta_y = pi - Margin the cosine rises again with the angle. With Linear it goes
// on as cos_y - Margin sin(pi - Margin) there, which falls, as in the authors' code; without, the formula holds everywhere.
type ArcFace struct {
	Scale, Margin float64
	Linear        bool
}

func (ArcFace) Name() string { return "arcface" }

// Params: the weights, a column for each class.
func (ArcFace) Params(dim, classes int) []Param { return directions(dim, classes) }

// Attributes lists scale, margin and continuation.
func (l ArcFace) Attributes() []layer.Attribute {
	list := []layer.Attribute{number("scale", l.Scale), number("margin", l.Margin)}
	if l.Linear {
		list = append(list, layer.Attribute{Name: "continuation", Value: "linear"})
	}
	return list
}

// Temper returns the loss with another scale.
func (l ArcFace) Temper(alpha float64) Loss { l.Scale = alpha; return l }

func (l ArcFace) build(b *builder) string {
	const limit = 1 - 1e-7
	c := b.add("clamped", layer.Clip{Min: -limit, Max: limit}, b.cosines())
	wide := l.widened(b, c)
	if l.Linear {
		near := b.add("near", layer.Threshold{Threshold: math.Cos(math.Pi - l.Margin)}, c)
		far := b.add("continued", plus(1, -l.Margin*math.Sin(math.Pi-l.Margin)), c)
		wide = b.add("either", layer.Select{}, near, wide, far)
	}
	z := b.add("margins", layer.Select{}, b.oneHot("class", 1, 0), wide, c)
	return b.crossEntropy(b.tempered(z, l.Scale, 1), 0)
}

// widened is the cosine of the angle with the margin.
func (l ArcFace) widened(b *builder, c string) string {
	squared := b.binary("squared sine", layer.Product, b.add("above", plus(-1, 1), c), b.add("below", plus(1, 1), c))
	sine := b.add("sine", layer.Unary{Function: layer.Sqrt}, squared)
	return b.binary("widened", layer.Difference, b.add("cosine part", times(math.Cos(l.Margin)), c), b.add("sine part", times(math.Sin(l.Margin)), sine))
}
