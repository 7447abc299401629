package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/loss"
)

// isLoss: a loss of a batch of embeddings, with its gradients.
func isLoss(dir string) bool { return kindIn(dir) == "loss" && has(dir, "inputs.npz") }

// kindIn is what case.json calls its folder; empty if it does not say.
func kindIn(dir string) string {
	var info struct{ Kind string }
	if readJSON(filepath.Join(dir, "case.json"), &info) != nil {
		return ""
	}
	return info.Kind
}

// lossCase is one case: a loss at the end of nothing but its embeddings.
type lossCase struct {
	files map[string]*npz.Tensors
	graph *graph.Graph
	head  *loss.Head
}

func runLoss(ctx context.Context, dir string, o Options) (*Result, error) {
	c, err := openLoss(dir)
	if err != nil {
		return nil, err
	}
	return judge(ctx, c, c.network(o.Threads), dir, o)
}

func openLoss(dir string) (*lossCase, error) {
	l, layout, err := readLoss(filepath.Join(dir, "case.json"))
	if err != nil {
		return nil, err
	}
	c := &lossCase{}
	if c.files, err = readFiles(dir, []string{"inputs.npz", "expect.npz", "expect64.npz"}); err != nil {
		return nil, err
	}
	if err := c.attach(l, layout); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "inputs.npz"), err)
	}
	return c, nil
}

// readLoss reads the loss that case.json describes, and the axes of its weights.
func readLoss(file string) (loss.Loss, string, error) {
	var info struct {
		Loss       string
		Parameters json.RawMessage
		Layout     *string `json:"weights_layout"`
	}
	if err := readJSON(file, &info); err != nil {
		return nil, "", err
	}
	l, err := lossOf(info.Loss, info.Parameters)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", file, err)
	}
	if info.Layout == nil {
		return l, "", nil
	}
	return l, *info.Layout, nil
}

// attach builds the graph of the shapes that are there.
func (c *lossCase) attach(l loss.Loss, layout string) error {
	x, err := c.input("embeddings", 2)
	if err != nil {
		return err
	}
	labels, err := c.input("labels", 1)
	if err != nil {
		return err
	}
	batch, dim := x.Dims()[0], x.Dims()[1]
	if labels.Dims()[0] != batch {
		return fmt.Errorf("expected a label for each of %d embeddings, found %d", batch, labels.Dims()[0])
	}
	c.graph = &graph.Graph{Name: l.Name(), Inputs: []graph.Input{{Name: "embeddings", Shape: x.Dims()}, {Name: "labels", Shape: labels.Dims()}}}
	ends := loss.Ends{Embedding: "embeddings", Labels: "labels", Batch: batch, Dim: dim}
	if ends.Classes, err = c.classes(l, layout); err != nil {
		return err
	}
	if c.head, err = loss.Attach(c.graph, l, ends); err != nil {
		return err
	}
	return c.fill(l.Params(dim, ends.Classes), layout)
}

func (c *lossCase) input(name string, axes int) (tensor.Any, error) {
	t, ok := c.files["inputs.npz"].Get(name)
	if !ok || len(t.Dims()) != axes {
		return nil, fmt.Errorf("expected the tensor %s of %d dimension(s)", name, axes)
	}
	return t, nil
}

// The orders of axes that weights are stored in.
const classesLast, classesFirst = "dim x classes", "classes x dim"

// classes is the number of those that the weights have.
func (c *lossCase) classes(l loss.Loss, layout string) (int, error) {
	if len(l.Params(1, 1)) == 0 {
		return 0, nil
	}
	w, err := c.input("weights", 2)
	if err != nil {
		return 0, err
	}
	switch layout {
	case classesLast:
		return w.Dims()[1], nil
	case classesFirst:
		return w.Dims()[0], nil
	}
	return 0, fmt.Errorf("expected weights_layout %q or %q, found %q", classesLast, classesFirst, layout)
}

// fill gives the parameters their numbers.
func (c *lossCase) fill(params []loss.Param, layout string) error {
	for i, p := range params {
		t, err := c.input(p.Name, len(p.Shape))
		if err != nil {
			return err
		}
		to := c.head.Params[i]
		if p.Matrix() && (p.ClassAxis == 0) != (layout == classesFirst) {
			to.Stored.ToCommon = []int{1, 0}
			t = tensor.PermuteAny(t, 1, 0)
		}
		if !t.Dims().Equal(p.Shape) {
			return fmt.Errorf("%s: expected the shape %v, found %v", p.Name, p.Shape, t.Dims())
		}
		to.Value = t
	}
	return nil
}

// network is what is run. Who recorded it is not said: any order of summation counts.
func (c *lossCase) network(threads int) *network {
	n := &network{
		graph: c.graph, inputs: map[string]tensor.Any{}, seeds: map[string]tensor.Any{c.head.Value: scalar(1.)},
		recorded: [2]bound.Producer{bound.AnyOrder, bound.AnyOrder.In(bound.U64)}, threads: threads,
	}
	for _, in := range c.graph.Inputs {
		n.inputs[in.Name], _ = c.files["inputs.npz"].Get(in.Name)
	}
	return n
}

func (c *lossCase) compare(n *network, r *Result) error {
	forward, backward := &Check{}, &Check{}
	r.Undecided = n.undecided()
	for p, file := range []string{"expect.npz", "expect64.npz"} {
		for _, key := range c.files[file].Names() {
			recorded, _ := c.files[file].Get(key)
			v, err := c.look(n, key, precision(p))
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, key, err)
			}
			ratio, err := v.ratio(recorded)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, key, err)
			}
			check := forward
			if strings.HasPrefix(key, "grad/") {
				check = backward
			}
			check.add(ratio, file+":"+key)
		}
	}
	r.Forward, r.Backward = forward.orNil(), backward.orNil()
	return nil
}

// look finds loss, grad/NAME and what the head has beside.
func (c *lossCase) look(n *network, key string, p precision) (value, error) {
	name, isGradient := strings.CutPrefix(key, "grad/")
	switch {
	case isGradient && c.param(name) != nil:
		return n.paramGradient(c.param(name), p)
	case isGradient:
		return n.gradient(name, p)
	case key == "loss":
		return n.value(c.head.Value, p)
	case c.head.Extra[key] != "":
		return n.value(c.head.Extra[key], p)
	}
	return value{}, fmt.Errorf("the loss has no such value")
}

// param is a parameter of the loss, nil for none.
func (c *lossCase) param(name string) *graph.Param {
	for _, p := range c.head.Params {
		if p.Name == "loss/"+name {
			return p
		}
	}
	return nil
}

func (c *lossCase) recorded(file string) []string { return c.files["expect.npz"].Names() }

func (c *lossCase) storedOutput(n *network, key string, p precision) tensor.Any {
	name, isGradient := strings.CutPrefix(key, "grad/")
	switch {
	case isGradient && c.param(name) != nil:
		return n.storedParamGradient(c.param(name), p)
	case isGradient:
		return n.storedGradient(p, name)
	case key == "loss":
		return n.stored(p, c.head.Value)
	}
	return n.stored(p, c.head.Extra[key])
}

func (c *lossCase) storedGradient(*network, string, precision) tensor.Any { return nil }
