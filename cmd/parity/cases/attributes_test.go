package cases

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// specimens are the cases whose layers are changed.
var specimens = []struct {
	dir  string
	open func(dir string) (*specimen, error)
	// least is how many attributes there are at least.
	least int
	// hidden are attributes that none of the cases can show, and why; tests beside the layers do. Without a change behind its
	// name, an attribute stands for all its names.
	hidden map[string]string
	// silent are changes that a case's own numbers hide, and why.
	silent map[string]string
}{
	{"../../../fixtures/caffe_cases/layers", caffeSpecimen, 80, caffeHidden, caffeSilent},
	{"../../../fixtures/tensorflow_cases/layers", tensorFlowSpecimen, 100, tensorFlowHidden, tensorFlowSilent},
	{"../../../fixtures/tensorflow_cases/layers", recognisedSpecimen, 30, recognisedHidden, recognisedSilent},
}

// specimen is a case whose layers are changed.
type specimen struct {
	judged
	name    string
	network *network
	whole   bool // only idioms that were recognised as one layer
}

func caffeSpecimen(dir string) (*specimen, error) {
	c, err := openCaffeLayer(dir)
	if err != nil {
		return nil, err
	}
	return &specimen{judged: c, name: filepath.Base(dir), network: c.network(1)}, nil
}

func tensorFlowSpecimen(dir string) (*specimen, error) {
	c, err := openTensorFlowLayer(dir)
	if err != nil {
		return nil, err
	}
	n, err := c.network(1)
	return &specimen{judged: c, name: filepath.Base(dir), network: n}, err
}

// recognisedSpecimen is nil for a case without idioms.
func recognisedSpecimen(dir string) (*specimen, error) {
	plain, err := openTensorFlowLayer(dir)
	if err != nil {
		return nil, err
	}
	c, err := plain.asRecognised(dir)
	if err != nil || c == nil {
		return nil, err
	}
	n, err := c.network(1)
	return &specimen{judged: c, name: filepath.Base(dir), network: n, whole: true}, err
}

// TestEveryAttributeMatters changes every attribute of every layer of every case, one at a time. The case must then fail,
// unless on inputs of this shape the changed layer is the same function, as a padding that no window reaches: then another
// case must show the attribute. Operations that have names may agree on the numbers of a case, as a product and a minimum of
// zeros and ones: for each two of them there must be a case where they do not.
func TestEveryAttributeMatters(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs every recorded case many times")
	}
	for _, r := range specimens {
		shown := map[string]bool{}
		for _, dir := range folders(t, r.dir) {
			c, err := r.open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if c != nil {
				c.change(t, shown, r.silent)
			}
		}
		for attribute, ok := range shown {
			name, _, _ := strings.Cut(attribute, " ")
			if !ok && r.hidden[attribute]+r.hidden[name] == "" {
				t.Errorf("%s: no case shows it", attribute)
			} else if ok && r.hidden[attribute] != "" {
				t.Errorf("%s: a case shows it, though %s", attribute, r.hidden[attribute])
			}
		}
		if len(shown) < r.least {
			t.Errorf("%s: only %d attributes were changed", r.dir, len(shown))
		}
	}
}

// change changes every attribute of every layer and notes which a failure shows.
func (c *specimen) change(t *testing.T, shown map[string]bool, silent map[string]string) {
	t.Helper()
	for _, n := range c.network.graph.Nodes {
		if c.whole && len(n.Parts) == 0 {
			continue
		}
		for _, m := range mutations(reflect.ValueOf(n.Layer), "") {
			attribute := n.Layer.Kind() + m.what
			if m.renamed && shown[attribute] {
				continue
			}
			shown[attribute] = !c.survives(t, n, m, silent) || shown[attribute]
		}
	}
}

// survives reports whether a case passes with a changed layer; it is an error if the change is one of function.
func (c *specimen) survives(t *testing.T, n *graph.Node, m mutation, silent map[string]string) bool {
	t.Helper()
	right := n.Layer
	defer func() { n.Layer = right }()
	changed := m.value.Interface().(layer.Layer)
	n.Layer = changed
	if !c.passes(t) {
		return false
	}
	n.Layer = right
	where := c.name + ": " + right.Kind() + m.what
	if !m.renamed && silent[where] == "" && !c.sameFunction(t, n, changed) {
		t.Errorf("%s: changed from %+v to %+v, and nothing fails", where, right, changed)
	}
	return true
}

// passes runs a case forward and backward.
func (c *specimen) passes(t *testing.T) (ok bool) {
	t.Helper()
	defer func() {
		if recover() != nil { // settings that no importer makes may not fit together
			ok = false
		}
	}()
	r, err := judge(t.Context(), c, c.network, c.name, Options{})
	return err == nil && r.compared() && r.within()
}

// sameFunction compares two layers on drawn inputs of the shapes, and with the parameters, of a node.
func (c *specimen) sameFunction(t *testing.T, n *graph.Node, changed layer.Layer) bool {
	t.Helper()
	w := &network{graph: c.network.graph, inputs: c.network.inputs, threads: 1}
	if err := runPass(t.Context(), w, &w.f64); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	g := &layer.Gradient[float64]{Workers: 1}
	for _, v := range n.Inputs {
		x := w.f64.values[v].Clone()
		for i, v := range x.Data {
			if v != math.Trunc(v) { // labels and indices stay as they are
				x.Data[i] = r.NormFloat64()
			}
		}
		g.In = append(g.In, x)
	}
	for _, p := range n.Params {
		g.Params = append(g.Params, tensor.As[float64](p.Value))
	}
	return slices.Equal(results(t, n, n.Layer, *g), results(t, n, changed, *g))
}

// results runs a layer forward and backward and returns all numbers.
func results(t *testing.T, n *graph.Node, l layer.Layer, g layer.Gradient[float64]) (all []float64) {
	t.Helper()
	changed := *n
	changed.Layer = l
	out, err := graph.ShapesOf(&changed, g.In)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 2))
	g.Out = engine.Forward(&changed, g.In, out, 1)
	for _, y := range g.Out {
		d := tensor.New[float64](y.Shape...)
		for i := range d.Data {
			d.Data[i] = r.NormFloat64()
		}
		all, g.OutGrad = append(all, y.Data...), append(g.OutGrad, d)
	}
	d, ok := l.(layer.Differentiable)
	if !ok {
		return all
	}
	g.InGrad, g.ParamGrad = nil, nil
	for _, x := range g.In {
		g.InGrad = append(g.InGrad, tensor.New[float64](x.Shape...))
	}
	for _, x := range g.Params {
		g.ParamGrad = append(g.ParamGrad, tensor.New[float64](x.Shape...))
	}
	d.Backward64(&g)
	for _, x := range slices.Concat(g.InGrad, g.ParamGrad) {
		if x != nil {
			all = append(all, x.Data...)
		}
	}
	return all
}
