package cases

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
)

// isCaffeLayer: a network that Caffe ran, with what came out. A folder with a solver is a training run.
func isCaffeLayer(dir string) bool {
	return has(dir, "net.prototxt") && has(dir, "inputs.npz") && !has(dir, "solver.prototxt")
}

func has(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// caffeLayer is one case: a network with all its blobs, forward and backward.
type caffeLayer struct {
	dir   string
	graph *graph.Graph
	files map[string]*npz.Tensors // that are there, by name
}

var caffeFiles = []string{
	"inputs.npz", "expect.npz", "expect64.npz", "stages.npz", "top_diffs.npz", "grads.npz", "grads64.npz", "params_after.npz",
}

func runCaffeLayer(ctx context.Context, dir string, o Options) (*Result, error) {
	c, err := openCaffeLayer(dir)
	if err != nil {
		return nil, err
	}
	return judge(ctx, c, c.network(o.Threads), dir, o)
}

// network is what is run, with what was fed in.
func (c *caffeLayer) network(threads int) *network {
	return &network{
		graph: c.graph, inputs: c.inputs(), seeds: c.seeds(),
		recorded: [2]bound.Producer{bound.Caffe, bound.Caffe.In(bound.U64)}, threads: threads,
	}
}

func openCaffeLayer(dir string) (*caffeLayer, error) {
	files, err := readFiles(dir, caffeFiles)
	if err != nil {
		return nil, err
	}
	c := &caffeLayer{dir: dir, files: files}
	weights := ""
	if has(dir, "net.caffemodel") {
		weights = filepath.Join(dir, "net.caffemodel")
	}
	phase, err := phaseOf(dir)
	if err != nil {
		return nil, err
	}
	c.graph, err = caffe.LoadWith(filepath.Join(dir, "net.prototxt"), weights, caffe.Options{Phase: phase})
	return c, err
}

// readFiles reads those of a case's files that are there; the others are empty.
func readFiles(dir string, names []string) (map[string]*npz.Tensors, error) {
	files := map[string]*npz.Tensors{}
	for _, name := range names {
		files[name] = &npz.Tensors{}
		if !has(dir, name) {
			continue
		}
		var err error
		if files[name], err = npz.Read(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// phaseOf reads the phase from case.json; without one it is TEST.
func phaseOf(dir string) (caffe.Phase, error) {
	file := filepath.Join(dir, "case.json")
	var info struct{ Phase string }
	if err := readJSON(file, &info); errors.Is(err, os.ErrNotExist) {
		return caffe.Test, nil
	} else if err != nil {
		return "", err
	}
	switch p := caffe.Phase(info.Phase); p {
	case "":
		return caffe.Test, nil
	case caffe.Train, caffe.Test:
		return p, nil
	}
	return "", fmt.Errorf("%s: expected the phase TRAIN or TEST, found %q", file, info.Phase)
}

// inputs are the recorded ones, and for a dropout that is active the mask of what Caffe has kept: its random draw is part
// of what is given.
func (c *caffeLayer) inputs() map[string]tensor.Any {
	m := map[string]tensor.Any{}
	for _, name := range c.files["inputs.npz"].Names() {
		m[name], _ = c.files["inputs.npz"].Get(name)
	}
	for _, n := range c.graph.Nodes {
		if _, ok := n.Layer.(layer.Dropout); !ok || len(n.Inputs) < 2 || m[n.Inputs[1]] != nil {
			continue
		}
		blob, _, _ := strings.Cut(n.Outputs[0], "@")
		if y, ok := c.files["expect.npz"].Get(blob); ok {
			m[n.Inputs[1]] = nonzero(y)
		}
	}
	return m
}

func nonzero(t tensor.Any) tensor.Any {
	out := tensor.As[float32](t).Clone()
	for i, v := range out.Data {
		if v != 0 {
			out.Data[i] = 1
		}
	}
	return out
}

// seeds are the gradients that were fed in; without a recording a loss has its weight.
func (c *caffeLayer) seeds() map[string]tensor.Any {
	m := map[string]tensor.Any{}
	for _, blob := range c.files["top_diffs.npz"].Names() {
		m[c.last(blob)], _ = c.files["top_diffs.npz"].Get(blob)
	}
	return m
}

// last is the value that a blob holds in the end, first the one that it is written with.
func (c *caffeLayer) last(blob string) string {
	if stages := c.graph.Stages[blob]; len(stages) > 0 {
		return stages[len(stages)-1]
	}
	return blob
}

func (c *caffeLayer) compare(n *network, r *Result) error {
	forward, backward := &Check{}, &Check{}
	r.Undecided = n.undecided()
	for _, step := range []struct {
		file  string
		check *Check
		look  func(key string) (value, error)
	}{
		{"expect.npz", forward, func(key string) (value, error) { return n.value(c.last(key), single) }},
		{"expect64.npz", forward, func(key string) (value, error) { return n.value(c.last(key), double) }},
		{"stages.npz", forward, func(key string) (value, error) { return c.stage(n, key) }},
		{"params_after.npz", forward, func(key string) (value, error) { return c.updated(n, key) }},
		{"grads.npz", backward, func(key string) (value, error) { return c.gradient(n, key, single) }},
		{"grads64.npz", backward, func(key string) (value, error) { return c.gradient(n, key, double) }},
	} {
		if err := step.check.compare(step.file, c.files[step.file], step.look); err != nil {
			return err
		}
	}
	r.Forward, r.Backward = forward.orNil(), backward.orNil()
	return nil
}

// stage reads a key BLOB/K/LAYER: the value after the K-th layer that changed the blob, before all of them for K = 0.
func (c *caffeLayer) stage(n *network, key string) (value, error) {
	parts := strings.Split(key, "/")
	if len(parts) < 3 {
		return value{}, errors.New("expected a key BLOB/K/LAYER")
	}
	stages := c.graph.Stages[parts[0]]
	k, err := strconv.Atoi(parts[1])
	if err != nil || k < 0 || k >= len(stages) {
		return value{}, fmt.Errorf("the blob %q has %d stages", parts[0], len(stages))
	}
	return n.value(stages[k], single)
}

// updated reads a key LAYER/I: a parameter after the forward run.
func (c *caffeLayer) updated(n *network, key string) (value, error) {
	node, i, err := c.parameter(key)
	if err != nil {
		return value{}, err
	}
	return n.updated(node, i)
}

// gradient reads a key blob/NAME or param/LAYER/I.
func (c *caffeLayer) gradient(n *network, key string, p precision) (value, error) {
	if blob, ok := strings.CutPrefix(key, "blob/"); ok {
		return n.gradient(blob, p)
	}
	node, i, err := c.parameter(strings.TrimPrefix(key, "param/"))
	if err != nil {
		return value{}, err
	}
	return n.paramGradient(node.Params[i], p)
}

// parameter finds the I-th blob of LAYER/I.
func (c *caffeLayer) parameter(key string) (*graph.Node, int, error) {
	at := strings.LastIndexByte(key, '/')
	i, err := strconv.Atoi(key[at+1:])
	if at < 0 || err != nil {
		return nil, 0, errors.New("expected a key that ends in LAYER/I")
	}
	node := c.graph.Node(key[:at])
	if node == nil || i < 0 || i >= len(node.Params) {
		return nil, 0, fmt.Errorf("the network has no parameter %d of a layer %q", i, key[:at])
	}
	return node, i, nil
}

func (c *caffeLayer) recorded(file string) []string { return c.files[file].Names() }

func (c *caffeLayer) storedOutput(n *network, key string, p precision) tensor.Any {
	return n.stored(p, c.last(key))
}

func (c *caffeLayer) storedGradient(n *network, key string, p precision) tensor.Any {
	if blob, ok := strings.CutPrefix(key, "blob/"); ok {
		return n.storedGradient(p, blob)
	}
	node, i, err := c.parameter(strings.TrimPrefix(key, "param/"))
	if err != nil {
		return nil
	}
	return n.storedParamGradient(node.Params[i], p)
}
