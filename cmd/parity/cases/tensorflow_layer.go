package cases

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow"
	"parity/importers/tensorflow/lower"
	"parity/parity/trace"
)

// isTensorFlowLayer: a frozen graph that TensorFlow ran, with what came out of its nodes.
func isTensorFlowLayer(dir string) bool {
	return (has(dir, "graph.pb") || has(dir, "graph.pbtxt")) && has(dir, "expect.npz")
}

// tensorFlowLayer is one case: a graph with the outputs of all its nodes, forward and backward.
type tensorFlowLayer struct {
	graph *graph.Graph
	files map[string]*npz.Tensors
}

var tensorFlowFiles = []string{"inputs.npz", "expect.npz", "expect64.npz", "top_diffs.npz", "grads.npz", "grads64.npz"}

func runTensorFlowLayer(ctx context.Context, dir string, o Options) (*Result, error) {
	c, err := openTensorFlowLayer(dir)
	if err != nil {
		return nil, err
	}
	n, err := c.network(o.Threads)
	if err != nil {
		return nil, err
	}
	r, err := judge(ctx, c, n, dir, o)
	if err != nil {
		return r, err
	}
	return r, c.checkRecognised(ctx, dir, r, o.Threads)
}

// network is what is run, with what was fed in.
func (c *tensorFlowLayer) network(threads int) (*network, error) {
	inputs, err := c.common("inputs.npz")
	if err != nil {
		return nil, err
	}
	if err := engine.Draw(c.graph, inputs); err != nil {
		return nil, err
	}
	seeds, err := c.common("top_diffs.npz")
	return &network{
		graph: c.graph, inputs: inputs, seeds: seeds,
		recorded: [2]bound.Producer{bound.TensorFlow, bound.TensorFlow.In(bound.U64)}, threads: threads,
	}, err
}

func openTensorFlowLayer(dir string) (*tensorFlowLayer, error) {
	files, err := readFiles(dir, tensorFlowFiles)
	if err != nil {
		return nil, err
	}
	c := &tensorFlowLayer{files: files}
	c.graph, err = tensorflow.LoadWith(tensorFlowModel(dir), "", c.options())
	return c, err
}

func tensorFlowModel(dir string) string {
	if has(dir, "graph.pb") {
		return filepath.Join(dir, "graph.pb")
	}
	return filepath.Join(dir, "graph.pbtxt")
}

// options say what is fed, and keep every node.
func (c *tensorFlowLayer) options() lower.Options {
	opts := lower.Options{Inputs: map[string]tensor.Shape{}, Everything: true}
	for _, key := range c.files["inputs.npz"].Names() {
		t, _ := c.files["inputs.npz"].Get(key)
		opts.Inputs[strings.TrimSuffix(key, ":0")] = t.Dims()
	}
	return opts
}

// name is the graph's value for what TensorFlow calls NAME or NAME:K.
func (c *tensorFlowLayer) name(key string) string {
	key = strings.TrimSuffix(key, ":0")
	if alias, ok := c.graph.Aliases[key]; ok {
		return alias
	}
	return key
}

// common reads a file of values in the graph's layout.
func (c *tensorFlowLayer) common(file string) (map[string]tensor.Any, error) {
	m := map[string]tensor.Any{}
	for _, key := range c.files[file].Names() {
		t, _ := c.files[file].Get(key)
		common, err := trace.Input(c.graph, c.name(key), t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		m[c.name(key)] = common
	}
	return m, nil
}

func (c *tensorFlowLayer) compare(n *network, r *Result) error {
	forward, backward := &Check{}, &Check{}
	r.Undecided = n.undecided()
	for _, step := range []struct {
		file  string
		check *Check
		look  func(n *network, key string, p precision) (value, error)
		p     precision
	}{
		{"expect.npz", forward, c.output, single},
		{"expect64.npz", forward, c.output, double},
		{"grads.npz", backward, c.gradient, single},
		{"grads64.npz", backward, c.gradient, double},
	} {
		if err := step.check.compare(step.file, c.files[step.file], func(key string) (value, error) { return step.look(n, key, step.p) }); err != nil {
			return err
		}
	}
	r.Forward, r.Backward = forward.orNil(), backward.orNil()
	return nil
}

func (c *tensorFlowLayer) output(n *network, key string, p precision) (value, error) {
	if t := c.graph.Constants[key]; t != nil {
		return value{got: tensor.As[float64](t)}, nil
	}
	v, err := n.value(c.name(key), p)
	return v.stored(c.graph.Values[c.name(key)]), err
}

// gradient reads a key input/NAME or const/NAME.
func (c *tensorFlowLayer) gradient(n *network, key string, p precision) (value, error) {
	if name, ok := strings.CutPrefix(key, "input/"); ok {
		v, err := n.gradient(c.name(name), p)
		return v.stored(c.graph.Values[c.name(name)]), err
	}
	name := strings.TrimPrefix(key, "const/")
	if param := c.param(name); param != nil {
		return n.paramGradient(param, p)
	}
	v, err := n.gradient(c.name(name), p)
	return v.stored(c.graph.Values[c.name(name)]), err
}

// param finds the parameter that a constant became, nil for none.
func (c *tensorFlowLayer) param(name string) *graph.Param {
	for _, n := range c.graph.Nodes {
		for _, p := range n.Params {
			if p = p.Owner(); p.Name == name {
				return p
			}
		}
	}
	return nil
}

// stored turns a value and its limit to the framework's layout.
func (v value) stored(s graph.Stored) value {
	if v.got != nil {
		v.got = graph.FromCommon(s, v.got)
	}
	if v.limit != nil {
		v.limit = graph.FromCommon(s, v.limit)
	}
	return v
}

func (c *tensorFlowLayer) recorded(file string) []string { return c.files[file].Names() }

func (c *tensorFlowLayer) storedOutput(n *network, key string, p precision) tensor.Any {
	if t := c.graph.Constants[key]; t != nil {
		return t
	}
	return storedAs(c.graph.Values[c.name(key)], n.stored(p, c.name(key)))
}

func (c *tensorFlowLayer) storedGradient(n *network, key string, p precision) tensor.Any {
	name := strings.TrimPrefix(strings.TrimPrefix(key, "input/"), "const/")
	if param := c.param(name); param != nil && strings.HasPrefix(key, "const/") {
		return n.storedParamGradient(param, p)
	}
	return storedAs(c.graph.Values[c.name(name)], n.storedGradient(p, c.name(name)))
}

// storedAs turns a tensor to the framework's layout, nil to nil.
func storedAs(s graph.Stored, t tensor.Any) tensor.Any {
	switch t := t.(type) {
	case *tensor.Tensor[float32]:
		return graph.FromCommon(s, t)
	case *tensor.Tensor[float64]:
		return graph.FromCommon(s, t)
	}
	return nil
}
