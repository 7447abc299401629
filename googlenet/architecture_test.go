package googlenet

import (
	"slices"
	"testing"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

func TestBuildHasThePublishedSize(t *testing.T) {
	g := Build(Config{})
	if err := g.Check(); err != nil {
		t.Fatal(err)
	}
	kinds, params := map[string]int{}, 0
	for _, n := range g.Nodes {
		kinds[n.Layer.Kind()]++
		for _, p := range n.Params {
			params += p.Value.Dims().Len()
		}
	}
	// The numbers of BVLC's model without its auxiliary heads.
	if params != 6_998_552 {
		t.Errorf("got %d parameters, want 6998552", params)
	}
	want := map[string]int{"Convolution": 57, "ReLU": 57, "MaxPool": 13, "AveragePool": 1, "LRN": 2, "Concat": 9,
		"Dropout": 1, "InnerProduct": 1, "Softmax": 1}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("got %d %s, want %d", kinds[kind], kind, n)
		}
	}
	if len(g.Nodes) != 142 {
		t.Errorf("got %d layers, want 142", len(g.Nodes))
	}
}

func TestBuildShapes(t *testing.T) {
	for _, c := range []struct {
		config Config
		input  tensor.Shape
		want   map[string]tensor.Shape
	}{
		{Config{}, tensor.Shape{2, 3, 224, 224}, map[string]tensor.Shape{
			"conv1/7x7_s2": {2, 64, 112, 112}, "pool1/3x3_s2": {2, 64, 56, 56}, "inception_3b/output": {2, 480, 28, 28},
			"inception_4e/output": {2, 832, 14, 14}, "inception_5b/output": {2, 1024, 7, 7}, "prob": {2, 1000},
		}},
		{Config{Classes: 20, Size: 96, Narrow: 8}, tensor.Shape{2, 3, 96, 96}, map[string]tensor.Shape{
			"conv1/7x7_s2": {2, 8, 48, 48}, "inception_5b/output": {2, 128, 3, 3}, "prob": {2, 20},
		}},
	} {
		shapes, err := Build(c.config).Shapes(map[string]tensor.Shape{"data": c.input})
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range c.want {
			if got := shapes[name]; !got.Equal(want) {
				t.Errorf("%s: got shape %v, want %v", name, got, want)
			}
		}
	}
}

func TestStagesNameInPlaceValues(t *testing.T) {
	g := Build(Config{Narrow: 8})
	if got := g.Stages["conv1/7x7_s2"]; !slices.Equal(got, []string{"conv1/7x7_s2", "conv1/7x7_s2@conv1/relu_7x7"}) {
		t.Errorf("stages of conv1/7x7_s2: %v", got)
	}
	pool := g.Node("pool1/3x3_s2")
	if pool.Inputs[0] != "conv1/7x7_s2@conv1/relu_7x7" {
		t.Errorf("pool1 reads %q, not the value after the ReLU", pool.Inputs[0])
	}
	if l := pool.Layer.(layer.MaxPool); !l.Ceil || l.Clip {
		t.Errorf("pool1 rounds as %+v, not as Caffe does without padding", l)
	}
}
