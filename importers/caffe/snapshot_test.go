package caffe_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/step"
	"parity/importers/caffe"
)

// recorded is a run of real Caffe after five iterations; testdata/solver/make.py says which.
const recorded = "testdata/solver/"

func recordedRun(t *testing.T) (*caffe.Net, *graph.Graph) {
	t.Helper()
	s, err := caffe.ReadSolver(recorded + "solver.prototxt")
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.TrainNet()
	if err != nil {
		t.Fatal(err)
	}
	return n, lowerWith(t, n, recorded+"snap_iter_5.caffemodel")
}

func lowerWith(t *testing.T, n *caffe.Net, weights string) *graph.Graph {
	t.Helper()
	w, err := caffe.ReadNet(weights)
	if err != nil {
		t.Fatal(err)
	}
	g, err := caffe.Lower(n, w, caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEncodeModel writes the very bytes that Caffe wrote of the same network.
func TestEncodeModel(t *testing.T) {
	n, g := recordedRun(t)
	got, err := caffe.EncodeModel(n, g, caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, readFile(t, recorded+"snap_iter_5.caffemodel")) {
		t.Error("the caffemodel differs from Caffe's")
	}
	if _, err := caffe.EncodeModel(parse(t, product), g, caffe.Options{}); err == nil || !strings.Contains(err.Error(), `the graph "tiny" was not made from this network`) {
		t.Errorf("another network: got %v", err)
	}
}

// TestEncodeOldModel writes networks of the older formats in the present one, with every kind of field and weights in the
// file's layout.
func TestEncodeOldModel(t *testing.T) {
	for _, text := range []string{
		`name: "v1" input: "x" input_dim: 2 input_dim: 3 input_dim: 1 input_dim: 1
layers { name: "f" type: INNER_PRODUCT bottom: "x" top: "f" blobs_lr: 0.5 weight_decay: 0 inner_product_param { num_output: 2 bias_term: false transpose: true } }`,
		`name: "v0" input: "x" input_dim: 2 input_dim: 3 input_dim: 1 input_dim: 1
layers { layer { name: "f" type: "innerproduct" num_output: 2 biasterm: false } bottom: "x" top: "f" }`,
	} {
		n := parse(t, text)
		dims := []int{2, 3}
		if n.Name == "v1" {
			dims = []int{3, 2}
		}
		g, err := caffe.Lower(n, readBinary(t, weights("f", blob(dims, 1, 2, 3, 4, 5, 6))), caffe.Options{})
		if err != nil {
			t.Fatal(err)
		}
		data, err := caffe.EncodeModel(n, g, caffe.Options{})
		if err != nil {
			t.Fatal(err)
		}
		again := readBinary(t, data)
		back, err := caffe.Lower(again, again, caffe.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := outline(back), outline(g); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		w := again.Weights()
		if len(w) != 1 || !slices.Equal([]int(w[0].Shape), dims) || !slices.Equal(w[0].Value.(*tensor.Tensor[float32]).Data, []float32{1, 2, 3, 4, 5, 6}) {
			t.Errorf("%s: got weights %v", n.Name, w[0].Blob)
		}
		if f := again.Layers[1]; n.Name == "v1" && (f.Params[0].LR != 0.5 || f.Params[0].Decay != 0) {
			t.Errorf("got %+v", f.Params)
		}
	}
}

// TestModelKeepsEverything replaces weights in a file with fields that Caffe does not know, fields out of order, and
// blobs in the older forms.
func TestModelKeepsEverything(t *testing.T) {
	file := func(data ...float32) message {
		packed := message(nil).int(4, 2).int(3, 1).int(77, 5).floats(5, data[:2]...).int(1, 1).int(2, 1)
		double := message(nil).doubles(8, float64(data[2]), 1.0/3).sub(7, shape(2, 1)).text(99, "mine")
		l := message(nil).text(2, "InnerProduct").text(500, "fork").text(1, "f").sub(7, packed).sub(7, double).text(3, "x")
		other := message(nil).text(1, "g").sub(7, blob([]int{1}, 9))
		return message(nil).text(1000, "before").sub(100, l).text(1, "net").sub(100, other)
	}
	before := file(1, 2, 3)
	m, err := caffe.ParseModel("w.caffemodel", before)
	if err != nil {
		t.Fatal(err)
	}
	g := &graph.Graph{Nodes: []*graph.Node{{Name: "f", Params: []*graph.Param{
		{Value: tensor.From([]float32{1, 2}, 1, 2)}, {Value: tensor.From([]float32{3, float32(1.0 / 3)}, 2)},
	}}}}
	take := func() []byte {
		if err := m.Take(g); err != nil {
			t.Fatal(err)
		}
		return m.Bytes()
	}
	if !bytes.Equal(take(), before) {
		t.Error("the same weights changed the file")
	}
	g.Nodes[0].Params[0].Value, g.Nodes[0].Params[1].Value = tensor.From([]float32{7, 2}, 1, 2), tensor.From([]float64{8, 1.0 / 3}, 2)
	if !bytes.Equal(take(), file(7, 2, 8)) {
		t.Error("other weights changed more than their own bytes")
	}
	g.Nodes[0].Params[0].Value, g.Nodes[0].Params[1].Value = tensor.From([]float32{1, 2}, 1, 2), tensor.From([]float32{3, float32(1.0 / 3)}, 2)
	if !bytes.Equal(take(), before) {
		t.Error("the old weights did not bring the file back")
	}
	g.Nodes[0].Params[0].Value = tensor.From([]float32{float32(math.Copysign(0, -1)), 2, 3}, 3)
	if err := m.Take(g); err == nil || !strings.Contains(err.Error(), "f[0]: the graph has shape 3, the file 1x1x1x2") {
		t.Errorf("got %v", err)
	}
}

// TestModelTakesWhatWasTrained does so even where the graph was made of the same file.
func TestModelTakesWhatWasTrained(t *testing.T) {
	m, err := caffe.ReadModel(recorded + "snap_iter_5.caffemodel")
	if err != nil {
		t.Fatal(err)
	}
	g, err := caffe.Lower(m.Net, m.Net, caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g.Node("ip").Params[1].Value.(*tensor.Tensor[float32]).Data[2] = 42
	if err := m.Take(g); err != nil {
		t.Fatal(err)
	}
	changed := readBinary(t, m.Bytes())
	if got := changed.Weights()[5].Value.(*tensor.Tensor[float32]).Data[2]; got != 42 {
		t.Errorf("got %g", got)
	}
}

// TestSolverState reads a recorded state, in both formats, resumes from it and writes the same bytes.
func TestSolverState(t *testing.T) {
	_, g := recordedRun(t)
	learned := step.Learned(g)
	var states []*optim.State[float32]
	for _, name := range []string{"snap_iter_5.solverstate", "state.solverstate.h5"} {
		s, err := caffe.ReadSolverState(recorded + name)
		if err != nil {
			t.Fatal(err)
		}
		if s.Iteration != 5 || s.CurrentStep != 0 || !strings.HasSuffix(s.LearnedNet, "/adam_wd/snap_iter_5.caffemodel") || len(s.History) != 12 {
			t.Errorf("%s: got %d, %d, %s and %d blobs", name, s.Iteration, s.CurrentStep, s.LearnedNet, len(s.History))
		}
		if model, err := s.Model(); err != nil || model != filepath.Clean(recorded+"snap_iter_5.caffemodel") {
			t.Errorf("%s: got %s, %v", name, model, err)
		}
		state, err := caffe.StateFrom[float32](s, learned)
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, state)
		if got := caffe.SolverStateFrom(state, learned, s.LearnedNet).Encode(); !bytes.Equal(got, readFile(t, recorded+"snap_iter_5.solverstate")) {
			t.Errorf("%s: what is written differs from Caffe's", name)
		}
	}
	for i, h := range states[0].Histories {
		if !slices.Equal(h.Data, states[1].Histories[i].Data) || !h.Shape.Equal(learned[i%6].Value.Dims()) {
			t.Errorf("history %d differs", i)
		}
	}
	s, err := caffe.ReadSolverState(recorded + "snap_iter_5.solverstate")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := caffe.StateFrom[float32](s, learned[:5]); err == nil || !strings.Contains(err.Error(), "history blobs for each of 5 parameters, found 12") {
		t.Errorf("got %v", err)
	}
	slices.Reverse(learned)
	if _, err := caffe.StateFrom[float32](s, learned); err == nil || !strings.Contains(err.Error(), "expected the history of ip[1], of shape 4, found 4x2x3x3") {
		t.Errorf("got %v", err)
	}
}

// TestTransposedHistory keeps histories in the file's layout.
func TestTransposedHistory(t *testing.T) {
	p := []*graph.Param{{Name: "w", Value: tensor.New[float64](2, 3), Stored: graph.Stored{ToCommon: []int{1, 0}}}}
	s := &caffe.SolverState{History: []*caffe.Blob{{Shape: tensor.Shape{3, 2}, Value: tensor.From([]float64{1, 2, 3, 4, 5, 6}, 3, 2)}}}
	state, err := caffe.StateFrom[float64](s, p)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := state.Histories[0].Data, []float64{1, 3, 5, 2, 4, 6}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	back := caffe.SolverStateFrom(state, p, "").History[0]
	if !back.Shape.Equal(tensor.Shape{3, 2}) || !slices.Equal(back.Value.(*tensor.Tensor[float64]).Data, []float64{1, 2, 3, 4, 5, 6}) {
		t.Errorf("got %v %v", back.Shape, back.Value)
	}
}

func TestSolverStateDamage(t *testing.T) {
	data := readFile(t, recorded+"snap_iter_5.solverstate")
	for i := range data {
		caffe.ParseSolverState("s", data[:i])
	}
	for i := 0; i < len(data)*8; i += 3 {
		broken := slices.Clone(data)
		broken[i/8] ^= 1 << (i % 8)
		caffe.ParseSolverState("s", broken)
	}
	for what, data := range map[string][]byte{"a caffemodel": readFile(t, recorded+"snap_iter_5.caffemodel"), "text": []byte("iter: 5"), "nothing": nil} {
		if _, err := caffe.ParseSolverState("s", data); err == nil {
			t.Errorf("%s is accepted", what)
		}
	}
}

func TestMean(t *testing.T) {
	image := tensor.From(count(12, 1), 2, 2, 3)
	for what, data := range map[string][]byte{
		"written":     caffe.EncodeMean(image),
		"old":         old(1, 2, 2, 3, image.Data...),
		"three axes":  blob([]int{2, 2, 3}, image.Data...),
		"out of turn": message(nil).floats(5, image.Data...).sub(7, shape(1, 2, 2, 3)),
	} {
		b, err := caffe.ParseMean("mean.binaryproto", data)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if n := len(b.Shape); !b.Shape[n-3:].Equal(image.Shape) || !slices.Equal(b.Value.(*tensor.Tensor[float32]).Data, image.Data) {
			t.Errorf("%s: got %v", what, b)
		}
	}
	for what, data := range map[string]message{"batch": blob([]int{2, 1, 2, 3}, image.Data...), "vector": blob([]int{12}, image.Data...), "network": weights("f", blob([]int{1}, 1))} {
		if b, err := caffe.ParseMean("mean.binaryproto", data); err == nil {
			t.Errorf("%s: accepted as %v", what, b.Shape)
		}
	}
	path := write(t, "mean.binaryproto", caffe.EncodeMean(image))
	if _, err := caffe.ReadMean(path); err != nil {
		t.Error(err)
	}
}
