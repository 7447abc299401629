package cases

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/googlenet/train/loss"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/step"
)

// isSteps: a training run of an embedding across the point where it is heated.
func isSteps(dir string) bool {
	return kindIn(dir) == "steps" && has(dir, "init.npz") && has(dir, "run.npz")
}

// stepsCase is one case: a network with a loss at its end, how it is trained, and from where.
type stepsCase struct {
	*stepsSettings
	method  *optim.Method
	graph   *graph.Graph
	head    *loss.Head
	heated  bool // the loss has a temperature
	init    *npz.Tensors
	names   map[*graph.Param]string // as they are recorded
	threads int
}

func runSteps(ctx context.Context, dir string, o Options) (*Result, error) {
	s, err := readStepsSettings(filepath.Join(dir, "case.json"))
	if err != nil {
		return nil, err
	}
	c, err := openStepsAs(dir, s)
	if err != nil {
		return nil, err
	}
	c.threads = o.Threads
	return c.check(ctx, dir, o)
}

// check judges the recordings in both precisions.
func (c *stepsCase) check(ctx context.Context, dir string, o Options) (*Result, error) {
	forward, backward := &Check{}, &Check{}
	f32, err := checkTrace[float32](ctx, c, dir, "run.npz", bound.AnyOrder, bound.Native32, forward, backward)
	if err != nil {
		return nil, err
	}
	f64, err := checkTrace[float64](ctx, c, dir, "run64.npz", bound.AnyOrder.In(bound.U64), bound.Native64, forward, backward)
	if err != nil {
		return nil, err
	}
	if o.Dump != "" {
		err = c.dumpTraces(dir, filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir))), f32, f64)
	}
	return &Result{Forward: forward.orNil(), Backward: backward.orNil()}, err
}

// openStepsAs reads a case with these settings.
func openStepsAs(dir string, s *stepsSettings) (*stepsCase, error) {
	c := &stepsCase{stepsSettings: s, names: map[*graph.Param]string{}}
	var err error
	if c.method, err = s.method(); err == nil {
		if c.init, err = npz.Read(filepath.Join(dir, "init.npz")); err != nil {
			return nil, err
		}
		err = c.build()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "case.json"), err)
	}
	return c, nil
}

// build puts the network together that case.json describes in words, with its first parameters.
func (c *stepsCase) build() error {
	window, pool, err := c.geometry()
	if err != nil {
		return err
	}
	shapes, err := c.shapes(map[string]int{"x": 5, "y": 2, "conv/w": 4, "conv/b": 1, "fc/w": 2, "class/w": 2})
	if err != nil {
		return err
	}
	if !shapes["x"][:2].Equal(shapes["y"]) || shapes["x"][0] < c.Steps {
		return fmt.Errorf("init.npz: expected x and y with a row for each of %d steps, found %v and %v", c.Steps, shapes["x"], shapes["y"])
	}
	batch, dim, classes := shapes["x"][1], shapes["fc/w"][0], shapes["class/w"][1]
	c.graph = &graph.Graph{Name: c.Net, Inputs: []graph.Input{{Name: "x", Shape: shapes["x"][1:]}, {Name: "y", Shape: shapes["y"][1:]}}}
	c.add("conv", layer.Convolution{Window: window, Outputs: shapes["conv/w"][0], Groups: 1, Bias: true}, "x", "conv/w", "conv/b")
	c.add("relu", layer.ReLU{}, "conv")
	c.add("pool", layer.MaxPool{Pool: pool}, "relu")
	fc := []string{"fc/w"}
	if _, biased := c.init.Get("fc/b"); biased {
		fc = append(fc, "fc/b")
	}
	c.add("fc", layer.InnerProduct{Outputs: dim, Bias: len(fc) > 1}, "pool", fc...)
	l, err := c.objective()
	if err != nil {
		return err
	}
	_, c.heated = l.(loss.Tempered)
	if c.head, err = loss.Attach(c.graph, l, loss.Ends{Embedding: "fc", Labels: "y", Batch: batch, Dim: dim, Classes: classes}); err != nil {
		return err
	}
	return c.name(l.Params(dim, classes))
}

// shapes checks the tensors that a run begins with.
func (c *stepsCase) shapes(axes map[string]int) (map[string]tensor.Shape, error) {
	shapes := map[string]tensor.Shape{}
	for name, n := range axes {
		t, ok := c.init.Get(name)
		if !ok || len(t.Dims()) != n {
			return nil, fmt.Errorf("init.npz: expected the tensor %s of %d dimension(s)", name, n)
		}
		shapes[name] = t.Dims()
	}
	return shapes, nil
}

// add appends a layer; params are tensors of init.npz.
func (c *stepsCase) add(name string, l layer.Layer, in string, params ...string) {
	n := &graph.Node{Name: name, Layer: l, Inputs: []string{in}, Outputs: []string{name}}
	for _, p := range params {
		t, _ := c.init.Get(p)
		n.Params = append(n.Params, &graph.Param{Name: p, Value: t})
		c.names[n.Params[len(n.Params)-1]] = "param/" + p
	}
	c.graph.Nodes = append(c.graph.Nodes, n)
}

// recordedAs is what the recordings call the parameters of a loss.
var recordedAs = map[string]string{"weights": "class/w", "bias": "class/b", "beta": "bn/beta"}

// name gives the parameters of the loss their first numbers, and notes which recorded tensors belong to them.
func (c *stepsCase) name(params []loss.Param) error {
	for i, p := range params {
		t, ok := c.init.Get(recordedAs[p.Name])
		if !ok || !t.Dims().Equal(p.Shape) {
			return fmt.Errorf("init.npz: expected the tensor %s of shape %v", recordedAs[p.Name], p.Shape)
		}
		c.head.Params[i].Value = t
		c.names[c.head.Params[i]] = "param/" + recordedAs[p.Name]
	}
	for _, p := range c.head.Running {
		c.names[p] = strings.TrimPrefix(p.Name, "loss/")
	}
	return nil
}

// trainer begins at the first parameters.
func newStepsTrainer[T tensor.Float](c *stepsCase) (*step.Trainer[T], error) {
	t, err := step.New[T](c.graph, c.method)
	if err == nil {
		t.Threads = c.threads
	}
	return t, err
}

// batchOf is what a step is fed.
func batchOf[T tensor.Float](c *stepsCase, number int) step.Batch[T] {
	b := step.Batch[T]{}
	for _, name := range []string{"x", "y"} {
		t, _ := c.init.Get(name)
		b[name] = tensor.As[T](row(t, number))
	}
	return b
}

// taken is what one step came to, under the names that it is recorded with.
type taken map[string]tensor.Any

// disturbance changes gradients before an update, and everything after it.
type disturbance[T tensor.Float] struct{ gradients, state func(t *step.Trainer[T]) }

// take does one step, with a disturbance if there is one.
func take[T tensor.Float](ctx context.Context, c *stepsCase, t *step.Trainer[T], number int, d *disturbance[T]) (taken, error) {
	if err := c.heat(t.Graph, number); err != nil {
		return nil, err
	}
	value, err := t.Accumulate(ctx, batchOf[T](c, number))
	if err != nil {
		return nil, err
	}
	out := taken{"loss": scalar(float64(value)), "alpha": scalar(c.alpha(number))}
	if d != nil {
		d.gradients(t)
	}
	for i, p := range c.learned() {
		if name, ok := strings.CutPrefix(c.names[p], "param/"); ok {
			out["gradnorm/"+name] = scalar(normOf(t.Params()[i].Grad))
		}
	}
	out["lr"] = scalar(float64(t.Update()))
	if d != nil {
		d.state(t)
	}
	for i, p := range c.learned() {
		if c.names[p] != "" {
			out[c.names[p]] = t.Params()[i].Value.Clone()
		}
	}
	return out, nil
}

// heat sets the temperature of a step, where the loss has one.
func (c *stepsCase) heat(g *graph.Graph, number int) error {
	if !c.heated {
		return nil
	}
	return c.head.SetAlpha(g, c.alpha(number))
}

// learned lists the parameters in the order of a trainer's.
func (c *stepsCase) learned() []*graph.Param { return step.Learned(c.graph) }

func normOf[T tensor.Float](t *tensor.Tensor[T]) float64 {
	sum := 0.0
	for _, v := range t.Data {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// checkTrace holds every step of a recording against this program's own run, and returns that.
func checkTrace[T tensor.Float](ctx context.Context, c *stepsCase, dir, file string, recorded, own bound.Producer, forward, backward *Check) ([]taken, error) {
	trace, err := ownTrace[T](ctx, c)
	if err != nil || !has(dir, file) {
		return trace, err
	}
	tensors, err := npz.Read(filepath.Join(dir, file))
	if err != nil {
		return nil, err
	}
	limits, err := traceLimits(ctx, c, recorded, own)
	if err != nil {
		return nil, err
	}
	for _, key := range tensors.Names() {
		number, name, err := c.place(key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		got, ok := trace[number][name]
		if !ok {
			return nil, fmt.Errorf("%s: %s: the run has nothing with this name", file, key)
		}
		want, _ := tensors.Get(key)
		ratio, err := value{tensor.As[float64](got), limits[number][name]}.ratio(want)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, key, err)
		}
		check := forward
		if strings.HasPrefix(name, "gradnorm/") {
			check = backward
		}
		check.add(ratio, file+":"+key)
	}
	return trace, c.complete(file, tensors, trace)
}

// complete reports what every step should have and a recording lacks.
func (c *stepsCase) complete(file string, tensors *npz.Tensors, trace []taken) error {
	for number, t := range trace {
		for name := range t {
			key := fmt.Sprintf("step%d/%s", number, name)
			if slices.Contains([]string{"loss", "alpha", "lr"}, name) || strings.HasPrefix(name, "gradnorm/") {
				if _, ok := tensors.Get(key); !ok {
					return fmt.Errorf("%s: %s is missing", file, key)
				}
			}
		}
	}
	return nil
}

// place reads a key stepT/NAME.
func (c *stepsCase) place(key string) (number int, name string, err error) {
	head, name, ok := strings.Cut(key, "/")
	if _, err := fmt.Sscanf(head, "step%d", &number); err != nil || !ok || number < 0 || number >= c.Steps {
		return 0, "", fmt.Errorf("%s: case.json tells of %d steps, and of nothing with this name", key, c.Steps)
	}
	return number, name, nil
}

func ownTrace[T tensor.Float](ctx context.Context, c *stepsCase) ([]taken, error) {
	t, err := newStepsTrainer[T](c)
	if err != nil {
		return nil, err
	}
	var trace []taken
	for number := range c.Steps {
		s, err := take(ctx, c, t, number, nil)
		if err != nil {
			return nil, err
		}
		trace = append(trace, s)
	}
	return trace, nil
}

// dumpTraces writes this program's runs under the keys of what was recorded.
func (c *stepsCase) dumpTraces(dir, to string, f32, f64 []taken) error {
	list, err := npz.List(filepath.Join(dir, "run.npz"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for file, trace := range map[string][]taken{"outputs.npz": f32, "outputs64.npz": f64} {
		var t npz.Tensors
		for _, r := range list {
			if number, name, err := c.place(r.Name); err == nil && trace[number][name] != nil {
				t.Set(r.Name, trace[number][name])
			}
		}
		if err := npz.Write(filepath.Join(to, file), &t); err != nil {
			return err
		}
	}
	return nil
}
