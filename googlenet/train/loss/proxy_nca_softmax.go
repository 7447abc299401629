package loss

import "parity/googlenet/layer"

// ProxyNCASoftmax is ProxyNCA with the proxy of the class in the sum too, as most implementations have it: the cross entropy of the softmax
// of -d(x, p_m).
type ProxyNCASoftmax struct{ Scale float64 }

func (ProxyNCASoftmax) Name() string { return "proxy_nca_softmax" }

// Params: the proxies, a row for each class.
func (ProxyNCASoftmax) Params(dim, classes int) []Param { return proxies(dim, classes) }

// Attributes lists the scale.
func (l ProxyNCASoftmax) Attributes() []layer.Attribute {
	return []layer.Attribute{number("scale", l.Scale)}
}

func (l ProxyNCASoftmax) build(b *builder) string {
	return b.crossEntropy(b.add("nearness", times(-1), b.toScaledProxies(l.Scale)), 0)
}
