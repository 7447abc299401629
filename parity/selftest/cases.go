package selftest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/cause"
	"parity/parity/replay"
)

// Case is one port: a network with one mistake of one size.
type Case struct {
	Network, Cause string
	Fault          cause.Fault
	Size           float64
	net            *subject
}

// Name tells a case from every other one.
func (c Case) Name() string {
	parts := []string{c.Network, c.Cause, c.Fault.Layer, c.Fault.What}
	if c.Fault.Sized {
		parts = append(parts, fmt.Sprintf("%.2g", c.Size))
	}
	return strings.Join(parts, " | ")
}

// kind groups the cases that differ in nothing but their place.
func (c Case) kind() string {
	kind := "Input"
	if n := c.net.graph.Node(c.Fault.Layer); n != nil {
		kind = n.Layer.Kind()
	}
	what := c.Fault.What
	if c.Cause == "structure.wiring" || c.Cause == "weights.other-layer" || c.Fault.Note {
		what = "" // it names layers
	}
	return strings.Join([]string{c.Cause, kind, what}, " | ")
}

// Cases lists, for every cause, kind of layer and sort of mistake, ports in as many places, drawn at random, and of every size: gross,
// just visible and between.
func Cases(ctx context.Context, places int) ([]Case, error) {
	kinds, order := map[string][]Case{}, []string{}
	for _, n := range networks() {
		s, err := newSubject(ctx, n)
		if err != nil {
			return nil, err
		}
		for _, c := range cause.Catalogue {
			if c.Break == nil {
				continue
			}
			for _, f := range c.Break(s.port(n.name + c.ID)) {
				one := Case{n.name, c.ID, f, 1, s}
				if !one.fits() {
					continue
				}
				k := one.kind()
				if kinds[k] == nil {
					order = append(order, k)
				}
				kinds[k] = append(kinds[k], one)
			}
		}
	}
	var list []Case
	for _, k := range order {
		chosen, err := choose(ctx, kinds[k], places)
		if err != nil {
			return nil, err
		}
		list = append(list, chosen...)
	}
	return list, nil
}

// choose draws places and gives each every size.
func choose(ctx context.Context, list []Case, places int) ([]Case, error) {
	r := list[0].net.port(list[0].kind()).Rand
	var chosen []Case
	for _, i := range r.Perm(len(list)) {
		if places == 0 {
			break
		}
		sized, err := list[i].sizes(ctx)
		if err != nil {
			return nil, err
		}
		if len(sized) > 0 {
			chosen, places = append(chosen, sized...), places-1
		}
	}
	return chosen, nil
}

// visible is how many bounds a mistake that is just visible comes to.
const visible = 4

// sizes are the case in every size; none if it changes nothing here.
func (c Case) sizes(ctx context.Context) ([]Case, error) {
	if !c.Fault.Sized {
		if acts, err := c.acts(ctx); err != nil || !acts {
			return nil, err
		}
		return []Case{c}, nil
	}
	lo, hi := math.Log(1e-9), 0.0
	if r, err := c.ratio(ctx); err != nil || !(r > visible) {
		return nil, err
	}
	small := c
	for range 30 {
		small.Size = math.Exp((lo + hi) / 2)
		r, err := small.ratio(ctx)
		if err != nil {
			return nil, err
		}
		if r > visible {
			hi = (lo + hi) / 2
		} else {
			lo = (lo + hi) / 2
		}
	}
	medium := c
	small.Size, medium.Size = math.Exp(hi), math.Exp(hi/2)
	return []Case{c, medium, small}, nil
}

// ratio is how many bounds the layer is off on its own inputs.
func (c Case) ratio(ctx context.Context) (float64, error) {
	p, err := c.build(ctx)
	if err != nil {
		return 0, err
	}
	n := c.net.graph.Node(c.Fault.Layer)
	if n == nil {
		return c.net.inputRatio(p.values[c.Fault.Layer]), nil
	}
	return c.isolated(p, n)
}

func (c Case) isolated(p *port, n *graph.Node) (float64, error) {
	in := map[string]*tensor.Tensor[float64]{}
	for _, v := range n.Inputs {
		in[v] = tensor.As[float64](p.values[v])
	}
	out, err := replay.Segment([]*graph.Node{n}, in, nil, n.Outputs[0], bound.TensorFlow, 1)
	if err != nil {
		return 0, err
	}
	return float64(replay.Measure(out.X, tensor.As[float64](p.values[n.Outputs[0]]), out.Bound, 1).Ratio), nil
}

// acts reports whether the fault changes any number.
func (c Case) acts(ctx context.Context) (bool, error) {
	broken, err := c.build(ctx)
	if err != nil {
		return false, err
	}
	whole := c
	whole.Fault = cause.Fault{Layer: c.Fault.Layer}
	right, err := whole.build(ctx)
	if err != nil {
		return false, err
	}
	if c.Fault.Note {
		return true, nil
	}
	for _, v := range append(slices.Clone(c.net.graph.Outputs), right.order()...) {
		if t := broken.values[v]; t != nil && !same(t.Data, right.values[v].Data) {
			return true, nil
		}
	}
	return !slices.Equal(broken.graph.Outputs, right.graph.Outputs), nil
}

// same compares bit by bit.
func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

// inputRatio is by how many bounds a picture differs from the network's: four roundings of a grey level.
func (s *subject) inputRatio(x *tensor.Tensor[float32]) float64 {
	limit := tensor.New[float64](x.Shape...)
	for i := range limit.Data {
		limit.Data[i] = 4 * bound.U32 * 255
	}
	return float64(replay.Measure(tensor.As[float64](s.input), tensor.As[float64](x), limit, 1).Ratio)
}

// hidden reports whether nothing that was recorded of the port shows the fault: whether each value is as near to the reference's
// as rounding on both sides comes to, all the way from the input. It computes that limit otherwise than a comparison does.
func (c Case) hidden(kept map[string]*tensor.Tensor[float32]) (bool, error) {
	in := c.net.graph.Inputs[0].Name
	if x := kept[in]; x != nil && !(c.net.inputRatio(x) <= 1) {
		return false, nil
	}
	for v, t := range kept {
		if c.net.graph.Producers()[v] == nil {
			continue
		}
		limit := tensor.New[float64](t.Shape...)
		var x *tensor.Tensor[float64]
		for _, producer := range []bound.Producer{c.net.ref.Producer, bound.TensorFlow} {
			out, err := replay.Segment(c.net.graph.Nodes, map[string]*tensor.Tensor[float64]{in: tensor.As[float64](c.net.input)}, nil, v, producer, 1)
			if err != nil {
				return false, err
			}
			x, limit = out.X, replay.Add(limit, out.Bound)
		}
		if !x.Shape.Equal(t.Shape) || !replay.Measure(x, tensor.As[float64](t), limit, 1).Ratio.Within() {
			return false, nil
		}
	}
	return true, nil
}
