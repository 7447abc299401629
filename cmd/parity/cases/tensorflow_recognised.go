package cases

import (
	"context"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/importers/tensorflow"
)

// checkRecognised holds the same graph with its idioms recognised as single layers against what was recorded: their function, their
// gradients and the bounds of both are those of the nodes that they stand for.
func (c *tensorFlowLayer) checkRecognised(ctx context.Context, dir string, r *Result, threads int) error {
	other, err := c.asRecognised(dir)
	if err != nil || other == nil {
		return err
	}
	n, err := other.network(threads)
	if err != nil {
		return err
	}
	if err := n.run(ctx); err != nil {
		return err
	}
	also := &Result{}
	if err := other.compare(n, also); err != nil {
		return err
	}
	r.Forward.include(also.Forward)
	r.Backward.include(also.Backward)
	return nil
}

// asRecognised is the case with its idioms recognised, and what was recorded of the values and weights that are left; nil if it has
// none.
func (c *tensorFlowLayer) asRecognised(dir string) (*tensorFlowLayer, error) {
	opts := c.options()
	opts.Everything = false
	g, err := tensorflow.LoadWith(tensorFlowModel(dir), "", opts)
	if err != nil || !recognised(g) {
		return nil, err
	}
	seeded := map[string]bool{}
	for _, key := range c.files["top_diffs.npz"].Names() {
		seeded[c.name(key)] = true
	}
	other := &tensorFlowLayer{graph: g.Exposed(func(v string) bool { return seeded[v] })}
	other.files = other.known(c.files)
	return other, nil
}

func recognised(g *graph.Graph) bool {
	for _, n := range g.Nodes {
		if len(n.Parts) > 0 {
			return true
		}
	}
	return false
}

// known picks what was recorded of values and weights that the graph has.
func (c *tensorFlowLayer) known(files map[string]*npz.Tensors) map[string]*npz.Tensors {
	values := map[string]bool{}
	for _, in := range c.graph.Inputs {
		values[in.Name] = true
	}
	for _, n := range c.graph.Nodes {
		for _, v := range n.Outputs {
			values[v] = true
		}
	}
	has := func(file, key string) bool {
		name, weight := strings.CutPrefix(key, "const/")
		name = c.name(strings.TrimPrefix(name, "input/"))
		return values[name] || weight && c.param(name) != nil || c.graph.Constants[key] != nil && strings.HasPrefix(file, "expect")
	}
	out := map[string]*npz.Tensors{}
	for file, tensors := range files {
		out[file] = &npz.Tensors{}
		for _, key := range tensors.Names() {
			if t, _ := tensors.Get(key); has(file, key) {
				out[file].Set(key, t)
			}
		}
	}
	return out
}

// include takes in what another check of the same case found.
func (c *Check) include(other *Check) {
	if c != nil && other != nil {
		c.add(other.Ratio, other.Key+", as one layer")
	}
}
