package cases

import (
	"context"
	"fmt"
	"strings"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity/replay"
)

// precision is that of a recording.
type precision int

const (
	single precision = iota
	double
)

// network is a graph that is run forward and backward in both precisions, with the bounds of this program's engine and of
// the framework that the recordings come from.
type network struct {
	graph    *graph.Graph
	inputs   map[string]tensor.Any
	seeds    map[string]tensor.Any // gradients of values; empty for no backward run
	recorded [2]bound.Producer     // by precision
	threads  int

	f32     pass[float32]
	f64     pass[float64]
	bounds  [2]limits // by precision: of both producers together
	updates map[*graph.Node][]*tensor.Tensor[float32]
}

// pass is a run in one precision.
type pass[T tensor.Float] struct {
	values    map[string]*tensor.Tensor[T]
	gradients *engine.Gradients[T]
}

// limits are how far a recording may be from this program's own run.
type limits struct {
	values, gradients map[string]*tensor.Tensor[float64]
	params            map[*graph.Param]*tensor.Tensor[float64]
	updates           map[*graph.Node][]*tensor.Tensor[float64]
	undecided         int
}

func (n *network) run(ctx context.Context) error {
	if err := runPass(ctx, n, &n.f32); err != nil {
		return err
	}
	if err := runPass(ctx, n, &n.f64); err != nil {
		return err
	}
	n.update()
	for p, own := range []bound.Producer{bound.Native32, bound.Native64} {
		if err := n.bound(ctx, precision(p), own, n.recorded[p]); err != nil {
			return err
		}
	}
	return nil
}

func converted[T tensor.Float](m map[string]tensor.Any) map[string]*tensor.Tensor[T] {
	out := map[string]*tensor.Tensor[T]{}
	for name, t := range m {
		out[name] = tensor.As[T](t)
	}
	return out
}

// fitted gives the seeds the shapes of the values that they belong to.
func fitted[T tensor.Float](seeds, values map[string]*tensor.Tensor[T]) (map[string]*tensor.Tensor[T], error) {
	for name, t := range seeds {
		v := values[name]
		if v == nil || v.Shape.Len() != t.Shape.Len() {
			return nil, fmt.Errorf("the gradient fed in at %q has shape %v, which fits no value of the network", name, t.Shape)
		}
		seeds[name] = t.Reshaped(v.Shape...)
	}
	return seeds, nil
}

func runPass[T tensor.Float](ctx context.Context, n *network, p *pass[T]) error {
	r, err := engine.Run(ctx, n.graph, converted[T](n.inputs), engine.Options[T]{Threads: n.threads, Keep: engine.All})
	if err != nil {
		return err
	}
	if len(r.Skipped) > 0 {
		return notComputed(n.graph.Node(r.Skipped[0]))
	}
	p.values = r.Values
	if len(n.seeds) == 0 {
		return nil
	}
	seeds, err := fitted(converted[T](n.seeds), r.Values)
	if err != nil {
		return err
	}
	p.gradients, err = engine.Backward(ctx, n.graph, r.Values, seeds, engine.BackwardOptions[T]{Threads: n.threads})
	return err
}

// notComputed is the error of a node of an operation that is not computed, with the reason if there is one.
func notComputed(n *graph.Node) error {
	why := ""
	if l, ok := n.Layer.(layer.Unknown); ok {
		for _, d := range l.Details {
			if d.Name == "reason" {
				why = ": " + d.Value
			}
		}
	}
	return unsupported(fmt.Sprintf("%s: the operation %s is not supported%s", n.Name, strings.TrimPrefix(n.Layer.Kind(), "?"), why))
}

// update collects what layers make of their own parameters in a forward run.
func (n *network) update() {
	n.updates = map[*graph.Node][]*tensor.Tensor[float32]{}
	for _, node := range n.graph.Nodes {
		u, ok := node.Layer.(layer.Updater)
		if !ok {
			continue
		}
		c := &layer.Call[float32]{Workers: n.threads}
		for _, v := range node.Inputs {
			c.In = append(c.In, n.f32.values[v])
		}
		for _, v := range node.Outputs {
			c.Out = append(c.Out, n.f32.values[v])
		}
		for _, p := range node.Params {
			c.Params = append(c.Params, tensor.As[float32](p.Value))
		}
		n.updates[node] = u.Update32(c)
	}
}

// bound adds up the bounds of two producers.
func (n *network) bound(ctx context.Context, p precision, producers ...bound.Producer) error {
	sum := limits{
		values: map[string]*tensor.Tensor[float64]{}, gradients: map[string]*tensor.Tensor[float64]{},
		params: map[*graph.Param]*tensor.Tensor[float64]{}, updates: map[*graph.Node][]*tensor.Tensor[float64]{},
	}
	for _, producer := range producers {
		values, err := replay.Forward(ctx, n.graph, converted[float64](n.inputs), producer, n.threads)
		if err != nil {
			return err
		}
		for name, v := range values {
			sum.values[name] = replay.Add(sum.values[name], v.Bound)
		}
		if err := sum.addUpdates(n.graph, values, producer); err != nil {
			return err
		}
		if len(n.seeds) == 0 {
			continue
		}
		seeds, err := fitted(converted[float64](n.seeds), n.f64.values)
		if err != nil {
			return err
		}
		g, err := replay.Backward(ctx, n.graph, values, seeds, producer, n.threads)
		if err != nil {
			return err
		}
		sum.addGradients(g)
	}
	n.bounds[p] = sum
	return nil
}

// addUpdates adds the bounds of what layers make of their own parameters.
func (l *limits) addUpdates(g *graph.Graph, values map[string]replay.Value, p bound.Producer) error {
	for _, node := range g.Nodes {
		if _, ok := node.Layer.(layer.Updater); !ok {
			continue
		}
		c := &bound.Call{Layer: node.Layer, Producer: p.AgainstReplay()}
		for _, v := range node.Inputs {
			c.In, c.Err = append(c.In, values[v].X), append(c.Err, values[v].Bound)
		}
		for _, p := range node.Params {
			c.Params = append(c.Params, tensor.As[float64](p.Value))
		}
		bounds, err := bound.OfUpdate(c)
		if err != nil {
			return fmt.Errorf("%s: %w", node.Name, err)
		}
		sums := make([]*tensor.Tensor[float64], len(bounds))
		copy(sums, l.updates[node])
		for i, b := range bounds {
			sums[i] = replay.Add(sums[i], b)
		}
		l.updates[node] = sums
	}
	return nil
}

func (l *limits) addGradients(g *replay.Gradients) {
	for name, v := range g.Values {
		l.gradients[name] = replay.Add(l.gradients[name], v.Bound)
	}
	for param, v := range g.Params {
		l.params[param] = replay.Add(l.params[param], v.Bound)
	}
	undecided := 0
	for _, count := range g.Undecided {
		undecided += count
	}
	l.undecided = max(l.undecided, undecided)
}

func (n *network) undecided() int { return n.bounds[single].undecided }

// in picks the tensor of a precision.
func in(p precision, f32 *tensor.Tensor[float32], f64 *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	if p == double {
		return f64
	}
	if f32 == nil {
		return nil
	}
	return tensor.As[float64](f32)
}

func (n *network) value(name string, p precision) (value, error) {
	got := in(p, n.f32.values[name], n.f64.values[name])
	if got == nil {
		return value{}, fmt.Errorf("the network has no value %q", name)
	}
	return value{got, n.bounds[p].values[name]}, nil
}

func (n *network) gradient(name string, p precision) (value, error) {
	if n.f32.gradients == nil {
		return value{}, fmt.Errorf("no gradient was fed in")
	}
	got := in(p, n.f32.gradients.Values[name], n.f64.gradients.Values[name])
	if got == nil && n.f32.values[name] != nil {
		return value{got: tensor.New[float64](n.f32.values[name].Shape...)}, nil // nothing depends on it
	}
	if got == nil {
		return value{}, fmt.Errorf("the network has no value %q", name)
	}
	return value{got, n.bounds[p].gradients[name]}, nil
}

func (n *network) paramGradient(param *graph.Param, p precision) (value, error) {
	if n.f32.gradients == nil {
		return value{}, fmt.Errorf("no gradient was fed in")
	}
	got := in(p, n.f32.gradients.Param(param), n.f64.gradients.Param(param))
	if got == nil {
		return value{}, fmt.Errorf("no gradient reaches the parameter %q", param.Name)
	}
	return value{got, graph.AsStored(param, n.bounds[p].params[param.Owner()])}, nil
}

func (n *network) updated(node *graph.Node, i int) (value, error) {
	list := n.updates[node]
	if i >= len(list) || list[i] == nil {
		return value{}, fmt.Errorf("the layer %s does not change its parameter %d", node.Name, i)
	}
	return value{tensor.As[float64](list[i]), n.bounds[single].updates[node][i]}, nil
}
