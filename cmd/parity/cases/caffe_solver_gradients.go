package cases

import (
	"context"
	"fmt"
	"math"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity/replay"
)

// checkGradients judges the losses and gradients of every iteration on the recorded parameters.
func (c *caffeSolver) checkGradients(ctx context.Context) error {
	for i := 1; i <= c.iterations(); i++ {
		before, err := c.before(i)
		if err != nil {
			return err
		}
		for k, p := range c.learned {
			p.Value = before[k]
		}
		refreshShared(c.graph)
		batches, err := c.batches(i)
		if err != nil {
			return err
		}
		losses, grads, err := c.batchSum(ctx, batches)
		if err != nil {
			return err
		}
		if err := c.compare(c.forward, fmt.Sprintf("iter%d/losses", i), "", losses); err != nil {
			return err
		}
		if err := c.compareAll(c.backward, fmt.Sprintf("iter%d/grad", i), "", grads); err != nil {
			return err
		}
	}
	return nil
}

// refreshShared brings parameters that share another's memory up to date with it.
func refreshShared(g *graph.Graph) {
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			if owner := p.Owner(); owner != p {
				p.Value = graph.ToCommon(p.Stored, graph.AsStored(p, tensor.As[float32](owner.Value)))
			}
		}
	}
}

// batchSum runs the batches of an iteration and adds up their gradients.
func (c *caffeSolver) batchSum(ctx context.Context, batches []map[string]tensor.Any) (losses value, grads []value, err error) {
	n := len(batches)
	losses = value{got: tensor.New[float64](n), limit: tensor.New[float64](n)}
	parts := make([][]value, len(c.learned))
	for b, batch := range batches {
		w, err := c.network(ctx, batch)
		if err != nil {
			return value{}, nil, err
		}
		if losses.got.Data[b], losses.limit.Data[b], err = c.loss(w); err != nil {
			return value{}, nil, err
		}
		for i, p := range c.learned {
			part := value{got: tensor.New[float64](p.Value.Dims()...)}
			if g := w.f32.gradients.Params[p]; g != nil && (p.Multipliers == nil || p.Multipliers.LR != 0) {
				part = value{tensor.As[float64](g), w.bounds[single].params[p]}
			}
			parts[i] = append(parts[i], part)
		}
	}
	for _, list := range parts {
		grads = append(grads, added(list))
	}
	return losses, grads, nil
}

// network runs one batch forward and backward from the losses.
func (c *caffeSolver) network(ctx context.Context, batch map[string]tensor.Any) (*network, error) {
	w := &network{graph: c.graph, inputs: batch, seeds: map[string]tensor.Any{}, threads: c.threads,
		recorded: [2]bound.Producer{bound.Caffe, bound.Caffe.In(bound.U64)}}
	for name, weight := range c.graph.LossWeights {
		w.seeds[name] = scalar(weight)
	}
	return w, w.run(ctx)
}

// loss is the weighted sum of the terms, each a number: a product and a sum for each, in this program and in Caffe.
func (c *caffeSolver) loss(w *network) (sum, limit float64, err error) {
	var single32 float32
	large := 0.0
	for name, weight := range c.graph.LossWeights {
		v, err := w.value(name, single)
		if err != nil {
			return 0, 0, err
		}
		single32 += float32(weight * v.got.Data[0])
		large += math.Abs(weight * v.got.Data[0])
		if v.limit != nil {
			limit += math.Abs(weight) * v.limit.Data[0]
		}
	}
	return float64(single32), limit + 2*bound.Gamma(2*len(c.graph.LossWeights)-1, bound.U32)*(large+limit), nil
}

// added is the sum of the gradients of several batches, added one after another in float32 here and in Caffe.
func added(parts []value) value {
	sum := tensor.As[float32](parts[0].got).Clone()
	var x, e []*tensor.Tensor[float64]
	for i, p := range parts {
		x, e = append(x, p.got), append(e, p.limit)
		for j, v := range p.got.Data {
			if i > 0 {
				sum.Data[j] += float32(v)
			}
		}
	}
	limit := bound.Native32.AgainstReplay().Sum(x, e)
	if len(parts) > 1 {
		limit = replay.Add(limit, bound.Caffe.AgainstReplay().Sum(x, make([]*tensor.Tensor[float64], len(x))))
	}
	return value{tensor.As[float64](sum), limit}
}
