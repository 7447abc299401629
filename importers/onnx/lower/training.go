package lower

import (
	"parity/googlenet/layer"
	"parity/importers/onnx/model"
)

// The operations of ai.onnx.preview.training take a learning rate R, the number T of updates so far, and then lists: all parameters
// X, all gradients G and, list by list, what is kept from update to update. They return the new parameters and what is kept.

// update is one of those operations on one parameter.
type update struct {
	*call
	rate, count *value
	// in are the parameter, its gradient and what is kept.
	in []*value
	// out are the outputs for the new parameter and for what is kept.
	out []int
}

// updates lowers an optimiser with that many lists of what is kept.
func updates(kept int, lower func(u update) error) func(*call) error {
	return func(c *call) error {
		in, ok, err := c.all()
		if err != nil || !ok {
			return c.unlessErr(err, "its inputs are not known to be numbers")
		}
		lists := kept + 2
		n := (len(in) - 2) / lists
		if n < 1 || len(in) != 2+n*lists || len(c.node.Outputs) != n*(kept+1) {
			return c.node.Errorf("it takes a rate, a count and %d lists, found %d inputs and %d outputs", lists, len(in), len(c.node.Outputs))
		}
		for i := range n {
			u := update{call: c, rate: in[0], count: in[1]}
			for k := range lists {
				u.in = append(u.in, in[2+k*n+i])
			}
			for k := range kept + 1 {
				u.out = append(u.out, k*n+i)
			}
			if err := lower(u); err != nil {
				return err
			}
		}
		return nil
	}
}

// write puts in what becomes output k of the parameter.
func (u update) write(k int, op layer.Operation, a, b *value) *value {
	if i := u.out[k]; i > 0 {
		return u.further(i, one{layer: layer.Binary{Operation: op}, in: []*value{a, b}, dtype: a.dtype})
	}
	return u.together("", layer.Binary{Operation: op}, a.dtype, a, b)
}

func (u update) join(suffix string, op layer.Operation, a, b *value) *value {
	return u.together(suffix, layer.Binary{Operation: op}, u.in[0].dtype, a, b)
}

// gradient is G + norm_coefficient X.
func (u update) gradient() (*value, error) {
	decay, err := u.node.Float("norm_coefficient", 0)
	if err != nil || decay == 0 {
		return u.in[1], err
	}
	return u.join("/gradient", layer.Sum, u.on("/decay", u.in[0], times(decay)), u.in[1]), nil
}

// floats reads attributes.
func (u update) floats(names ...string) (list []float64, err error) {
	for _, name := range names {
		v, err := u.node.Float(name, 0)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// isFirst is 1 before the first update, else 0.
func (u update) isFirst() *value { return u.compare("/first", layer.Equal, u.count, 0) }

// momentum: V = alpha V + beta G, with 1 for beta in the first update; X = X - R V, or with Nesterov's momentum
// X = X - R (G + alpha V).
func momentum(u update) error {
	s, err := u.floats("alpha", "beta")
	if err != nil {
		return err
	}
	g, err := u.gradient()
	if err != nil {
		return err
	}
	mode, err := u.node.Text("mode", "standard")
	if err != nil {
		return err
	}
	if mode != "standard" && mode != "nesterov" {
		return u.node.Errorf("the attribute mode should be standard or nesterov, found %q", mode)
	}
	one, beta := u.fixedNumber("/one", 1, model.Float), u.fixedNumber("/beta", s[1], model.Float)
	share := u.together("/share", layer.Select{}, model.Float, u.isFirst(), one, beta)
	v := u.write(1, layer.Sum, u.on("/kept", u.in[2], times(s[0])), u.join("/new", layer.Product, share, g))
	if mode == "nesterov" {
		v = u.join("/ahead", layer.Sum, g, u.on("/pushed", v, times(s[0])))
	}
	u.write(0, layer.Difference, u.in[0], u.join("/step", layer.Product, u.rate, v))
	return nil
}

// adagrad: H = H + G^2, X = X - R / (1 + T decay_factor) G / (sqrt(H) + epsilon).
func adagrad(u update) error {
	s, err := u.floats("decay_factor")
	if err != nil {
		return err
	}
	epsilon, err := u.node.Float("epsilon", 1e-6)
	if err != nil {
		return err
	}
	g, err := u.gradient()
	if err != nil {
		return err
	}
	slower := u.on("/slower", u.count, layer.Power{Power: 1, Scale: s[0], Shift: 1})
	rate := u.join("/rate", layer.Quotient, u.rate, slower)
	h := u.write(1, layer.Sum, u.in[2], u.join("/square", layer.Product, g, g))
	root := u.root(h, epsilon)
	u.write(0, layer.Difference, u.in[0], u.join("/step", layer.Quotient, u.join("/scaled", layer.Product, rate, g), root))
	return nil
}

// root is sqrt(x) + epsilon.
func (u update) root(x *value, epsilon float64) *value {
	return u.on("/floored", u.on("/root", x, layer.Unary{Function: layer.Sqrt}), layer.Power{Power: 1, Scale: 1, Shift: epsilon})
}

// adam: V = alpha V + (1-alpha) G, H = beta H + (1-beta) G^2, X = X - R' V / (sqrt(H) + epsilon), with
// R' = R sqrt(1-beta^T) / (1-alpha^T), or R in the first update; at last X = (1 - norm_coefficient_post) X.
func adam(u update) error {
	s, err := u.adamSettings()
	if err != nil {
		return err
	}
	alpha, beta, epsilon, after := s[0], s[1], s[2], s[3]
	g, err := u.gradient()
	if err != nil {
		return err
	}
	v := u.write(1, layer.Sum, u.on("/kept", u.in[2], times(alpha)), u.on("/new", g, times(1-alpha)))
	squares := u.on("/squares", u.join("/square", layer.Product, g, g), times(1-beta))
	h := u.write(2, layer.Sum, u.on("/kept squares", u.in[3], times(beta)), squares)
	root := u.root(h, epsilon)
	left := func(suffix string, base float64) *value {
		power := u.join(suffix+" power", layer.Pow, u.fixedNumber(suffix+" base", base, model.Float), u.count)
		return u.on(suffix, power, layer.Power{Power: 1, Scale: -1, Shift: 1})
	}
	correction := u.join("/correction", layer.Quotient, u.on("/beta root", left("/beta", beta), layer.Unary{Function: layer.Sqrt}), left("/alpha", alpha))
	corrected := u.join("/corrected", layer.Product, u.rate, correction)
	rate := u.together("/rate", layer.Select{}, model.Float, u.isFirst(), u.rate, corrected)
	step := u.join("/step", layer.Quotient, u.join("/scaled", layer.Product, rate, v), root)
	if after == 0 {
		u.write(0, layer.Difference, u.in[0], step)
		return nil
	}
	moved := u.join("/moved", layer.Difference, u.in[0], step)
	u.write(0, layer.Product, moved, u.fixedNumber("/shrunk", 1-after, model.Float))
	return nil
}

// adamSettings are alpha, beta, epsilon and norm_coefficient_post.
func (u update) adamSettings() ([]float64, error) {
	var list []float64
	for _, a := range []struct {
		name     string
		fallback float32
	}{{"alpha", 0.9}, {"beta", 0.999}, {"epsilon", 1e-6}, {"norm_coefficient_post", 0}} {
		v, err := u.node.Float(a.name, a.fallback)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
