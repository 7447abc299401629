package compare

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/trace"
)

// noisy runs a network in which one layer writes numbers that no cause makes.
func noisy(t *testing.T, g *graph.Graph, images *tensor.Tensor[float32], at string) map[string]tensor.Any {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 9))
	run, err := engine.Run(t.Context(), g, map[string]*tensor.Tensor[float32]{g.Inputs[0].Name: images}, engine.Options[float32]{Keep: engine.All,
		Hook: func(n *graph.Node, _, out []*tensor.Tensor[float32]) ([]*tensor.Tensor[float32], error) {
			if n.Name != at {
				return out, nil
			}
			noise := out[0].Clone()
			for i := range noise.Data {
				noise.Data[i] += float32(0.2*r.NormFloat64()) * (1 + noise.Data[i])
			}
			return []*tensor.Tensor[float32]{noise}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]tensor.Any{}
	for name, v := range run.Values {
		values[name] = v
	}
	return values
}

// dumped is a recording of some tensors without a model.
func dumped(g *graph.Graph, values map[string]tensor.Any, names ...string) Side {
	kept := map[string]tensor.Any{g.Inputs[0].Name: values[g.Inputs[0].Name]}
	for _, name := range names {
		kept[name] = values[name]
	}
	return Side{Graph: &graph.Graph{Inputs: g.Inputs}, Trace: &trace.Trace{Values: kept}, Producer: bound.Native32, Info: parity.Side{Framework: "dump", Source: "recorded"}}
}

// chainOf is a network of so many layers, one after the other.
func chainOf(n int) (*graph.Graph, *tensor.Tensor[float32]) {
	b := &builder{shapes: map[string]tensor.Shape{"data": {1, 3, 9, 8}}, r: rand.New(rand.NewPCG(4, 4))}
	b.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{1, 3, 9, 8}}}
	x := "data"
	for i := range n {
		if i%2 == 0 {
			x = b.add(fmt.Sprintf("conv%d", i), conv(4+i%5, 1, window(3, 1, 1)), x)
		} else {
			x = b.add(fmt.Sprintf("act%d", i), layer.ReLU{Slope: 0.25}, x)
		}
	}
	b.Outputs = []string{x}
	images := tensor.New[float32](1, 3, 9, 8)
	for i := range images.Data {
		images.Data[i] = float32(b.r.NormFloat64())
	}
	return &b.Graph, images
}

// follow records what the report advises until one layer is left, and returns how often.
func follow(t *testing.T, g *graph.Graph, images *tensor.Tensor[float32], at string) int {
	t.Helper()
	ref, values := native(t, g, images), noisy(t, g, images, at)
	recorded := slices.Clone(g.Outputs)
	for steps := 0; ; steps++ {
		r := compared(t, ref, dumped(g, values, recorded...), Options{})
		if len(r.Findings) != 1 || r.Findings[0].Severity != parity.Error {
			t.Fatalf("%s, recorded %v: findings %v", at, recorded, blamed(r.Findings))
		}
		f := r.Findings[0]
		if len(f.NarrowedTo) < 2 {
			if f.Layer != at || len(f.RecordNext) > 0 {
				t.Errorf("the fault of %s is blamed on %s; advice %v", at, f.Layer, f.RecordNext)
			}
			return steps
		}
		if !slices.Contains(f.NarrowedTo, at) || len(f.RecordNext) == 0 || f.RecordNext[0].Tensor == "" {
			t.Fatalf("the fault of %s is narrowed to %v; advice %v", at, f.NarrowedTo, f.RecordNext)
		}
		if left := f.RecordNext[0].Left; left >= len(f.NarrowedTo) {
			t.Errorf("%d of %d layers are left", left, len(f.NarrowedTo))
		}
		recorded = append(recorded, f.RecordNext[0].Tensor)
		if steps > len(g.Nodes) {
			t.Fatalf("recorded %v, and still %v", recorded, f.NarrowedTo)
		}
	}
}

func TestAdviceHalvesAChain(t *testing.T) {
	const n = 13
	g, images := chainOf(n)
	for i := 0; i < n; i += 2 {
		node := g.Nodes[i]
		if steps := follow(t, g, images, node.Name); steps > bits.Len(n-1) {
			t.Errorf("%s was found after %d recordings, of %d layers", node.Name, steps, n)
		}
	}
}

func TestAdviceFindsEveryLayer(t *testing.T) {
	g, images := zoo()
	most := 0
	for i := 0; i < len(g.Nodes); i += 6 {
		most = max(most, follow(t, g, images, g.Nodes[i].Name))
	}
	if limit := bits.Len(uint(len(g.Nodes))) + 2; most > limit { // what nothing flows around may not halve the suspects
		t.Errorf("%d recordings were needed, of %d layers", most, len(g.Nodes))
	}
}

// The first n tensors that are named are the best n: recorded together they divide the suspects evenly.
func TestAdviceForSeveralRecordings(t *testing.T) {
	g, images := chainOf(16)
	values := noisy(t, g, images, "act9")
	r := compared(t, native(t, g, images), dumped(g, values, g.Outputs...), Options{})
	var names []string
	for _, next := range r.Findings[0].RecordNext {
		names = append(names, next.Layer)
	}
	if want := "act7 act3 act11 act1 act5 act9 act13"; strings.Join(names, " ") != want {
		t.Errorf("advice %v, want %s", names, want)
	}
	if r.Findings[0].RecordNext[0].Left != 8 || r.Findings[0].RecordNext[1].Left != 4 {
		t.Errorf("left %+v", r.Findings[0].RecordNext)
	}
}

// Between two modules the tensor that everything flows through comes before those of a branch.
func TestAdvicePrefersWhatEverythingFlowsThrough(t *testing.T) {
	b := &builder{shapes: map[string]tensor.Shape{"data": {1, 3, 9, 8}}, r: rand.New(rand.NewPCG(4, 4))}
	b.Inputs = []graph.Input{{Name: "data", Shape: tensor.Shape{1, 3, 9, 8}}}
	x := "data"
	for _, m := range []string{"1", "2", "3"} {
		b.add(m+"/a", conv(4, 1, window(1, 1, 0)), x)
		b.add(m+"/b_reduce", conv(3, 1, window(1, 1, 0)), x)
		b.add(m+"/b", conv(5, 1, window(3, 1, 1)), m+"/b_reduce")
		x = b.add(m+"/out", layer.Concat{Axis: 1}, m+"/a", m+"/b")
	}
	s := newSuspects(b.Nodes, x)
	if h := s.halvings(b.Nodes); h[0].value != "1/out" || h[0].left() != 8 || h[1].value != "2/out" {
		t.Errorf("got %s, which leaves %d, then %s", h[0].value, h[0].left(), h[1].value)
	}
	for _, v := range []string{"1/a", "2/b", "3/b_reduce"} {
		if s.narrow[v] {
			t.Errorf("not everything flows through %s", v)
		}
	}
}

// What to record is said in the candidate's own names where its graph is known.
func TestAdviceForAMissingOutput(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) {
		for _, n := range g.Nodes {
			for i := range n.Inputs {
				n.Inputs[i] = ported(n.Inputs[i])
			}
			n.Name, n.Outputs = ported(n.Name), []string{ported(n.Outputs[0])}
		}
		g.Outputs, g.Stages = []string{"port/prob"}, nil
	})
	delete(cand.Trace.Values, "port/prob")
	r := compared(t, ref, cand, Options{})
	i := slices.IndexFunc(r.Findings, func(f parity.Finding) bool { return f.Cause == "recording.incomplete" })
	if i < 0 {
		t.Fatalf("findings %v", blamed(r.Findings))
	}
	want := parity.Recording{Layer: "prob", Tensor: "port/prob"}
	if next := r.Findings[i].RecordNext; len(next) != 1 || next[0] != want || r.Findings[i].Severity != parity.Note || r.Verdict != parity.Diverged {
		t.Errorf("%s, advice %+v", r.Verdict, next)
	}
}

func ported(name string) string {
	if name == "data" {
		return name
	}
	return "port/" + strings.ReplaceAll(name, "inception", "mixed")
}

// A dump may hold some tensors only, under names that say nothing, with the channels last.
func TestDumpsInAnotherLayout(t *testing.T) {
	for _, name := range []func(i int, v string) string{func(_ int, v string) string { return v }, func(i int, _ string) string { return fmt.Sprintf("arr_%d", i) }} {
		ref, cand := pair(t, same)
		kept := map[string]tensor.Any{}
		for i, v := range []string{"data", "conv1/7x7_s2", "pool2/3x3_s2", "inception_3b/output", "inception_4e/output", "pool5/7x7_s1", "prob"} {
			x := cand.Trace.Values[v]
			if len(x.Dims()) == 4 {
				x = tensor.PermuteAny(x, 0, 2, 3, 1)
			}
			if v == "data" {
				kept[v] = x
			} else {
				kept[name(i, v)] = x
			}
		}
		cand.Graph, cand.Trace, cand.AnyLayout = &graph.Graph{Inputs: cand.Graph.Inputs}, &trace.Trace{Values: kept}, true
		r := compared(t, ref, cand, Options{})
		if r.Verdict != parity.Parity || r.Summary.Match != 7 || !slices.Equal(blamed(r.Findings), []string{"note recording.layout"}) {
			t.Errorf("%s: %+v with %v", r.Verdict, r.Summary, blamed(r.Findings))
		}
	}
}
