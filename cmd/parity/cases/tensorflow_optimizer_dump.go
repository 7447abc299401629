package cases

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
)

// dump writes this program's own run from the first variables to the last step, in either precision, under the keys of what
// was recorded.
func (c *tensorFlowOptimizer) dump(ctx context.Context, dir, to string) error {
	recorded, err := npz.List(filepath.Join(dir, "run.npz"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	f32, err := ownRun[float32](ctx, c, single)
	if err != nil {
		return err
	}
	f64, err := ownRun[float64](ctx, c, double)
	if err != nil {
		return err
	}
	for file, run := range map[string]map[string]tensor.Any{"outputs.npz": f32, "outputs64.npz": f64} {
		var t npz.Tensors
		for _, r := range recorded {
			if v := run[r.Name]; v != nil {
				t.Set(r.Name, v)
			}
		}
		if err := npz.Write(filepath.Join(to, file), &t); err != nil {
			return err
		}
	}
	return nil
}

// ownRun minimises the objective.
func ownRun[T tensor.Float](ctx context.Context, c *tensorFlowOptimizer, p precision) (map[string]tensor.Any, error) {
	r := &recording[T]{tensorFlowOptimizer: c, precision: p}
	first, _ := r.variables(0)
	u := &updater[T]{method: c.method, params: params(first)}
	u.state = optim.NewState(c.method, u.params)
	run := map[string]tensor.Any{}
	for step := range c.steps {
		grads, loss, err := r.gradients(ctx, step, u.params)
		if err != nil {
			return nil, err
		}
		key := fmt.Sprintf("step%d/", step)
		run[key+"loss"] = loss
		for i, name := range c.objective.names {
			run[key+"grad/"+name] = grads[i]
		}
		for name, v := range r.named(step, u.apply(grads)) {
			run[key+name] = tensor.As[T](v.got)
		}
	}
	return run, nil
}

// gradients are those of the loss at some variables.
func (r *recording[T]) gradients(ctx context.Context, step int, params []optim.Param[T]) ([]*tensor.Tensor[T], tensor.Any, error) {
	variables := map[string]tensor.Any{}
	for i, name := range r.objective.names {
		variables[name] = params[i].Value.Clone()
	}
	n := &network{graph: r.objective.graph, inputs: r.objective.at(step, variables), seeds: map[string]tensor.Any{"loss": scalar(1.)}, threads: r.threads}
	var run pass[T]
	if err := runPass(ctx, n, &run); err != nil {
		return nil, nil, err
	}
	var grads []*tensor.Tensor[T]
	for _, name := range r.objective.names {
		g := run.gradients.Values[name]
		if p := r.objective.params[name]; p != nil {
			g = run.gradients.Param(p)
		}
		grads = append(grads, g)
	}
	return grads, run.values["loss"], nil
}
