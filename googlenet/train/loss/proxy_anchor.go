package loss

import "parity/googlenet/layer"

// ProxyAnchor compares every proxy p with the whole batch (Kim, Kim, Cho, Kwak, Proxy anchor loss for deep metric learning, 2020, equation 4). With
// the cosines s(x, p), the proxies P+ that have a sample of their class in the batch, and the samples X+ of a proxy's class and X- of others:
//
//	loss = 1/|P+| sum_(p in P+) log(1 + sum_(x in X+) exp(-Alpha (s(x,p) - Margin))) + 1/|P| sum_p log(1 + sum_(x in X-) exp(Alpha (s(x,p) + Margin)))
type ProxyAnchor struct{ Alpha, Margin float64 }

func (ProxyAnchor) Name() string { return "proxy_anchor" }

// Params: the proxies, a row for each class.
func (ProxyAnchor) Params(dim, classes int) []Param { return proxies(dim, classes) }

// Attributes lists the inverse temperature and the margin.
func (l ProxyAnchor) Attributes() []layer.Attribute {
	return []layer.Attribute{number("alpha", l.Alpha), number("margin", l.Margin)}
}

func (l ProxyAnchor) build(b *builder) string {
	s, own := b.toProxies(), b.oneHot("class", 1, 0)
	pull := b.add("pull", times(-l.Alpha), b.add("pull/margin", plus(1, -l.Margin), s))
	push := b.add("push", times(l.Alpha), b.add("push/margin", plus(1, l.Margin), s))
	near := b.sum("near", b.add("near/terms", layer.LogSumExp{Axis: 0, One: true}, pull, own), 0)
	present := b.sum("present", b.add("present/classes", layer.Reduce{Reducer: layer.ReduceAny, Axes: []int{0}}, own), 0)
	far := b.mean("far", b.add("far/terms", layer.LogSumExp{Axis: 0, One: true}, push, b.oneHot("other classes", 0, 1)), 0)
	return b.binary("value", layer.Sum, b.binary("near/mean", layer.Quotient, near, present), far)
}
