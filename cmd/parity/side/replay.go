package side

import (
	"context"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/compare"
	"parity/parity/trace"
)

// replay computes all tensors of a side with this program's own engine.
func (m *model) replay(ctx context.Context, s *compare.Side, threads int) (err error) {
	s.Producer = computedBy(s.Info.Source)
	s.Trace, err = compute(ctx, m.graph, s.Info.Source, m.inputs, threads)
	s.Info.Producer = s.Producer.Name
	return err
}

// computedBy is the arithmetic of a source that is not recorded.
func computedBy(source string) bound.Producer {
	if source == Native64 {
		return bound.Native64.OfGraph()
	}
	return bound.Native32.OfGraph()
}

func compute(ctx context.Context, g *graph.Graph, source string, inputs map[string]tensor.Any, threads int) (*trace.Trace, error) {
	if source == Native64 {
		return run[float64](ctx, g, inputs, threads)
	}
	return run[float32](ctx, g, inputs, threads)
}

func run[T tensor.Float](ctx context.Context, g *graph.Graph, given map[string]tensor.Any, threads int) (*trace.Trace, error) {
	inputs := map[string]*tensor.Tensor[T]{}
	for name, t := range given {
		inputs[name] = tensor.As[T](t)
	}
	r, err := engine.Run(ctx, g, inputs, engine.Options[T]{Threads: threads, Keep: engine.All})
	if err != nil {
		return nil, err
	}
	t := &trace.Trace{Values: map[string]tensor.Any{}}
	for name, v := range r.Values {
		t.Values[name] = v
	}
	return t, nil
}
