package side

import (
	"context"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/tensor"
	"parity/parity/compare"
	"parity/parity/trace"
)

// replay computes all tensors of a side with this program's own engine.
func (m *model) replay(ctx context.Context, s *compare.Side, threads int) (err error) {
	if s.Info.Source == Native64 {
		s.Producer = bound.Native64
		s.Trace, err = run[float64](ctx, m, threads)
	} else {
		s.Producer = bound.Native32
		s.Trace, err = run[float32](ctx, m, threads)
	}
	s.Info.Producer = s.Producer.Name
	return err
}

func run[T tensor.Float](ctx context.Context, m *model, threads int) (*trace.Trace, error) {
	inputs := map[string]*tensor.Tensor[T]{}
	for name, t := range m.inputs {
		inputs[name] = tensor.As[T](t)
	}
	r, err := engine.Run(ctx, m.graph, inputs, engine.Options[T]{Threads: threads, Keep: engine.All})
	if err != nil {
		return nil, err
	}
	t := &trace.Trace{Values: map[string]tensor.Any{}}
	for name, v := range r.Values {
		t.Values[name] = v
	}
	return t, nil
}
