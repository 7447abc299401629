package loss

import "parity/googlenet/layer"

// LN is the softmax of normalised features and class weights (Zhang and others, Heated-up softmax embedding, 2018, section 3):
//
//	z = Alpha n(x) n(W columns) + b
//
// and then as Softmax. Alpha is the inverse temperature. The bias is not scaled by it, and there in spite of the normalisation, as in the paper's
// code. Heated (HLN), Alpha falls from 16 to 4 at the end: see Heating.
type LN struct{ Alpha, Smoothing float64 }

func (LN) Name() string { return "ln" }

// Params: the weights, a column for each class, and the bias.
func (LN) Params(dim, classes int) []Param { return classifier(dim, classes) }

// Attributes lists the inverse temperature and the smoothing.
func (l LN) Attributes() []layer.Attribute {
	return append([]layer.Attribute{number("alpha", l.Alpha)}, smoothing(l.Smoothing)...)
}

// Temper returns the loss with another alpha.
func (l LN) Temper(alpha float64) Loss { l.Alpha = alpha; return l }

func (l LN) build(b *builder) string {
	z := b.tempered(b.cosines(), l.Alpha, 1)
	return b.crossEntropy(b.add("logits", layer.AddAlong{Axis: 1}, z, b.values["bias"]), l.Smoothing)
}
