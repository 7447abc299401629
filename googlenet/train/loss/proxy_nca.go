package loss

import (
	"fmt"

	"parity/googlenet/layer"
)

// ProxyNCA draws an embedding to the proxy of its class and away from all others (Movshovitz-Attias and others, No fuss distance metric learning
// using proxies, 2017, equation 4):
//
//	d(x, p) = |Scale n(x) - Scale n(p)|^2,    loss = mean of d(x, p_y) + log sum_(z != y) exp(-d(x, p_z))
//
// The proxy of the class itself is not part of the sum, as in the paper, so that the loss may be negative; see ProxyNCASoftmax.
type ProxyNCA struct{ Scale float64 }

func (ProxyNCA) Name() string { return "proxy_nca" }

// Params: the proxies, a row for each class.
func (ProxyNCA) Params(dim, classes int) []Param { return proxies(dim, classes) }

// Attributes lists the scale.
func (l ProxyNCA) Attributes() []layer.Attribute { return []layer.Attribute{number("scale", l.Scale)} }

// check: without another class the sum is empty.
func (ProxyNCA) check(e Ends) error {
	if e.Classes < 2 {
		return fmt.Errorf("proxy_nca: expected at least two classes, found %d", e.Classes)
	}
	return nil
}

func (l ProxyNCA) build(b *builder) string {
	d := b.toScaledProxies(l.Scale)
	own := b.sum("own", b.binary("own/parts", layer.SafeProduct, d, b.oneHot("class", 1, 0)), 1)
	rest := b.add("rest", layer.LogSumExp{Axis: 1}, b.add("nearness", times(-1), d), b.oneHot("other classes", 0, 1))
	return b.mean("value", b.binary("terms", layer.Sum, own, rest), 0)
}

// toScaledProxies are the squared distances of scaled embeddings and proxies, [Batch, Classes]: |a|^2 + |b|^2 - 2 a b.
func (b *builder) toScaledProxies(scale float64) string {
	x := b.add("points", times(scale), b.unit())
	p := b.add("proxies", times(scale), b.normalized("directions", b.values["weights"], 1))
	squares := func(name, v string) string {
		return b.sum(name, b.add(name+"/parts", layer.Unary{Function: layer.Square}, v), 1)
	}
	column := b.add("points/column", layer.Reshape{Shape: []int{-1, 1}}, squares("points/squares", x))
	both := b.binary("squares", layer.Sum, column, squares("proxies/squares", p))
	products := b.add("products", layer.MatMul{TransposeB: true}, x, p)
	return b.binary("distances", layer.Difference, both, b.add("products/twice", times(2), products))
}
