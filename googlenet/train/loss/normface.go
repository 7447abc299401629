package loss

import "parity/googlenet/layer"

// NormFace is the softmax of cosines without a bias (Wang, Xiang, Cheng, Yuille, NormFace: L2 hypersphere embedding for face verification, 2017,
// equation 8), with a scale that is not learned:
//
//	z = Scale n(x) n(W columns)
type NormFace struct{ Scale float64 }

func (NormFace) Name() string { return "normface" }

// Params: the weights, a column for each class.
func (NormFace) Params(dim, classes int) []Param { return directions(dim, classes) }

// Attributes lists the scale.
func (l NormFace) Attributes() []layer.Attribute { return []layer.Attribute{number("scale", l.Scale)} }

// Temper returns the loss with another scale.
func (l NormFace) Temper(alpha float64) Loss { l.Scale = alpha; return l }

func (l NormFace) build(b *builder) string {
	return b.crossEntropy(b.tempered(b.cosines(), l.Scale, 1), 0)
}
