package loss

import "parity/googlenet/layer"

// CosFace takes a margin off the cosine of the class (Wang and others, CosFace: large margin cosine loss for deep face recognition, 2018,
// equation 4):
//
//	z_m = Scale (cos_m - Margin [m = y])
type CosFace struct{ Scale, Margin float64 }

func (CosFace) Name() string { return "cosface" }

// Params: the weights, a column for each class.
func (CosFace) Params(dim, classes int) []Param { return directions(dim, classes) }

// Attributes lists scale and margin.
func (l CosFace) Attributes() []layer.Attribute {
	return []layer.Attribute{number("scale", l.Scale), number("margin", l.Margin)}
}

// Temper returns the loss with another scale.
func (l CosFace) Temper(alpha float64) Loss { l.Scale = alpha; return l }

func (l CosFace) build(b *builder) string {
	c := b.binary("margins", layer.Difference, b.cosines(), b.oneHot("margin", l.Margin, 0))
	return b.crossEntropy(b.tempered(c, l.Scale, 1), 0)
}
