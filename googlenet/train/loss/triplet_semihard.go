package loss

import "parity/googlenet/layer"

// TripletSemiHard is, over all pairs of an anchor and a positive in the batch, the mean of
//
//	max(0, d_ap + Margin - d_an),    d_ij = |n(x_i) - n(x_j)|^2
//
// with the negative that layer.SemiHard chooses (Schroff, Kalenichenko, Philbin, FaceNet, 2015, equations 1 to 4). A pair without a negative
// counts as 0.
type TripletSemiHard struct{ Margin float64 }

func (TripletSemiHard) Name() string { return "triplet_semihard" }

// Params: none.
func (TripletSemiHard) Params(int, int) []Param { return nil }

// Attributes lists the margin.
func (l TripletSemiHard) Attributes() []layer.Attribute {
	return []layer.Attribute{number("margin", l.Margin)}
}

func (l TripletSemiHard) build(b *builder) string {
	d := b.distances(b.unit())
	positive, negative := b.pairs()
	chosen := b.add("negatives", layer.SemiHard{}, d, positive, negative)
	hinge := b.add("hinges", layer.ReLU{}, b.add("violations", plus(1, l.Margin), b.binary("gaps", layer.Difference, d, chosen)))
	any := b.add("with negatives", layer.Reduce{Reducer: layer.ReduceAny, Axes: []int{1}, Keep: true}, negative)
	counted := b.binary("counted", layer.And, positive, any)
	total := b.sum("total", b.binary("terms", layer.Product, hinge, counted), 0, 1)
	return b.binary("value", layer.SafeQuotient, total, b.sum("pairs", positive, 0, 1))
}
