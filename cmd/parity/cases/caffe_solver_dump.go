package cases

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/step"
)

// dump writes this program's own training run from the first parameters to the last iteration, under the keys of what was
// recorded.
func (c *caffeSolver) dump(ctx context.Context, dir string) error {
	run, err := c.train(ctx)
	if err != nil {
		return err
	}
	var t npz.Tensors
	for _, key := range c.recorded.Names() {
		if v := run[key]; v != nil {
			t.Set(key, v)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return npz.Write(filepath.Join(dir, "outputs.npz"), &t)
}

func (c *caffeSolver) train(ctx context.Context) (map[string]tensor.Any, error) {
	for i, p := range c.learned {
		p.Value = c.first[i]
	}
	refreshShared(c.graph)
	t, err := step.New[float32](c.graph, c.method)
	if err != nil {
		return nil, err
	}
	t.Threads = c.threads
	var failed error
	batches := func(yield func(step.Batch[float32]) bool) {
		for i := 1; i <= c.iterations(); i++ {
			list, err := c.batches(i)
			if err != nil {
				failed = err
				return
			}
			for _, b := range list {
				if !yield(converted[float32](b)) {
					return
				}
			}
		}
	}
	run := map[string]tensor.Any{}
	for it, err := range t.Run(ctx, batches) {
		if err != nil {
			return nil, err
		}
		c.keep(run, it, t)
	}
	return run, failed
}

// keep names the results of an iteration as Caffe's are.
func (c *caffeSolver) keep(run map[string]tensor.Any, it *step.Iteration[float32], t *step.Trainer[float32]) {
	prefix := fmt.Sprintf("iter%d/", it.Number)
	run[prefix+"losses"] = tensor.From(it.Losses, len(it.Losses))
	run[prefix+"current_step"] = scalar(float64(t.State.Step))
	for i, name := range c.names {
		s := c.learned[i].Stored
		run[prefix+"grad/"+name] = graph.FromCommon(s, it.Gradients[i])
		run[prefix+"update/"+name] = graph.FromCommon(s, it.Updates[i])
		run[prefix+"param/"+name] = graph.FromCommon(s, it.Params[i])
	}
	for i, h := range t.State.Histories {
		run[fmt.Sprintf("%shistory/%d", prefix, i)] = graph.FromCommon(c.learned[i%len(c.learned)].Stored, h.Clone())
	}
}
