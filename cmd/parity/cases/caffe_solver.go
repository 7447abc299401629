package cases

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/step"
	"parity/importers/caffe"
)

// isCaffeSolver: a training run of Caffe, every iteration of it.
func isCaffeSolver(dir string) bool { return has(dir, "solver.prototxt") && has(dir, "run.npz") }

// caffeSolver is one case. Parameters and what belongs to them are in the graph's layout.
type caffeSolver struct {
	dir      string
	method   *optim.Method
	graph    *graph.Graph
	learned  []*graph.Param
	names    []string // LAYER/I of the learned parameters
	first    []*tensor.Tensor[float32]
	inputs   []tensor.Any // with a row for each batch, in the order of the graph's
	recorded *npz.Tensors
	threads  int
	seen     map[string]bool

	forward, backward *Check
}

func runCaffeSolver(ctx context.Context, dir string, o Options) (*Result, error) {
	c, err := openCaffeSolver(dir)
	if err != nil {
		return nil, err
	}
	c.threads = o.Threads
	if err := c.checkGradients(ctx); err != nil {
		return nil, err
	}
	if err := c.checkUpdates(); err != nil {
		return nil, err
	}
	if err := c.checkSnapshots(); err != nil {
		return nil, err
	}
	for _, key := range c.recorded.Names() {
		if !c.seen[key] {
			return nil, fmt.Errorf("run.npz: %s: the run has nothing with this name", key)
		}
	}
	if o.Dump != "" {
		err = c.dump(ctx, filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir))))
	}
	return &Result{Forward: c.forward.orNil(), Backward: c.backward.orNil()}, err
}

func openCaffeSolver(dir string) (*caffeSolver, error) {
	c := &caffeSolver{dir: dir, seen: map[string]bool{}, forward: &Check{}, backward: &Check{}}
	solver, err := caffe.ReadSolver(filepath.Join(dir, "solver.prototxt"))
	if err != nil {
		return nil, err
	}
	if c.method, err = solver.Method(); err != nil {
		return nil, err
	}
	net, err := solver.TrainNet()
	if err != nil {
		return nil, err
	}
	weights, err := caffe.ReadNet(common(dir, "init.caffemodel"))
	if err != nil {
		return nil, err
	}
	if c.graph, err = caffe.Lower(net, weights, caffe.Options{}); err != nil {
		return nil, err
	}
	for _, file := range []string{"data.npy", "labels.npy"} {
		t, err := npz.ReadNpy(common(dir, file))
		if err != nil {
			return nil, err
		}
		c.inputs = append(c.inputs, t)
	}
	if len(c.graph.Inputs) != len(c.inputs) {
		return nil, fmt.Errorf("the network takes %d inputs, recorded are data.npy and labels.npy", len(c.graph.Inputs))
	}
	c.learn()
	c.recorded, err = npz.Read(filepath.Join(dir, "run.npz"))
	return c, err
}

// common is a file of a case, or one beside the case that several share.
func common(dir, name string) string {
	if !has(dir, name) {
		return filepath.Join(filepath.Dir(filepath.Clean(dir)), name)
	}
	return filepath.Join(dir, name)
}

// learn lists the parameters, under the names of the layers that own them.
func (c *caffeSolver) learn() {
	c.learned = step.Learned(c.graph)
	for _, p := range c.learned {
		c.first = append(c.first, tensor.As[float32](p.Value).Clone())
		for _, n := range c.graph.Nodes {
			if i := slices.Index(n.Params, p); i >= 0 {
				c.names = append(c.names, n.Name+"/"+strconv.Itoa(i))
				break
			}
		}
	}
}

// list reads a tensor for every learned parameter: PREFIX/LAYER/I.
func (c *caffeSolver) list(prefix string) ([]*tensor.Tensor[float32], error) {
	var list []*tensor.Tensor[float32]
	for i, name := range c.names {
		key := prefix + "/" + name
		t, ok := c.recorded.Get(key)
		if !ok {
			return nil, fmt.Errorf("run.npz: %s is missing", key)
		}
		if want := c.learned[i].StoredShape(); !want.Equal(t.Dims()) {
			return nil, fmt.Errorf("run.npz: %s has shape %v, the parameter %v", key, t.Dims(), want)
		}
		list = append(list, graph.ToCommon(c.learned[i].Stored, tensor.As[float32](t)).Clone())
	}
	return list, nil
}

// iterations counts what is recorded.
func (c *caffeSolver) iterations() int {
	n := 0
	for {
		if _, ok := c.recorded.Get(fmt.Sprintf("iter%d/losses", n+1)); !ok {
			return n
		}
		n++
	}
}

// before are the parameters that an iteration, counted from 1, begins with.
func (c *caffeSolver) before(iteration int) ([]*tensor.Tensor[float32], error) {
	if iteration == 1 {
		return c.first, nil
	}
	return c.list(fmt.Sprintf("iter%d/param", iteration-1))
}

// batches are what the forward runs of an iteration are fed.
func (c *caffeSolver) batches(iteration int) ([]map[string]tensor.Any, error) {
	key := fmt.Sprintf("iter%d/batches", iteration)
	t, ok := c.recorded.Get(key)
	if !ok {
		return nil, fmt.Errorf("run.npz: %s is missing", key)
	}
	c.seen[key] = true
	var list []map[string]tensor.Any
	for _, v := range tensor.As[float64](t).Data {
		batch := map[string]tensor.Any{}
		for i, in := range c.graph.Inputs {
			if v < 0 || int(v) >= c.inputs[i].Dims()[0] {
				return nil, fmt.Errorf("run.npz: %s: there is no batch %g", key, v)
			}
			batch[in.Name] = row(c.inputs[i], int(v))
		}
		list = append(list, batch)
	}
	if len(list) != c.method.Accumulate {
		return nil, fmt.Errorf("run.npz: %s: expected %d batches, found %d", key, c.method.Accumulate, len(list))
	}
	return list, nil
}

// compare holds a recorded tensor against what it should be.
func (c *caffeSolver) compare(check *Check, key, how string, v value) error {
	recorded, ok := c.recorded.Get(key)
	if !ok {
		return fmt.Errorf("run.npz: %s is missing", key)
	}
	c.seen[key] = true
	ratio, err := v.ratio(recorded)
	if err != nil {
		return fmt.Errorf("run.npz: %s: %w", key, err)
	}
	check.add(ratio, "run.npz"+how+":"+key)
	return nil
}

// compareAll does so for every learned parameter.
func (c *caffeSolver) compareAll(check *Check, prefix, how string, list []value) error {
	for i, v := range list {
		if err := c.compare(check, prefix+"/"+c.names[i], how, v.stored(c.learned[i].Stored)); err != nil {
			return err
		}
	}
	return nil
}
