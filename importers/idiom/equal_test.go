package idiom_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/lower"
	. "parity/importers/tensorflow/tensorflowtest"
)

// read lowers a graph with its idioms recognised, and node by node.
func read(t *testing.T, def Graph) (recognised, plain *graph.Graph) {
	t.Helper()
	for _, to := range []struct {
		graph      **graph.Graph
		everything bool
	}{{&recognised, false}, {&plain, true}} {
		parsed, err := graphdef.Parse("net.pb", def.Binary())
		if err != nil {
			t.Fatal(err)
		}
		if *to.graph, err = lower.LowerWith(parsed, nil, lower.Options{Everything: to.everything}); err != nil {
			t.Fatal(err)
		}
	}
	return recognised, plain
}

// run is a forward and backward run in float64.
type run struct {
	graph     *graph.Graph
	values    map[string]*tensor.Tensor[float64]
	gradients *engine.Gradients[float64]
}

// drawInputs draws numbers for the inputs of a graph, an open extent as 2.
func drawInputs(g *graph.Graph, seed uint64) map[string]*tensor.Tensor[float64] {
	r := rand.New(rand.NewPCG(seed, 1))
	in := map[string]*tensor.Tensor[float64]{}
	for _, i := range g.Inputs {
		shape := i.Shape.Clone()
		for d := range shape {
			if shape[d] < 0 {
				shape[d] = 2
			}
		}
		x := tensor.New[float64](shape...)
		for k := range x.Data {
			if x.Data[k] = float64(float32(4*r.Float64() - 2)); i.Drawn {
				x.Data[k] = float64(float32(r.Float64()))
			}
		}
		in[i.Name] = x
	}
	return in
}

func runBoth(t *testing.T, g *graph.Graph, in map[string]*tensor.Tensor[float64], seeds map[string]*tensor.Tensor[float64]) run {
	t.Helper()
	given := map[string]*tensor.Tensor[float64]{}
	for _, i := range g.Inputs {
		given[i.Name] = in[i.Name]
	}
	r, err := engine.Run(t.Context(), g, given, engine.Options[float64]{Threads: 1, Keep: engine.All})
	if err != nil {
		t.Fatal(err)
	}
	b, err := engine.Backward(t.Context(), g, r.Values, seeds, engine.BackwardOptions[float64]{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return run{g, r.Values, b}
}

// param is the gradient of the weights of a name, as the framework stores them, and whether there are such weights.
func (r run) param(name string) (*tensor.Tensor[float64], bool) {
	for _, n := range r.graph.Nodes {
		for _, p := range n.Params {
			if p.Owner().Name == name {
				return r.gradients.Param(p.Owner()), true
			}
		}
	}
	return nil, false
}

// input is the gradient of an input, zeros if there is none.
func (r run) input(name string) *tensor.Tensor[float64] {
	if g := r.gradients.Values[name]; g != nil {
		return g
	}
	return tensor.New[float64](r.values[name].Shape...)
}

// checkEqual holds the recognised form against the nodes that it stands for, forward and backward: by its parts, and by the
// layer's own gradients, if asked to, as far as it has them.
func checkEqual(t *testing.T, recognised, plain *graph.Graph, own bool) {
	t.Helper()
	for seed := range uint64(3) {
		in := drawInputs(plain, seed)
		forward, err := engine.Run(t.Context(), plain, in, engine.Options[float64]{Threads: 1, Keep: engine.All})
		if err != nil {
			t.Fatal(err)
		}
		seeds := map[string]*tensor.Tensor[float64]{}
		r := rand.New(rand.NewPCG(seed, 2))
		for _, v := range recognised.Outputs {
			d := tensor.New[float64](forward.Values[v].Shape...)
			for i := range d.Data {
				d.Data[i] = r.NormFloat64()
			}
			seeds[v] = d
		}
		want := runBoth(t, plain, in, seeds)
		got := runBoth(t, recognised, in, seeds)
		for v, x := range got.values {
			compare(t, "value "+v, x, want.values[v])
		}
		checkGradients(t, "by its parts", got, want, true)
		if own {
			checkGradients(t, "its own", runBoth(t, withoutParts(recognised), in, seeds), want, false)
		}
	}
}

// checkGradients compares those of inputs and weights; with all, every one that there is.
func checkGradients(t *testing.T, what string, got, want run, all bool) {
	t.Helper()
	for _, in := range want.graph.Fed() {
		compare(t, what+": gradient of "+in.Name, got.input(in.Name), want.input(in.Name))
	}
	seen := map[string]bool{}
	for _, n := range want.graph.Nodes {
		for _, p := range n.Params {
			name := p.Owner().Name
			g, there := got.param(name)
			if w := want.gradients.Param(p.Owner()); !seen[name] && w != nil && there && (all || g != nil) {
				compare(t, what+": gradient of "+name, g, w)
			}
			seen[name] = true
		}
	}
}

// withoutParts is a graph whose layers have nothing but their own gradients.
func withoutParts(g *graph.Graph) *graph.Graph {
	out := *g
	out.Nodes = nil
	for _, n := range g.Nodes {
		out.Nodes = append(out.Nodes, n.As(n.Layer, n.Params))
	}
	return &out
}

func compare(t *testing.T, what string, got, want *tensor.Tensor[float64]) {
	t.Helper()
	if got == nil || want == nil || len(got.Data) != len(want.Data) {
		t.Errorf("%s: got %v, want %v", what, got, want)
		return
	}
	size := 0.0
	for _, v := range want.Data {
		size = max(size, math.Abs(v))
	}
	for i, v := range got.Data {
		if !(math.Abs(v-want.Data[i]) <= 1e-12*(1+size)) {
			t.Errorf("%s at %v: got %v, want %v", what, want.Shape.Index(i), v, want.Data[i])
			return
		}
	}
}

// kinds lists what a graph consists of, but for the constants that other nodes read.
func kinds(g *graph.Graph) []string {
	var list []string
	for _, n := range g.Nodes {
		if _, constant := n.Layer.(layer.Constant); !constant {
			list = append(list, n.Name+" "+n.Layer.Kind())
		}
	}
	return list
}

// checkApart takes the recognised graph apart: every node that the file has is there again.
func checkApart(t *testing.T, recognised, plain *graph.Graph) {
	t.Helper()
	apart := recognised.Exposed(func(string) bool { return true })
	if err := apart.Check(); err != nil {
		t.Error(err)
	}
	var want []string
	for _, n := range apart.Nodes {
		want = append(want, n.Name)
	}
	for _, n := range recognised.Nodes {
		for _, part := range n.Parts {
			if !slices.Contains(want, part.Name) {
				t.Errorf("taken apart, the part %s is missing", part.Name)
			}
		}
	}
	for _, n := range apart.Nodes {
		if plain.Node(n.Name) == nil {
			t.Errorf("taken apart, there is a node %s that the file does not have", n.Name)
		}
	}
}
