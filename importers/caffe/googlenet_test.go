package caffe_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/fixtures/npz"
	"parity/googlenet"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
)

const (
	published = "../../fixtures/bvlc_googlenet/caffe/"
	narrow    = "../../fixtures/narrow_googlenet/caffe/"
)

func loadFile(t *testing.T, model, weights string) *graph.Graph {
	t.Helper()
	g, err := caffe.Load(model, weights)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGoogLeNet checks that the published files are the network of the table, layer by layer.
func TestGoogLeNet(t *testing.T) {
	sameNetwork(t, loadFile(t, published+"deploy.prototxt", published+"bvlc_googlenet.caffemodel"), googlenet.Build(googlenet.Config{}))
}

func TestNarrowGoogLeNet(t *testing.T) {
	g := loadFile(t, narrow+"deploy.prototxt", narrow+"narrow.caffemodel")
	prob := g.Node("loss3/classifier").Params[1].Value.Dims()
	size := g.Inputs[0].Shape[2]
	sameNetwork(t, g, googlenet.Build(googlenet.Config{Classes: prob[0], Size: size, Narrow: 8}))
}

func sameNetwork(t *testing.T, got, want *graph.Graph) {
	t.Helper()
	if diff := cmp.Diff(outline(want), outline(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Stages, got.Stages); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(params(want), params(got)); diff != "" {
		t.Error(diff)
	}
	in := map[string]tensor.Shape{"data": {2, 3, got.Inputs[0].Shape[2], got.Inputs[0].Shape[3]}}
	wantShapes, err := want.Shapes(in)
	if err != nil {
		t.Fatal(err)
	}
	gotShapes, err := got.Shapes(in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantShapes, gotShapes); diff != "" {
		t.Error(diff)
	}
}

// params lists the shape of every weight tensor.
func params(g *graph.Graph) map[string]string {
	out := map[string]string{}
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			out[p.Name] = p.Value.Dims().String()
		}
	}
	return out
}

// TestRecordedNames checks that the names of all recorded tensors are the graph's, stages included.
func TestRecordedNames(t *testing.T) {
	for _, dir := range []string{published, narrow} {
		g, err := caffe.Load(dir+"deploy.prototxt", map[string]string{published: published + "bvlc_googlenet.caffemodel", narrow: narrow + "narrow.caffemodel"}[dir])
		if err != nil {
			t.Fatal(err)
		}
		recorded, err := npz.Read(dir + "tensors.npz")
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, in := range g.Inputs {
			known[in.Name] = true
		}
		for _, n := range g.Nodes {
			known[n.Outputs[0]] = true
		}
		for _, name := range recorded.Names() {
			if !known[name] {
				t.Errorf("%s: the graph has no value %q", dir, name)
			}
		}
	}
}

// TestCaffemodelAsNetwork checks that the published caffemodel, a V1 file, holds the network too.
func TestCaffemodelAsNetwork(t *testing.T) {
	g := loadFile(t, published+"bvlc_googlenet.caffemodel", "")
	if got, want := len(g.Nodes), 142; got != want {
		t.Errorf("got %d layers, want %d", got, want)
	}
	want := param(loadFile(t, published+"deploy.prototxt", published+"bvlc_googlenet.caffemodel"), "inception_4c/5x5", 0)
	if diff := cmp.Diff(want, param(g, "inception_4c/5x5", 0)); diff != "" {
		t.Error(diff)
	}
}

// BenchmarkReadWeights reads the published 28 MB.
func BenchmarkReadWeights(b *testing.B) {
	for b.Loop() {
		if _, err := caffe.ReadWeights(published + "bvlc_googlenet.caffemodel"); err != nil {
			b.Fatal(err)
		}
	}
}
