package cases

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

// isTensorFlowOptimizer: a run of an optimiser of tf.compat.v1.train, every step of it.
func isTensorFlowOptimizer(dir string) bool {
	return has(dir, "case.json") && has(dir, "init.npz") && has(dir, "run.npz") && !has(dir, "graph.pb") && !has(dir, "solver.prototxt")
}

// tensorFlowOptimizer is one case: what is minimised, how, and from where.
type tensorFlowOptimizer struct {
	method    *optim.Method
	objective *objective
	init      *npz.Tensors
	steps     int
	slots     string // what TensorFlow calls the histories; the second and third have _1 and _2 behind it
	threads   int
}

func runTensorFlowOptimizer(ctx context.Context, dir string, o Options) (*Result, error) {
	c, err := openTensorFlowOptimizer(dir)
	if err != nil {
		return nil, err
	}
	c.threads = o.Threads
	forward, backward := &Check{}, &Check{}
	if err := checkSteps[float32](ctx, c, dir, "run.npz", single, forward, backward); err != nil {
		return nil, err
	}
	if has(dir, "run64.npz") {
		if err := checkSteps[float64](ctx, c, dir, "run64.npz", double, forward, backward); err != nil {
			return nil, err
		}
	}
	if o.Dump != "" {
		err = c.dump(ctx, dir, filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir))))
	}
	return &Result{Forward: forward.orNil(), Backward: backward.orNil()}, err
}

func openTensorFlowOptimizer(dir string) (*tensorFlowOptimizer, error) {
	file := filepath.Join(dir, "case.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s, err := readSettings(file, data)
	if err != nil {
		return nil, err
	}
	c := &tensorFlowOptimizer{slots: s.Optimizer, steps: s.Steps}
	if c.method, err = s.method(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if c.init, err = npz.Read(filepath.Join(dir, "init.npz")); err != nil {
		return nil, err
	}
	if c.objective, err = newObjective(s.Net, c.init); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// slot is what TensorFlow calls a history.
func (c *tensorFlowOptimizer) slot(history int) string {
	if history == 0 {
		return c.slots
	}
	return c.slots + "_" + strconv.Itoa(history)
}

// params are the variables as they are given.
func params[T tensor.Float](values []*tensor.Tensor[T]) []optim.Param[T] {
	var list []optim.Param[T]
	for _, v := range values {
		list = append(list, optim.Param[T]{Value: v.Clone(), LR: 1, Decay: 1})
	}
	return list
}

// recording is a run in one precision.
type recording[T tensor.Float] struct {
	*tensorFlowOptimizer
	file      string
	tensors   *npz.Tensors
	precision precision
	producers []bound.Producer
	seen      map[string]bool
}

// checkSteps judges every step by itself, on what was recorded before it, and then all updates in a row from the first
// variables, on the recorded gradients.
func checkSteps[T tensor.Float](ctx context.Context, c *tensorFlowOptimizer, dir, file string, p precision, forward, backward *Check) error {
	tensors, err := npz.Read(filepath.Join(dir, file))
	if err != nil {
		return err
	}
	r := &recording[T]{c, file, tensors, p, []bound.Producer{bound.TensorFlow, bound.Native32}, map[string]bool{}}
	if p == double {
		r.producers = []bound.Producer{bound.TensorFlow.In(bound.U64), bound.Native64}
	}
	first, err := r.variables(0)
	if err != nil {
		return err
	}
	list := params(first)
	chain, err := newUpdater(c.method, list, optim.NewState(c.method, list), r.producers)
	if err != nil {
		return err
	}
	for step := range c.steps {
		if err := r.check(ctx, step, chain, forward, backward); err != nil {
			return fmt.Errorf("%s: step %d: %w", file, step, err)
		}
	}
	for _, key := range tensors.Names() {
		if !r.seen[key] {
			return fmt.Errorf("%s: %s: case.json tells of %d steps, and of nothing with this name", file, key, c.steps)
		}
	}
	return nil
}

// check judges one step.
func (r *recording[T]) check(ctx context.Context, step int, chain *updater[T], forward, backward *Check) error {
	before, err := r.variables(step)
	if err != nil {
		return err
	}
	network, err := r.network(ctx, step, before)
	if err != nil {
		return err
	}
	grads, err := r.list(step, "grad/")
	if err != nil {
		return err
	}
	isolated, err := r.isolated(step, before)
	if err != nil {
		return err
	}
	alone, chained := r.named(step, isolated.apply(grads)), r.named(step, chain.apply(grads))
	alone["lr"] = chained["lr"]
	for _, name := range r.objective.names {
		if alone["grad/"+name], err = r.gradient(network, name); err != nil {
			return err
		}
	}
	if alone["loss"], err = network.value("loss", r.precision); err != nil {
		return err
	}
	if err := r.compare(step, alone, forward, backward, r.file); err != nil {
		return err
	}
	return r.compare(step, chained, forward, backward, r.file+" in a row")
}

// compare holds what was recorded of a step against what it should be.
func (r *recording[T]) compare(step int, expected map[string]value, forward, backward *Check, file string) error {
	for name, v := range expected {
		key := fmt.Sprintf("step%d/%s", step, name)
		recorded, ok := r.tensors.Get(key)
		if !ok && optional[name] {
			continue
		}
		if !ok {
			return fmt.Errorf("%s is missing", key)
		}
		r.seen[key] = true
		ratio, err := v.ratio(recorded)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		check := forward
		if strings.HasPrefix(name, "grad/") {
			check = backward
		}
		check.add(ratio, file+":"+key)
	}
	return nil
}

// optional are tensors that not every run records.
var optional = map[string]bool{"global_norm": true}

// named are the results of a step under the names that they are recorded with.
func (r *recording[T]) named(step int, u *updated) map[string]value {
	m := map[string]value{"lr": u.rate[0], "global_norm": u.norm[0]}
	n := len(r.objective.names)
	for i, name := range r.objective.names {
		m["var/"+name] = u.values[i]
		for h := range r.method.Optimizer.Histories() {
			m["slot/"+name+"/"+r.slot(h)] = u.histories[h*n+i]
		}
		if u.averages != nil {
			m["slot/"+name+"/ExponentialMovingAverage"] = u.averages[i]
		}
	}
	if o, ok := r.method.Optimizer.(optim.Adam); ok {
		power1, power2 := o.Powers(step + 1)
		m["slot/beta1_power"], m["slot/beta2_power"] = value{got: scalar(power1)}, value{got: scalar(power2)}
	}
	return m
}

// isolated begins at what was recorded before a step, with the recorded rate.
func (r *recording[T]) isolated(step int, before []*tensor.Tensor[T]) (*updater[T], error) {
	rate, ok := r.tensors.Get(fmt.Sprintf("step%d/lr", step))
	if !ok {
		return nil, fmt.Errorf("step%d/lr is missing", step)
	}
	m := *r.method
	m.Schedule = schedule.Fixed{Base: tensor.As[float64](rate).Data[0]}
	list := params(before)
	state := optim.NewState(&m, list)
	state.Iteration = step
	if step > 0 {
		var err error
		if state.Histories, state.Averages, err = r.state(step - 1); err != nil {
			return nil, err
		}
	}
	return newUpdater(&m, list, state, r.producers)
}

// state reads the slots after a step.
func (r *recording[T]) state(step int) (histories, averages []*tensor.Tensor[T], err error) {
	for h := range r.method.Optimizer.Histories() {
		list, err := r.list(step, "slot/", r.slot(h))
		if err != nil {
			return nil, nil, err
		}
		histories = append(histories, list...)
	}
	if r.method.Average != nil {
		averages, err = r.list(step, "slot/", "ExponentialMovingAverage")
	}
	return histories, averages, err
}

// variables are those before a step.
func (r *recording[T]) variables(step int) ([]*tensor.Tensor[T], error) {
	if step > 0 {
		return r.list(step-1, "var/")
	}
	var list []*tensor.Tensor[T]
	for _, name := range r.objective.names {
		t, _ := r.init.Get(name)
		list = append(list, tensor.As[T](t).Clone())
	}
	return list, nil
}

// list reads a tensor for every variable.
func (r *recording[T]) list(step int, kind string, slot ...string) ([]*tensor.Tensor[T], error) {
	var list []*tensor.Tensor[T]
	for _, name := range r.objective.names {
		key := strings.Join(append([]string{fmt.Sprintf("step%d/%s%s", step, kind, name)}, slot...), "/")
		t, ok := r.tensors.Get(key)
		if !ok {
			return nil, fmt.Errorf("%s is missing", key)
		}
		list = append(list, tensor.As[T](t).Clone())
	}
	return list, nil
}

// network runs the objective at some variables, forward and backward.
func (r *recording[T]) network(ctx context.Context, step int, variables []*tensor.Tensor[T]) (*network, error) {
	n := &network{
		graph: r.objective.graph, inputs: r.objective.at(step, byName(r.objective.names, variables)),
		seeds:    map[string]tensor.Any{"loss": scalar(1.)},
		recorded: [2]bound.Producer{bound.TensorFlow, bound.TensorFlow.In(bound.U64)}, threads: r.threads,
	}
	return n, n.run(ctx)
}

func byName[T tensor.Float](names []string, list []*tensor.Tensor[T]) map[string]tensor.Any {
	m := map[string]tensor.Any{}
	for i, name := range names {
		m[name] = list[i]
	}
	return m
}

func (r *recording[T]) gradient(n *network, name string) (value, error) {
	if p := r.objective.params[name]; p != nil {
		return n.paramGradient(p, r.precision)
	}
	return n.gradient(name, r.precision)
}
