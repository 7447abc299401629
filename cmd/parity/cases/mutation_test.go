package cases

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

const layers = "../../../fixtures/caffe_cases/layers"

// TestEveryAttributeMatters changes every attribute of every layer of every case, one at a time. The case must then fail,
// unless on inputs of this shape the changed layer is the same function, as a padding that no window reaches: then another
// case must show the attribute.
func TestEveryAttributeMatters(t *testing.T) {
	entries, err := os.ReadDir(layers)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, e := range entries {
		c, err := openCaffeLayer(filepath.Join(layers, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.graph.Nodes {
			for _, m := range mutations(reflect.ValueOf(n.Layer), "") {
				attribute := n.Layer.Kind() + m.what
				shown[attribute] = !survives(t, c, n, m) || shown[attribute]
			}
		}
	}
	for attribute, ok := range shown {
		if why := hidden[attribute]; !ok && why == "" {
			t.Errorf("%s: no case shows it", attribute)
		} else if ok && why != "" {
			t.Errorf("%s: a case shows it, though %s", attribute, why)
		}
	}
	if len(shown) < 80 {
		t.Errorf("only %d attributes were changed", len(shown))
	}
}

// hidden are attributes that none of these cases can show, and why; tests beside the layers do.
var hidden = map[string]string{
	"ArgMax.Axis":                     "none of the cases states an axis",
	"Clip.Strict":                     "no element of the case lies on a limit",
	"ContrastiveLoss.Margin":          "the dissimilar pairs of both cases are farther apart than the margin",
	"ContrastiveLoss.SquaredDistance": "the dissimilar pairs of both cases are farther apart than the margin",
	"ConvolutionND.WindowND.After.0":  "no window of the case reaches the padding behind",
	"Eltwise.Quotient":                "both forms of the gradient are the same product but for rounding, where no factor is zero",
	"Im2col.WindowND.After.0":         "no window of the case reaches the padding behind",
	"InfogainLoss.Labels.Ignored":     "the case ignores no label",
	"InfogainLoss.Normalization":      "the case has one place an example and ignores none, so that all counts are equal",
	"MaxPool.Spill":                   "no case has a window outside its map",
	"RNN.Recurrence.Truncated":        "the case does not expose its states",
}

// silent are changes that a case's own numbers hide, and why.
var silent = map[string]string{
	"eltwise_prod2: Eltwise.Quotient":          "no factor is zero",
	"eltwise_prod3: Eltwise.Quotient":          "no factor is zero",
	"eltwise_prod3_unstable: Eltwise.Quotient": "no factor is zero",
	"net_l2_normalize: Reduction.Statistic":    "it adds up squares, which are their own magnitudes",
	"spp_h3_max: MaxPool.Pool.Window.Stride.1": "the column that the last windows lose holds none of the largest values",
}

// mutation is a layer with one attribute changed.
type mutation struct {
	what  string
	value reflect.Value
}

// mutations lists the changed copies of a value: numbers a little larger, truths turned round, in structures, arrays and
// slices one element at a time.
func mutations(v reflect.Value, what string) []mutation {
	switch v.Kind() {
	case reflect.Int:
		return []mutation{{what, reflect.ValueOf(v.Int() + 1).Convert(v.Type())}}
	case reflect.Float64:
		return []mutation{{what, reflect.ValueOf(v.Float()*1.01 + 0.0137)}}
	case reflect.Bool:
		return []mutation{{what, reflect.ValueOf(!v.Bool())}}
	case reflect.Struct:
		return parts(v, what, v.NumField(), reflect.Value.Field, func(i int) string { return v.Type().Field(i).Name })
	case reflect.Array, reflect.Slice:
		return parts(v, what, v.Len(), reflect.Value.Index, strconv.Itoa)
	}
	return nil
}

func parts(v reflect.Value, what string, n int, part func(reflect.Value, int) reflect.Value, name func(int) string) []mutation {
	var list []mutation
	for i := range n {
		for _, m := range mutations(part(v, i), what+"."+name(i)) {
			changed := reflect.New(v.Type()).Elem()
			changed.Set(v)
			if v.Kind() == reflect.Slice {
				changed.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, n), v))
			}
			part(changed, i).Set(m.value)
			list = append(list, mutation{m.what, changed})
		}
	}
	return list
}

// survives reports whether a case passes with a changed layer; it is an error if the change is one of function.
func survives(t *testing.T, c *caffeLayer, n *graph.Node, m mutation) bool {
	t.Helper()
	right := n.Layer
	defer func() { n.Layer = right }()
	changed := m.value.Interface().(layer.Layer)
	n.Layer = changed
	if !passes(t, c) {
		return false
	}
	n.Layer = right
	where := filepath.Base(c.dir) + ": " + right.Kind() + m.what
	if silent[where] == "" && !c.sameFunction(t, n, changed) {
		t.Errorf("%s: changed from %+v to %+v, and nothing fails", where, right, changed)
	}
	return true
}

// sameFunction compares two layers on drawn inputs of the shapes, and with the parameters, of a node.
func (c *caffeLayer) sameFunction(t *testing.T, n *graph.Node, changed layer.Layer) bool {
	t.Helper()
	w := &network{graph: c.graph, inputs: c.inputs(), threads: 1}
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
	return slices.Equal(c.results(t, n, n.Layer, *g), c.results(t, n, changed, *g))
}

// results runs a layer forward and backward and returns all numbers.
func (c *caffeLayer) results(t *testing.T, n *graph.Node, l layer.Layer, g layer.Gradient[float64]) (all []float64) {
	t.Helper()
	shapes := map[string]tensor.Shape{}
	for i, v := range n.Inputs {
		shapes[v] = g.In[i].Shape
	}
	changed := *n
	changed.Layer = l
	out, err := changed.Shapes(shapes)
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

// passes runs a case forward and backward.
func passes(t *testing.T, c *caffeLayer) (ok bool) {
	t.Helper()
	defer func() {
		if recover() != nil { // settings that no importer makes may not fit together
			ok = false
		}
	}()
	r, err := judge(t.Context(), c, c.network(1), c.dir, Options{})
	return err == nil && r.compared() && r.within()
}
