package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// version is the narrow network with other weights and an image, changed.
func version(t *testing.T, change func(g *graph.Graph)) (ref, cand Side) {
	t.Helper()
	g, images := googlenettest.Narrow(1)
	ref = native(t, g, images)
	other, _ := googlenettest.Narrow(2)
	change(other)
	one := tensor.New[float32](1, 3, 64, 64)
	copy(one.Data, images.Data[5:])
	return ref, native(t, other, one)
}

// remove takes a node out of a graph.
func remove(g *graph.Graph, name string) {
	gone := g.Node(name)
	for _, n := range g.Nodes {
		if i := slices.Index(n.Inputs, gone.Outputs[0]); i >= 0 {
			n.Inputs = slices.Clone(n.Inputs)
			n.Inputs[i] = gone.Inputs[0]
		}
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool { return n == gone })
}

// blamed lists what findings say, as "severity layer cause".
func blamed(findings []parity.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s", f.Severity, f.Layer, f.Cause)), " "))
	}
	return list
}

// What is compared of two versions of a network that were trained separately is what the layers do.
func TestAnotherVersionWithOtherWeights(t *testing.T) {
	ref, cand := version(t, func(g *graph.Graph) {
		setLayer("conv1/7x7_s2", func(l *layer.Convolution) { l.Padding = layer.Padding{Mode: layer.SameUpper} })(g, nil)
		setLayer("pool4/3x3_s2", func(l *layer.MaxPool) { l.Kernel = [2]int{2, 2} })(g, nil)
		setLayer("inception_4b/relu_3x3", func(l *layer.ReLU) { l.Slope = float64(float32(0.1)) })(g, nil)
		remove(g, "pool1/norm1")
		join := g.Node("inception_5a/output")
		join.Inputs = []string{join.Inputs[1], join.Inputs[0], join.Inputs[2], join.Inputs[3]}
	})
	r := compared(t, ref, cand, Options{})
	want := []string{
		"error pool1/norm1 structure.missing-layer",
		"error conv1/7x7_s2 weights.different",
		"error conv1/7x7_s2 conv.padding",
		"error inception_4b/relu_3x3 act.slope",
		"error pool4/3x3_s2 pool.window",
		"error inception_5a/output concat.order",
	}
	if diff := cmp.Diff(want, blamed(r.Findings)); diff != "" {
		t.Error(diff)
	}
	if r.Verdict != parity.Diverged || r.Summary.Introduced != 4 || r.Summary.Missing != 1 || r.Summary.Match != 0 {
		t.Errorf("got %s with %+v", r.Verdict, r.Summary)
	}
	if w := r.Structure.Weights; !w.Replaced || w.Unrelated != 58 || w.Related != 0 || len(r.Findings[1].Layers) != 58 {
		t.Errorf("weights %+v, %d layers", w, len(r.Findings[1].Layers))
	}
	for name, want := range map[string]parity.Verdict{
		"data": parity.Incomparable, "conv2/3x3": parity.Incomparable, "conv2/relu_3x3": parity.Inherited, "conv2/norm2": parity.Inherited,
		"inception_3a/output": parity.Inherited, "pool5/drop_7x7_s1": parity.Inherited, "prob": parity.Inherited,
	} {
		if got := rowOf(t, r, name).Verdict; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestTheSameNetworkWithOtherWeights(t *testing.T) {
	ref, cand := version(t, same)
	r := compared(t, ref, cand, Options{})
	if r.Verdict != parity.Diverged || r.Structure.Verdict != parity.SameStructure || !slices.Equal(blamed(r.Findings), []string{"error conv1/7x7_s2 weights.different"}) {
		t.Errorf("got %s, %s with %v", r.Verdict, r.Structure.Verdict, blamed(r.Findings))
	}
	if !strings.Contains(r.Findings[0].Explanation, "in 141 of 141") {
		t.Errorf("says %q", r.Findings[0].Explanation)
	}
}

// Another size of the output is another padding or rounding where the windows agree.
func TestOutputsOfAnotherSize(t *testing.T) {
	ref, _ := version(t, same)
	g, _ := googlenettest.Narrow(2)
	setLayer("pool1/3x3_s2", func(l *layer.MaxPool) { l.Ceil = false })(g, nil)
	image := tensor.New[float32](1, 3, 96, 96)
	for i := range image.Data {
		image.Data[i] = float32(i%251) - 120
	}
	cand := native(t, g, image)
	r := compared(t, ref, cand, Options{})
	if got := blamed(r.Findings); !slices.Contains(got, "error pool1/3x3_s2 pool.rounding") || len(got) != 2 {
		t.Errorf("findings %v", got)
	}
}

// A recording that is not what its own graph computes does not pass because the weights are others.
func TestNaNWithOtherWeights(t *testing.T) {
	for _, value := range []string{"conv2/3x3", "inception_4b/output", "prob"} {
		ref, cand := version(t, same)
		*element(cand, value) = float32(math.NaN())
		r := compared(t, ref, cand, Options{})
		if !slices.Contains(blamed(r.Findings), fmt.Sprintf("error %s numerics.nonfinite", value)) || rowOf(t, r, value).Verdict != parity.Introduced {
			t.Errorf("%s: %v, %s", value, blamed(r.Findings), rowOf(t, r, value).Verdict)
		}
	}
}

func TestNetworksWithLittleInCommon(t *testing.T) {
	g, images := googlenettest.Narrow(1)
	other, photo := zoo()
	r := compared(t, native(t, g, images), native(t, other, photo), Options{})
	if r.Verdict != parity.Diverged || r.ExitCode() != 1 || r.Summary.Missing != 143 || !slices.Equal(blamed(r.Findings), []string{"error structure.network"}) {
		t.Errorf("got %s with %+v and %v", r.Verdict, r.Summary, blamed(r.Findings))
	}
}

// Faults of a few layers, and equal ports however they are written, are not taken for another training.
func TestFaultsAreNotAnotherTraining(t *testing.T) {
	for name, change := range map[string]func(g *graph.Graph){
		"two layers drawn anew": func(g *graph.Graph) {
			other, _ := googlenettest.Narrow(2)
			for _, layer := range []string{"conv1/7x7_s2", "inception_4a/3x3"} {
				g.Node(layer).Params = other.Node(layer).Params
			}
		},
		"every kernel turned": func(g *graph.Graph) {
			for _, n := range g.Nodes {
				if len(n.Params) > 0 {
					slices.Reverse(n.Params[0].Value.(*tensor.Tensor[float32]).Data)
				}
			}
		},
	} {
		ref, cand := pair(t, change)
		r := compared(t, ref, cand, Options{})
		if r.Structure.Weights.Replaced || r.Structure.Verdict != parity.SameStructure {
			t.Errorf("%s: %+v, %s", name, r.Structure.Weights, r.Structure.Verdict)
		}
	}
}

func TestRelatedWeights(t *testing.T) {
	const outputs, inputs, cells = 24, 5, 9
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() *tensor.Tensor[float32] {
		w := tensor.New[float32](outputs, inputs, 3, 3)
		for i := range w.Data {
			w.Data[i] = float32(r.NormFloat64())
		}
		return w
	}
	w := draw()
	changed := func(change func(i int, v float32) float32) *tensor.Tensor[float32] {
		c := w.Clone()
		for i, v := range w.Data {
			c.Data[i] = change(i, v)
		}
		return c
	}
	at := func(from func(o, i, k int) (int, int, int)) *tensor.Tensor[float32] {
		return changed(func(n int, _ float32) float32 {
			o, i, k := from(n/inputs/cells, n/cells%inputs, n%cells)
			return w.Data[(o*inputs+i)*cells+k]
		})
	}
	for name, v := range map[string]*tensor.Tensor[float32]{
		"equal":           w,
		"trained further": changed(func(_ int, v float32) float32 { return v + 0.5*float32(r.NormFloat64()) }),
		"half precision":  changed(func(_ int, v float32) float32 { return float32(math.Round(float64(v)*1024) / 1024) }),
		"folded":          changed(func(i int, v float32) float32 { return v * float32(i/inputs/cells-7) }),
		"turned":          at(func(o, i, k int) (int, int, int) { return o, i, cells - 1 - k }),
		"permuted inputs": at(func(o, i, k int) (int, int, int) { return o, inputs - 1 - i, k }),
		"permuted both":   at(func(o, i, k int) (int, int, int) { return (o*5 + 3) % outputs, (i*2 + 1) % inputs, k }),
		"another layout":  tensor.Permute(w, 2, 3, 1, 0).Reshaped(w.Shape...),
		"permuted and folded": changed(func(n int, _ float32) float32 {
			return w.Data[(n/inputs/cells*inputs+inputs-1-n/cells%inputs)*cells+n%cells] * float32(n/inputs/cells+1)
		}),
	} {
		if !related(w, v) {
			t.Errorf("%s: not related", name)
		}
	}
	for range 200 {
		if related(w, draw()) {
			t.Error("two draws are related")
		}
	}
}
