package loss

import "parity/googlenet/layer"

// SupCon is the supervised contrastive loss with the sum outside of the logarithm (Khosla and others, Supervised contrastive learning, 2020, equation
// 2, L_out): with s_ij = cos(x_i, x_j) / Temperature, over the anchors i that have positives P_i
//
//	loss = mean_i of mean_(p in P_i) of (log sum_(j != i) exp(s_ij) - s_ip)
type SupCon struct{ Temperature float64 }

func (SupCon) Name() string { return "supcon" }

// Params: none.
func (SupCon) Params(int, int) []Param { return nil }

// Attributes lists the temperature.
func (l SupCon) Attributes() []layer.Attribute {
	return []layer.Attribute{number("temperature", l.Temperature)}
}

func (l SupCon) build(b *builder) string {
	s := b.add("scaled", times(1/l.Temperature), b.similarities())
	positive, _ := b.pairs()
	rest := b.add("rest", layer.LogSumExp{Axis: 1}, s, prefix+"others")
	count := b.sum("positives", positive, 1)
	own := b.binary("own", layer.SafeQuotient, b.sum("own/sum", b.binary("own/parts", layer.Product, s, positive), 1), count)
	anchors := b.add("anchors", layer.Reduce{Reducer: layer.ReduceAny, Axes: []int{1}}, positive)
	terms := b.binary("terms", layer.SafeProduct, b.binary("terms/all", layer.Difference, rest, own), anchors)
	return b.binary("value", layer.SafeQuotient, b.sum("total", terms, 0), b.sum("anchors/count", anchors, 0))
}
