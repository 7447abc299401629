package caffe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/importers/caffe"
)

// TestStages checks that every layer in place gets a value of its own, and that later readers see the last.
func TestStages(t *testing.T) {
	g := lower(t, input+`layer { name: "s" type: "Sigmoid" bottom: "x" top: "c" }
layer { name: "r" type: "ReLU" bottom: "c" top: "c" }
layer { name: "scale" type: "Scale" bottom: "c" top: "c" }
layer { name: "d" type: "Dropout" bottom: "c" top: "c" }
layer { name: "p" type: "Softmax" bottom: "c" top: "p" }
layer { name: "q" type: "Concat" bottom: "c" bottom: "p" top: "q" }`)
	want := `input x [-1 3 8 9]
s: Sigmoid(x) -> c
r: ReLU(c) -> c@r
scale: Scale(c@r) axis=1 -> c@scale
d: Dropout(c@scale) ratio=0.5 -> c@d
p: Softmax(c@d) axis=1 -> p
q: Concat(c@d p) axis=1 -> q
outputs q
`
	if diff := cmp.Diff(want, outline(g)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string][]string{"c": {"c", "c@r", "c@scale", "c@d"}}, g.Stages); diff != "" {
		t.Error(diff)
	}
}

// TestOutputs checks that blobs which nothing reads are the outputs, the last stage of one written in place among them.
func TestOutputs(t *testing.T) {
	g := lower(t, input+`layer { name: "a" type: "ReLU" bottom: "x" top: "a" } layer { name: "b" type: "ReLU" bottom: "x" top: "b" }
layer { name: "in place" type: "ReLU" bottom: "b" top: "b" } layer { name: "loss" type: "EuclideanLoss" bottom: "a" bottom: "x" }
layer { name: "z" type: "Slice" bottom: "x" top: "z1" top: "z2" slice_param { axis: 2 } } layer { name: "quiet" type: "Silence" bottom: "z1" }`)
	if want := []string{"b@in place", "z2"}; !cmp.Equal(g.Outputs, want) {
		t.Errorf("got %q, want %q", g.Outputs, want)
	}
	if got := g.Node("loss").Outputs; !cmp.Equal(got, []string{"loss@automatic"}) {
		t.Errorf("got %q", got)
	}
	if want := []string{"the layer quiet (Silence) writes no blob and is left out"}; !cmp.Equal(g.Notes, want) {
		t.Errorf("got %q, want %q", g.Notes, want)
	}
}

// TestSplit checks that the tops of a Split are further names of one value.
func TestSplit(t *testing.T) {
	g := lower(t, input+`layer { name: "s" type: "Split" bottom: "x" top: "x_0" top: "x_1" }
layer { name: "r" type: "ReLU" bottom: "x_0" top: "r" } layer { name: "c" type: "Concat" bottom: "x_1" bottom: "r" top: "c" }`)
	if diff := cmp.Diff(map[string]string{"x_0": "x", "x_1": "x"}, g.Aliases); diff != "" {
		t.Error(diff)
	}
	if got, want := describe(g.Node("c")), "Concat(x r) axis=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNames checks that layers of one name, and layers without, get names of their own.
func TestNames(t *testing.T) {
	g := lower(t, input+`layer { name: "r" type: "ReLU" bottom: "x" top: "a" } layer { name: "r" type: "ReLU" bottom: "a" top: "b" }
layer { type: "ReLU" bottom: "b" top: "c" } layer { name: "r" type: "ReLU" bottom: "c" top: "c" }`)
	var got []string
	for _, n := range g.Nodes {
		got = append(got, n.Name+">"+n.Outputs[0])
	}
	if diff := cmp.Diff([]string{"r>a", "r#2>b", "c>c", "r#3>c@r#3"}, got); diff != "" || len(g.Notes) != 3 {
		t.Errorf("%s, notes %q", diff, g.Notes)
	}
}

func TestWiringErrors(t *testing.T) {
	for _, row := range []struct{ name, layers, want string }{
		{"unknown bottom", `layer { name: "r" type: "ReLU" bottom: "xx" top: "y" }`,
			`net.prototxt:2:1: layer "r" (ReLU): reads the blob "xx", which no layer before it writes; did you mean "x"?`},
		{"read before written", `layer { name: "r" type: "ReLU" bottom: "later" top: "y" } layer { name: "s" type: "ReLU" bottom: "x" top: "later" }`,
			`net.prototxt:2:1: layer "r" (ReLU): reads the blob "later", which no layer before it writes`},
		{"written twice", `layer { name: "r" type: "ReLU" bottom: "x" top: "y" } layer { name: "s" type: "ReLU" bottom: "x" top: "y" }`,
			`net.prototxt:2:55: layer "s" (ReLU): writes the blob "y", which a layer before it writes; give it a top of its own`},
		{"in place after another reader", `layer { name: "p" type: "Tile" bottom: "x" top: "p" tile_param { tiles: 2 } } layer { name: "r" type: "ReLU" bottom: "x" top: "x" }`,
			`net.prototxt:2:79: layer "r" (ReLU): overwrites the blob "x" in place, which "p" reads too; Caffe refuses this, give the layer a top of its own`},
		{"in place and beside itself", `layer { name: "e" type: "Eltwise" bottom: "x" bottom: "x" top: "y" top: "x" }`,
			`net.prototxt:2:1: layer "e" (Eltwise): overwrites the blob "x" in place, which "e" reads too; Caffe refuses this, give the layer a top of its own`},
		{"in place on a split", `layer { name: "s" type: "Split" bottom: "x" top: "a" top: "b" } layer { name: "r" type: "ReLU" bottom: "a" top: "a" }`,
			`net.prototxt:2:65: layer "r" (ReLU): overwrites "a" in place, which shares its memory with the other tops of a Split; give the layer a top of its own`},
		{"split over a blob", `layer { name: "s" type: "Split" bottom: "x" top: "x" }`,
			`net.prototxt:2:1: layer "s" (Split): writes the blob "x", which a layer before it writes; give it a top of its own`},
		{"split of nothing", `layer { name: "s" type: "Split" top: "a" }`, `net.prototxt:2:1: layer "s" (Split): has one bottom, found 0`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := refused(t, input+row.layers, nil); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// TestUnknownShapes checks that a network whose input is of unknown size is lowered as far as it can be.
func TestUnknownShapes(t *testing.T) {
	const rest = `layer { name: "c" type: "Convolution" bottom: "x" top: "c" convolution_param { num_output: 4 kernel_size: 3 stride: 2 } }
layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { kernel_size: 3 stride: 2 } }
layer { name: "m" type: "Softmax" bottom: "p" top: "m" softmax_param { axis: %s } }`
	images := `layer { name: "d" type: "ImageData" top: "x" } ` + strings.ReplaceAll(rest, "%s", "-3")
	if got, want := describe(lower(t, images).Node("m")), "Softmax(p) axis=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	anything := `layer { name: "d" type: "HDF5Data" top: "x" } `
	if got, want := describe(lower(t, anything+strings.ReplaceAll(rest, "%s", "1")).Node("m")), "Softmax(p) axis=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := refused(t, anything+strings.ReplaceAll(rest, "%s", "-3"), nil), "axis -3 counts from the end of a shape that is not known"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOrigin(t *testing.T) {
	g, err := caffe.Lower(parse(t, input+"\n  layer { name: \"r\" type: \"ReLU\" bottom: \"x\" top: \"y\" }"), nil, caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.Node("r").Origin.String(), "net.prototxt:3:3 (r)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := g.Framework, "caffe"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
