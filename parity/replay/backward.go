package replay

import (
	"context"
	"fmt"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// Gradients are the gradients of a backward run in float64 with, element by element, how far a producer's may be off.
type Gradients struct {
	Values map[string]Value
	Params map[*graph.Param]Value
	// Undecided counts the elements for which a choice lies within the error of flipping, by node.
	Undecided map[string]int
}

// Backward runs the graph from its end to its beginning. values are those of a forward run with their bounds for the
// same producer, all of them; seeds are exact.
func Backward(ctx context.Context, g *graph.Graph, values map[string]Value, seeds map[string]*tensor.Tensor[float64], p bound.Producer, threads int) (*Gradients, error) {
	g, values, err := byParts(g, values, p, threads)
	if err != nil {
		return nil, err
	}
	b := &backward{values: values, producer: p.AgainstReplay(), parts: map[string][]Value{}, params: map[*graph.Param][]Value{}}
	b.Undecided = map[string]int{}
	plain := map[string]*tensor.Tensor[float64]{}
	for name, v := range values {
		plain[name] = v.X
	}
	for name, t := range seeds {
		b.parts[name] = []Value{{X: t}}
	}
	r, err := engine.Backward(ctx, g, plain, seeds, engine.BackwardOptions[float64]{Threads: threads, Hook: b.node})
	if err != nil {
		return nil, err
	}
	b.Values, b.Params = map[string]Value{}, map[*graph.Param]Value{}
	for name, t := range r.Values {
		b.Values[name] = Value{t, b.bound(b.parts[name])}
	}
	for param, t := range r.Params {
		b.Params[param] = Value{t, b.bound(b.params[param])}
	}
	return &b.Gradients, nil
}

type backward struct {
	Gradients
	values   map[string]Value
	producer bound.Producer
	parts    map[string][]Value // what a value's readers contribute to its gradient
	params   map[*graph.Param][]Value
}

// bound is that of a sum of contributions.
func (b *backward) bound(parts []Value) *tensor.Tensor[float64] {
	var x, e []*tensor.Tensor[float64]
	for _, p := range parts {
		x, e = append(x, p.X), append(e, p.Bound)
	}
	if len(x) == 0 {
		return nil
	}
	return b.producer.Sum(x, e)
}

func (b *backward) node(n *graph.Node, g *layer.Gradient[float64]) error {
	c := &bound.GradientCall{Layer: n.Layer, Gradient: g, Producer: b.producer}
	c.Producer.Flushes = c.Producer.Flushes || n.Flush
	for _, v := range n.Inputs {
		c.InErr = append(c.InErr, b.values[n.Backward(v)].Bound)
	}
	for _, v := range n.Outputs {
		c.OutErr = append(c.OutErr, b.values[n.Backward(v)].Bound)
		c.OutGradErr = append(c.OutGradErr, b.bound(b.parts[v]))
	}
	bounds, err := bound.OfGradient(c)
	if err != nil {
		return fmt.Errorf("%s: %w", n.Name, err)
	}
	if bounds.Undecided > 0 {
		b.Undecided[n.Name] = bounds.Undecided
	}
	for i, v := range n.Inputs {
		if g.InGrad[i] != nil {
			b.parts[v] = append(b.parts[v], Value{g.InGrad[i], bounds.In[i]})
		}
	}
	for i, p := range n.Params {
		if g.ParamGrad[i] != nil {
			// engine.Backward adds further contributions in place: this one must stay as it is.
			own := Value{graph.ToOwner(p, g.ParamGrad[i].Clone()), graph.ToOwner(p, bounds.Params[i])}
			b.params[p.Owner()] = append(b.params[p.Owner()], own)
		}
	}
	return nil
}

// Forward runs the graph in float64 with the bounds of a producer.
func Forward(ctx context.Context, g *graph.Graph, inputs map[string]*tensor.Tensor[float64], p bound.Producer, threads int) (map[string]Value, error) {
	d := &Drift{Producers: []bound.Producer{p}, Threads: threads}
	values, known := map[string]Value{}, map[string]Uncertainty{}
	for name, t := range inputs {
		values[name], known[name] = Value{X: t}, d.Exact()
	}
	_, err := engine.Run(ctx, g, inputs, engine.Options[float64]{Threads: threads, Keep: func(string) bool { return false },
		Hook: func(n *graph.Node, in, out []*tensor.Tensor[float64]) ([]*tensor.Tensor[float64], error) {
			if out == nil {
				return nil, fmt.Errorf("%s: the operation %s cannot be computed", n.Name, n.Layer.Kind())
			}
			after, err := d.Node(n, in, out, d.Before(n, known))
			if err != nil {
				return nil, err
			}
			if err := d.Flow(n, in, out, after); err != nil {
				return nil, err
			}
			for i, v := range n.Outputs {
				known[v], values[v] = after[i], Value{out[i], after[i].Limit()}
			}
			return out, nil
		}})
	return values, err
}
