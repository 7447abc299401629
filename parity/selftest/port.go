package selftest

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/cause"
	"parity/parity/compare"
	"parity/parity/trace"
)

// subject is a network with the recording of its reference run.
type subject struct {
	network
	shapes map[string]tensor.Shape
	ref    compare.Side
}

func newSubject(ctx context.Context, n network) (*subject, error) {
	in := n.graph.Inputs[0].Name
	shapes, err := n.graph.Shapes(map[string]tensor.Shape{in: n.input.Shape})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.name, err)
	}
	r, err := engine.Run(ctx, n.graph, map[string]*tensor.Tensor[float32]{in: n.input}, engine.Options[float32]{Keep: engine.All, Threads: 1})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.name, err)
	}
	return &subject{n, shapes, compare.Side{
		Graph: n.graph, Trace: &trace.Trace{Values: anyValues(r.Values)}, Producer: bound.Caffe, Info: parity.Side{Framework: "caffe", Source: "recorded"},
	}}, nil
}

func anyValues(values map[string]*tensor.Tensor[float32]) map[string]tensor.Any {
	m := map[string]tensor.Any{}
	for name, t := range values {
		m[name] = t
	}
	return m
}

// port is a copy of the network to break. What is drawn for it depends on nothing but its name.
func (s *subject) port(name string) *cause.Port {
	h := fnv.New64a()
	h.Write([]byte(name))
	return &cause.Port{Graph: copyOf(s.graph), Shapes: s.shapes, Input: s.input.Clone(), Rand: rand.New(rand.NewPCG(h.Sum64(), 1))}
}

// copyOf copies a graph down to its nodes.
func copyOf(g *graph.Graph) *graph.Graph {
	out := *g
	out.Nodes, out.Framework = nil, "tensorflow"
	for _, n := range g.Nodes {
		node := *n
		out.Nodes = append(out.Nodes, &node)
	}
	return &out
}

// port is a broken network as it was run and recorded.
type port struct {
	name   string
	ref    *graph.Graph
	graph  *graph.Graph // as its files say
	values map[string]*tensor.Tensor[float32]
}

// build breaks the network and runs it as another framework does: every layer is right up to one rounding.
func (c Case) build(ctx context.Context) (*port, error) {
	p := c.net.port(c.Name())
	if c.Fault.Make != nil {
		c.Fault.Make(p, c.Size)
	}
	if err := p.Graph.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name(), err)
	}
	values, err := c.run(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name(), err)
	}
	if c.Fault.Record != nil {
		c.Fault.Record(p, values)
	}
	out := &port{c.Name(), c.net.graph, p.Graph, values}
	if c.Fault.Stale {
		out.graph = copyOf(c.net.graph)
	}
	return out, nil
}

func (c Case) run(ctx context.Context, p *cause.Port) (map[string]*tensor.Tensor[float32], error) {
	in := p.Graph.Inputs[0].Name
	values := map[string]*tensor.Tensor[float32]{in: p.Input}
	hook := func(n *graph.Node, _, out []*tensor.Tensor[float64]) ([]*tensor.Tensor[float64], error) {
		flow := make([]*tensor.Tensor[float64], len(out))
		for i, t := range out {
			if t = t.Clone(); c.Fault.Compute != nil && i == 0 {
				c.Fault.Compute(n, t)
			}
			values[n.Outputs[i]] = tensor.As[float32](t)
			flow[i] = tensor.As[float64](values[n.Outputs[i]])
		}
		return flow, nil
	}
	_, err := engine.Run(ctx, p.Graph, map[string]*tensor.Tensor[float64]{in: tensor.As[float64](p.Input)}, engine.Options[float64]{Hook: hook, Threads: 1})
	return values, err
}

// fits reports whether the broken network can be run at all.
func (c Case) fits() bool {
	p := c.net.port(c.Name())
	if c.Fault.Make != nil {
		c.Fault.Make(p, c.Size)
	}
	shapes, err := p.Graph.Shapes(map[string]tensor.Shape{p.Graph.Inputs[0].Name: p.Input.Shape})
	return err == nil && !slices.ContainsFunc(p.Graph.Outputs, func(v string) bool { return shapes[v].Len() == 0 })
}
