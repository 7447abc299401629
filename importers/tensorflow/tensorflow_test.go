package tensorflow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

const (
	narrow = "../../fixtures/narrow_googlenet/"
	bvlc   = "../../fixtures/bvlc_googlenet/"
)

func load(t testing.TB, model, weights string) *graph.Graph {
	t.Helper()
	g, err := Load(model, weights)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func count(g *graph.Graph) map[string]int {
	m := map[string]int{}
	for _, n := range g.Nodes {
		m[n.Layer.Kind()]++
	}
	return m
}

// The network as its authors describe it: 57 convolutions and one fully connected layer, 9 modules, 13 pools and the last.
var googlenet = map[string]int{
	"Convolution": 57, "InnerProduct": 1, "ReLU": 57, "MaxPool": 13, "AveragePool": 1, "LRN": 2, "Concat": 9, "Reshape": 1, "Softmax": 1,
}

func TestGoogLeNet(t *testing.T) {
	for _, c := range []struct {
		model, weights string
		want           map[string]int
		size           int
		parameters     int
	}{
		{bvlc + "tf/graph.pb", bvlc + "tf/model.ckpt", googlenet, 224, 6998552},
		{bvlc + "tf-same/graph.pb", bvlc + "tf/model.ckpt.index", googlenet, 224, 6998552},
		{narrow + "tf/frozen.pb", "", googlenet, 96, 97742},
		{narrow + "tf-ckpt/graph.pb", narrow + "tf-ckpt/model.ckpt", googlenet, 96, 97742},
		{narrow + "tf-same/graph.pb", narrow + "tf-ckpt/model.ckpt.data-00001-of-00002", googlenet, 96, 97742},
	} {
		g := load(t, c.model, c.weights)
		if diff := cmp.Diff(c.want, count(g)); diff != "" {
			t.Errorf("%s: %s", c.model, diff)
		}
		if got := g.Inputs; len(got) != 1 || got[0].Name != "input" || !got[0].Shape.Equal(tensor.Shape{-1, 3, c.size, c.size}) {
			t.Errorf("%s: got the inputs %v", c.model, got)
		}
		if !cmp.Equal(g.Outputs, []string{"prob"}) || g.Framework != "tensorflow" {
			t.Errorf("%s: got the outputs %v of %s", c.model, g.Outputs, g.Framework)
		}
		shapes, err := g.Shapes(map[string]tensor.Shape{"input": {2, 3, c.size, c.size}})
		if err != nil {
			t.Error(err)
		}
		if got := shapes["pool1/MaxPool"]; got[2] != c.size/4 || got[3] != c.size/4 {
			t.Errorf("%s: got %v behind the first pool", c.model, got)
		}
		elements := 0
		for _, n := range g.Nodes {
			for _, p := range n.Params {
				elements += p.Value.Dims().Len()
			}
		}
		if elements != c.parameters {
			t.Errorf("%s: got %d parameters, want %d", c.model, elements, c.parameters)
		}
	}
}

// The frozen graph and the checkpoint hold the same weights, bit for bit, and so does the text form.
func TestFrozenEqualsCheckpoint(t *testing.T) {
	frozen, saved := load(t, narrow+"tf/frozen.pb", ""), load(t, narrow+"tf-ckpt/graph.pb", narrow+"tf-ckpt/model.ckpt")
	for i, n := range frozen.Nodes {
		other := saved.Nodes[i]
		if n.Name != other.Name || !cmp.Equal(n.Layer, other.Layer) || !cmp.Equal(n.Inputs, other.Inputs) {
			t.Fatalf("got %s %v and %s %v", n.Name, n.Layer, other.Name, other.Layer)
		}
		for j, p := range n.Params {
			if !cmp.Equal(p.Value.(*tensor.Tensor[float32]), other.Params[j].Value.(*tensor.Tensor[float32])) {
				t.Errorf("%s: the weights differ", n.Name)
			}
		}
	}
	if !cmp.Equal(frozen.Values, saved.Values) {
		t.Error("the layouts differ")
	}
}

// conv1 of the checkpoint by hand: the first weights of its first output channel, against the checkpoint's own order.
func TestWeightsAreTurned(t *testing.T) {
	c, err := OpenCheckpoint(narrow + "tf-ckpt/model.ckpt")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := c.Read("conv1/weights")
	if err != nil {
		t.Fatal(err)
	}
	want := tensor.PermuteAny(raw, 3, 2, 0, 1) // HWIO to OIHW
	got := load(t, narrow+"tf-ckpt/graph.pb", c.Prefix).Node("conv1/BiasAdd").Params[0]
	if got.Name != "conv1/weights" || !cmp.Equal(got.Value.(*tensor.Tensor[float32]), want.(*tensor.Tensor[float32])) {
		t.Errorf("%s is not the checkpoint's tensor turned to OIHW", got.Name)
	}
}

func TestLayersOfTheStem(t *testing.T) {
	g := load(t, bvlc+"tf/graph.pb", bvlc+"tf/model.ckpt")
	for name, want := range map[string]layer.Layer{
		"conv1/BiasAdd": layer.Convolution{Window: layer.Window{Kernel: [2]int{7, 7}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}, Padding: layer.Symmetric(3, 3)}, Outputs: 64, Groups: 1, Bias: true},
		"pool1/LRN":     layer.LRN{Size: 5, Alpha: float64(float32(2e-5)), Beta: 0.75, K: 1},
	} {
		if diff := cmp.Diff(want, g.Node(name).Layer); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	same := load(t, bvlc+"tf-same/graph.pb", bvlc+"tf/model.ckpt")
	if got, want := same.Node("conv1/BiasAdd").Notes, []string{"SAME pads top 2, left 2, bottom 3, right 3"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := g.Node("conv1/BiasAdd").Inputs, []string{"input"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := g.Values["logits/BiasAdd"].ToCommon; got != nil {
		t.Errorf("logits are stored as %v", got)
	}
	if got, want := g.Values["mixed_3a/concat"].ToCommon, []int{0, 3, 1, 2}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWithoutWeights(t *testing.T) {
	_, err := Load(narrow+"tf-ckpt/graph.pb", "")
	if want := "expected the values of 116 variables (conv1/weights, conv1/biases, conv2_reduce/weights, ...), found a graph without its weights: give the checkpoint's prefix"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	def, err := Read(narrow + "tf-ckpt/graph.pb")
	if err != nil {
		t.Fatal(err)
	}
	g, err := Lower(def, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(googlenet, count(g)); diff != "" || g.Node("conv1/BiasAdd").Params != nil {
		t.Errorf("%s, weights %v", diff, g.Node("conv1/BiasAdd").Params)
	}
}

func TestWeightsOfAnotherModel(t *testing.T) {
	_, err := Load(bvlc+"tf/graph.pb", narrow+"tf-ckpt/model.ckpt")
	if want := `node "conv1/weights" (VariableV2): the variable has the shape 7x7x3x64 in the graph and 7x7x3x8 in the checkpoint`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	g := load(t, narrow+"tf/frozen.pb", narrow+"tf-ckpt/model.ckpt")
	if len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "the checkpoint was not needed") {
		t.Errorf("got the notes %v", g.Notes)
	}
}

func TestMissingShard(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"model.ckpt.index", "model.ckpt.data-00000-of-00002"} {
		data, err := os.ReadFile(narrow + "tf-ckpt/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Load(narrow+"tf-ckpt/graph.pb", filepath.Join(folder, "model.ckpt"))
	if want := "model.ckpt.data-00001-of-00002: expected this shard of the checkpoint"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestIsCheckpointFile(t *testing.T) {
	for path, want := range map[string]bool{narrow + "tf-ckpt/model.ckpt.index": true, narrow + "tf-ckpt/graph.pb": false, narrow: false} {
		if got := IsCheckpointFile(path); got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.SetBytes(28 << 20)
	for b.Loop() {
		load(b, bvlc+"tf/graph.pb", bvlc+"tf/model.ckpt")
	}
}
