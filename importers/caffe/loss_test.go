package caffe_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parity/importers/caffe"
)

// scores are predictions of 4 classes for 2x3x5 places, their labels, pairs of vectors and their similarity.
const scores = `layer { name: "in" type: "Input" top: "x" top: "y" top: "t" top: "a" top: "b" top: "s" top: "h" input_param {
  shape { dim: 2 dim: 4 dim: 3 dim: 5 } shape { dim: 2 dim: 1 dim: 3 dim: 5 } shape { dim: 2 dim: 60 } shape { dim: 6 dim: 4 } shape { dim: 6 dim: 4 } shape { dim: 6 } shape { dim: 4 dim: 4 } } }
`

func TestLosses(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y"`, "l: SoftmaxCrossEntropy(x y) axis=1 divided by=counted terms -> l"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" softmax_param { axis: -3 } loss_param { ignore_label: 255 normalization: FULL }`,
			"l: SoftmaxCrossEntropy(x y) axis=1 divided by=all terms ignored label=255 -> l"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" loss_param { normalize: false }`, "l: SoftmaxCrossEntropy(x y) axis=1 divided by=batch -> l"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" loss_param { normalize: true }`, "l: SoftmaxCrossEntropy(x y) axis=1 divided by=counted terms -> l"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" loss_param { normalize: false normalization: NONE }`, "l: SoftmaxCrossEntropy(x y) axis=1 divided by=none -> l"},
		{`type: "SigmoidCrossEntropyLoss" bottom: "x" bottom: "t"`, "l: SigmoidCrossEntropy(x t) divided by=batch -> l"},
		{`type: "SigmoidCrossEntropyLoss" bottom: "x" bottom: "t" loss_param { normalize: true ignore_label: -1 }`,
			"l: SigmoidCrossEntropy(x t) divided by=counted terms ignored label=-1 -> l"},
		{`type: "EuclideanLoss" bottom: "x" bottom: "t"`, "l: EuclideanLoss(x t) -> l"},
		{`type: "HingeLoss" bottom: "a" bottom: "s"`, "l: HingeLoss(a s) -> l"},
		{`type: "HingeLoss" bottom: "a" bottom: "s" hinge_loss_param { norm: L2 }`, "l: HingeLoss(a s) terms=squared -> l"},
		{`type: "MultinomialLogisticLoss" bottom: "a" bottom: "s"`, "l: MultinomialLogisticLoss(a s) -> l"},
		{`type: "InfogainLoss" bottom: "x" bottom: "y" bottom: "h"`, "l: InfogainLoss(x y h) axis=1 divided by=counted terms -> l"},
		{`type: "InfogainLoss" bottom: "a" bottom: "s" bottom: "h" infogain_loss_param { axis: -1 } loss_param { normalization: BATCH_SIZE ignore_label: 3 }`,
			"l: InfogainLoss(a s h) axis=1 divided by=batch ignored label=3 -> l"},
		{`type: "ContrastiveLoss" bottom: "a" bottom: "b" bottom: "s"`, "l: ContrastiveLoss(a b s) margin=1 margin of=distance -> l"},
		{`type: "ContrastiveLoss" bottom: "a" bottom: "b" bottom: "s" contrastive_loss_param { margin: 0.3 legacy_version: true }`,
			"l: ContrastiveLoss(a b s) margin=0.3 margin of=squared distance -> l"},
		{`type: "Accuracy" bottom: "x" bottom: "y"`, "l: Accuracy(x y) axis=1 best=1 -> l"},
		{`type: "Accuracy" bottom: "a" bottom: "s" accuracy_param { top_k: 2 axis: -1 ignore_label: 0 }`, "l: Accuracy(a s) axis=1 best=2 ignored label=0 -> l"},
		{`type: "ArgMax" bottom: "x"`, "l: ArgMax(x) axis=all but the batch best=1 -> l"},
		{`type: "ArgMax" bottom: "x" argmax_param { axis: -2 top_k: 3 out_max_val: true }`, "l: ArgMax(x) axis=2 best=3 values=yes -> l"},
	} {
		g := lower(t, scores+`layer { name: "l" top: "l" `+row.layer+` }`)
		lines := strings.Split(outline(g), "\n")
		if got := lines[len(lines)-3]; got != row.want {
			t.Errorf("%s\ngot  %s\nwant %s", row.layer, got, row.want)
		}
	}
}

// A second top of probabilities is a layer of its own, through which no gradient passes.
func TestSecondTops(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" softmax_param { axis: 1 } loss_weight: 1 loss_weight: 0`,
			"l: SoftmaxCrossEntropy(x y) axis=1 divided by=counted terms -> l\nl/1: Softmax(x) axis=1 -> p\noutputs l p"},
		{`type: "InfogainLoss" bottom: "a" bottom: "s" bottom: "h" loss_weight: 1 loss_weight: 0`,
			"l: InfogainLoss(a s h) axis=1 divided by=counted terms -> l\nl/1: Softmax(a) axis=1 -> p\noutputs l p"},
		{`type: "Accuracy" bottom: "a" bottom: "s"`, "l: Accuracy(a s) axis=1 best=1 per class=yes -> l p\noutputs l p"},
	} {
		g := lower(t, scores+`layer { name: "l" top: "l" top: "p" `+row.layer+` }`)
		if got := outline(g); !strings.HasSuffix(got, row.want+"\n") {
			t.Errorf("got\n%s\nwant\n%s", got, row.want)
		}
		if n := g.Node("l/1"); n != nil && !slices.Equal(n.Stop, []bool{true}) {
			t.Errorf("the probabilities stop at %v", n.Stop)
		}
	}
}

func TestLossErrors(t *testing.T) {
	for _, row := range []struct{ layer, want string }{
		{`type: "SoftmaxWithLoss" bottom: "x" top: "l"`, "needs 2 bottom(s), found 1"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" top: "l" top: "p"`, "loss_weight must be stated once for each of the 2 tops, found 1"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "y" top: "l" loss_weight: 1 loss_weight: 2`, "loss_weight must be stated once for each of the 1 tops, found 2"},
		{`type: "SoftmaxWithLoss" bottom: "a" bottom: "s" top: "l" softmax_param { axis: 2 }`, "axis 2 is outside the 2 dimensions"},
		{`type: "SoftmaxWithLoss" bottom: "s" bottom: "s" top: "l"`, "axis 1 is outside the 1 dimensions"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "t" top: "l"`, "needs a label for each of the 30 rows"},
		{`type: "SoftmaxWithLoss" bottom: "x" bottom: "s" top: "l"`, "inputs of the same first dimension"},
		{`type: "InfogainLoss" bottom: "x" bottom: "y" top: "l"`, "needs the matrix as a third bottom, or the file of it as source"},
		{`type: "InfogainLoss" bottom: "x" bottom: "y" top: "l" infogain_loss_param { source: "no such file" }`, "no such file"},
		{`type: "InfogainLoss" bottom: "x" bottom: "y" top: "l" infogain_loss_param { source: "/dev/null" }`, "is not a file"},
		{`type: "InfogainLoss" bottom: "x" bottom: "y" bottom: "a" top: "l"`, "a row and a column for each of 4 classes, got 24 elements"},
		{`type: "InfogainLoss" bottom: "x" bottom: "y" bottom: "h" top: "l" loss_param { normalize: true }`, "state normalization"},
		{`type: "EuclideanLoss" bottom: "five" bottom: "five" top: "l"`, "takes at most 4 axes"},
		{`type: "MultinomialLogisticLoss" bottom: "a" bottom: "b" top: "l"`, `takes a bottom "b" whose [channels height width] are 1`},
		{`type: "ContrastiveLoss" bottom: "x" bottom: "x" bottom: "y" top: "l"`, `takes a bottom "x" whose [height width] are 1`},
		{`type: "ContrastiveLoss" bottom: "a" bottom: "b" bottom: "b" top: "l"`, `takes a bottom "b" whose [channels height width] are 1`},
		{`type: "Accuracy" bottom: "a" bottom: "s" top: "l" accuracy_param { top_k: 5 }`, "the best 5 of only 4 classes"},
		{`type: "ArgMax" bottom: "a" top: "l" argmax_param { top_k: 5 }`, "the best 5 of 4 numbers"},
		{`type: "ArgMax" bottom: "a" top: "l" argmax_param { top_k: 0 }`, "the best 0 of 4 numbers"},
		{`type: "ReLU" bottom: "a" top: "l" loss_weight: 1 loss_weight: 2`, "loss_weight must be stated once"},
		{`type: "ReLU" bottom: "a" top: "l" propagate_down: true propagate_down: true`, "propagate_down must be stated once for each of the 1 bottoms, found 2"},
	} {
		five := `layer { name: "in5" type: "Input" top: "five" input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 dim: 5 } } }`
		got := refused(t, scores+five+"\n"+`layer { name: "l" `+row.layer+` }`, nil)
		if !strings.Contains(got, row.want) || !strings.HasPrefix(got, "net.prototxt:4:") {
			t.Errorf("got\n%s\nwant\n%s", got, row.want)
		}
	}
}

func TestLossWeights(t *testing.T) {
	for _, row := range []struct {
		name, net string
		want      map[string]float64
	}{
		{"a loss", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" }`, map[string]float64{"l": 1}},
		{"stated", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" loss_weight: 0.1 }`, map[string]float64{"l": float64(float32(0.1))}},
		{"none", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" loss_weight: 0 }`, map[string]float64{}},
		{"anonymous", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" }`, map[string]float64{"l@automatic": 1}},
		{"any layer", `layer { name: "l" type: "ReLU" bottom: "a" top: "l" loss_weight: 2.5 }`, map[string]float64{"l": 2.5}},
		{"in place", `layer { name: "l" type: "ReLU" bottom: "a" top: "a" loss_weight: 2.5 }`, map[string]float64{"a@l": 2.5}},
		{"no loss", `layer { name: "l" type: "Accuracy" bottom: "a" bottom: "s" top: "l" }`, map[string]float64{}},
		{"split", `layer { name: "l" type: "Split" bottom: "a" top: "c" top: "d" loss_weight: 3 loss_weight: 0 }`, map[string]float64{"a": 3}},
		{"an input", `layer { name: "l" type: "Input" top: "z" loss_weight: 2 }`, map[string]float64{"z": 2}},
		{"overwritten", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" } layer { name: "m" type: "ReLU" bottom: "l" top: "m" loss_weight: 3 }`,
			map[string]float64{"m": 3}},
		{"read, to no end", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" } layer { name: "m" type: "ReLU" bottom: "l" top: "m" }`,
			map[string]float64{"l": 1}},
		{"read, and stated", `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" loss_weight: 1 } layer { name: "m" type: "ReLU" bottom: "l" top: "m" loss_weight: 3 }`,
			map[string]float64{"l": 1, "m": 3}},
		{"forced", `force_backward: true layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" } layer { name: "m" type: "ReLU" bottom: "l" top: "m" }`,
			map[string]float64{}},
	} {
		if got := lower(t, scores+row.net).LossWeights; !maps.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestPropagateDown(t *testing.T) {
	const both = `layer { name: "l" type: "EuclideanLoss" bottom: "a" bottom: "b" top: "l" propagate_down: `
	for _, row := range []struct {
		net  string
		want []bool
	}{
		{both + `true propagate_down: false }`, []bool{false, true}},
		{both + `false propagate_down: false }`, []bool{true, true}},
		{both + `true propagate_down: true }`, nil},
		{`force_backward: true ` + both + `true propagate_down: false }`, nil},
	} {
		if got := lower(t, scores+row.net).Node("l").Stop; !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.net, got, row.want)
		}
	}
	// Of several nodes the one that reads the bottom stops.
	g := lower(t, scores+`layer { name: "l" type: "InnerProduct" bottom: "x" top: "l" propagate_down: false inner_product_param { num_output: 7 axis: 2 } }`)
	if got := g.Node("l/0").Stop; !slices.Equal(got, []bool{true}) || g.Node("l").Stop != nil {
		t.Errorf("got %v and %v", got, g.Node("l").Stop)
	}
}

// TestInfogainSource reads the matrix from a file beside the network.
func TestInfogainSource(t *testing.T) {
	dir := t.TempDir()
	const net = scores + `layer { name: "l" type: "InfogainLoss" bottom: "a" bottom: "s" top: "l" infogain_loss_param { source: "h.binaryproto" } }`
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("net.prototxt", []byte(net))
	write("h.binaryproto", old(1, 1, 4, 4, count(16, 0.5)...))
	g, err := caffe.Load(filepath.Join(dir, "net.prototxt"), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := describe(g.Node("l")); !strings.HasSuffix(got, "gain=16 numbers") {
		t.Errorf("got %s", got)
	}
	write("h.binaryproto", old(1, 1, 4, 3, count(12, 0.5)...))
	if _, err = caffe.Load(filepath.Join(dir, "net.prototxt"), ""); err == nil || !strings.Contains(err.Error(), "got 12 elements") {
		t.Errorf("a matrix that is not square: got %v", err)
	}
	write("h.binaryproto", []byte{0xff})
	if _, err = caffe.Load(filepath.Join(dir, "net.prototxt"), ""); err == nil || !strings.Contains(err.Error(), "h.binaryproto:offset 0") {
		t.Errorf("a damaged matrix: got %v", err)
	}
}

// TestUnlabelledLoss checks that a caffemodel with a loss layer that lost its labels can still be looked at.
func TestUnlabelledLoss(t *testing.T) {
	model := message(nil).text(1, "net").sub(100, message(nil).text(1, "l").text(2, "SoftmaxWithLoss").text(3, "x").text(4, "l"))
	g, err := caffe.Lower(readBinary(t, model), nil, caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := g.Node("l"); describe(n) != "?SoftmaxWithLoss(x)" || !strings.Contains(strings.Join(n.Notes, "\n"), "has no labels") {
		t.Errorf("got %s, %q", describe(n), n.Notes)
	}
}
