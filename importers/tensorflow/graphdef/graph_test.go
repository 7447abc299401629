package graphdef

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

var small = tensorflowtest.Graph{
	tensorflowtest.Placeholder("x", -1, 5, 6, 3),
	tensorflowtest.Const("w", tensorflowtest.Ramp(2, 3, 3, 4)),
	tensorflowtest.Op("y", "Conv2D", tensorflowtest.In("x", "w:0", "^init"), "strides", []int{1, 2, 1, 1}, "padding", "SAME",
		"alpha", float32(0.25), "use_cudnn_on_gpu", true, "depth", -7, "_output_shapes", []tensor.Shape{{-1, 3, 6, 4}, nil}, "anything", tensor.Shape(nil)),
	tensorflowtest.Op("init", "NoOp", nil),
}

func parseOK(t *testing.T, data []byte) *Graph {
	t.Helper()
	g, err := Parse("net.pb", data)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestBinaryAndTextAreOneGraph(t *testing.T) {
	got, want := parseOK(t, small.Text()), parseOK(t, small.Binary())
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Node{}, "Position"), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestNodesHaveTheirPlaces(t *testing.T) {
	if got, want := parseOK(t, small.Text()).Nodes[1].Position, "7:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	data := small.Binary()
	for _, n := range parseOK(t, data).Nodes {
		var offset int
		if _, err := fmt.Sscanf(n.Position, "offset %d", &offset); err != nil {
			t.Fatal(err)
		}
		// A node begins with its name: the tag, the length, the text.
		if got := string(data[offset+2:][:len(n.Name)]); got != n.Name {
			t.Errorf("at %s there is %q, want %q", n.Position, got, n.Name)
		}
	}
}

func TestAttributes(t *testing.T) {
	n := parseOK(t, small.Binary()).Nodes[2]
	if got, err := n.Ints("strides"); err != nil || !cmp.Equal(got, []int{1, 2, 1, 1}) {
		t.Error(got, err)
	}
	if got, err := n.Ints("dilations", 1, 1); err != nil || !cmp.Equal(got, []int{1, 1}) {
		t.Error(got, err)
	}
	if got, err := n.Text("padding", "VALID"); err != nil || got != "SAME" {
		t.Error(got, err)
	}
	if got, err := n.Float("alpha", 1); err != nil || got != 0.25 {
		t.Error(got, err)
	}
	if got, err := n.Int("depth", 1); err != nil || got != -7 {
		t.Error(got, err)
	}
	if got, err := n.Bool("use_cudnn_on_gpu"); err != nil || !got {
		t.Error(got, err)
	}
	if got := n.Attrs["_output_shapes"].String(); got != "[?x3x6x4 unknown]" {
		t.Error(got)
	}
	if _, err := n.Int("padding", 0); err == nil || !strings.Contains(err.Error(), `node "y" (Conv2D): the attribute padding should be of kind "i", found "s"`) {
		t.Error(err)
	}
}

func TestOtherFilesAreRecognised(t *testing.T) {
	graph := small.Binary()
	meta := tensorflowtest.Bytes(tensorflowtest.Bytes(nil, 1, tensorflowtest.Bytes(nil, 5, []byte("2.21.0"))), 2, graph)
	saved := tensorflowtest.Bytes(tensorflowtest.Varint(nil, 1, 1), 2, meta)
	if g := parseOK(t, meta); len(g.Nodes) != len(small) || g.Within != "MetaGraphDef" {
		t.Errorf("from a MetaGraphDef: got %d nodes within %q", len(g.Nodes), g.Within)
	}
	text := "graph_def {\n" + string(small.Text()) + "}\n"
	if g := parseOK(t, []byte(text)); len(g.Nodes) != len(small) {
		t.Errorf("from a MetaGraphDef in text: got %d nodes", len(g.Nodes))
	}
	for _, c := range []struct{ name, want string }{
		{string(saved), "found a SavedModel"},
		{"saved_model_schema_version: 1", "found a SavedModel"},
		{"layer { name: 'conv1' }", "found a Caffe network; give it as caffe:net.pb"},
		{"", "found an empty file"},
		{"versions { producer: 3 }", "found one without nodes"},
		{"node { name: 'a' op: 'b' colour: 3 }", `net.pb:1:26: a NodeDef has no field "colour"`},
		{"node { name: 'a' }", "a node needs a name and an op"},
		{"node { name: 'a' op: 'Const' attr { key: 'dtype' value { type: DT_FLOTA } } }", "DT_FLOTA is no value of type"},
		{"node: 3", "node should hold a message"},
	} {
		if _, err := Parse("net.pb", []byte(c.name)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got %v, want %q", c.name, err, c.want)
		}
	}
	index := filepath.Join("../../../fixtures/narrow_googlenet/tf-ckpt/model.ckpt.index")
	if _, err := Read(index); err == nil || !strings.Contains(err.Error(), "found the index of a checkpoint") {
		t.Error(err)
	}
}

func TestTensorsInEveryForm(t *testing.T) {
	for _, c := range []struct {
		text string
		want []float64
	}{
		{"dtype: DT_FLOAT tensor_shape { dim { size: 3 } } float_val: 1.5 float_val: -2", []float64{1.5, -2, -2}},
		{"dtype: DT_DOUBLE tensor_shape { dim { size: 2 } } double_val: 0.1", []float64{0.1, 0.1}},
		{"dtype: DT_HALF tensor_shape { dim { size: 2 } } half_val: [15360, 49152]", []float64{1, -2}},
		{"dtype: DT_BFLOAT16 tensor_shape { dim { size: 2 } } half_val: 16256", []float64{1, 1}},
		{"dtype: DT_INT32 tensor_shape { dim { size: 2 } } int_val: [-3, 4]", []float64{-3, 4}},
		{"dtype: DT_INT64 tensor_shape { } int64_val: -9007199254740991", []float64{-9007199254740991}},
		{"dtype: DT_BOOL tensor_shape { dim { size: 2 } } bool_val: [true, false]", []float64{1, 0}},
		{"dtype: DT_FLOAT tensor_shape { dim { size: 2 } }", []float64{0, 0}},
		{`dtype: DT_INT8 tensor_shape { dim { size: 2 } } tensor_content: "\001\377"`, []float64{1, -1}},
	} {
		g := parseOK(t, []byte("node { name: 'c' op: 'Const' attr { key: 'value' value { tensor { "+c.text+" } } } }"))
		p, err := g.Nodes[0].Tensor("value")
		if err != nil {
			t.Fatal(err)
		}
		v, err := p.Value()
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if got := tensor.As[float64](v).Data; !cmp.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.text, got, c.want)
		}
	}
}

// Every damage gives an error or some graph, and no memory is taken for a length that is only claimed.
func TestDamagedGraphs(t *testing.T) {
	for _, data := range [][]byte{small.Binary(), small.Text()} {
		for n := range len(data) {
			_, _ = Parse("net.pb", data[:n])
		}
		for i := range data {
			for bit := range 8 {
				broken := bytes.Clone(data)
				broken[i] ^= 1 << bit
				_, _ = Parse("net.pb", broken)
			}
		}
	}
	claimed := append([]byte{0x0a}, 0xff, 0xff, 0xff, 0xff, 0x0f) // a node of 4 GB
	if _, err := Parse("net.pb", claimed); err == nil || !strings.Contains(err.Error(), "net.pb:offset 0") {
		t.Error(err)
	}
}

func TestClaimedElements(t *testing.T) {
	huge := tensorproto.Tensor{DType: tensorproto.Float, Shape: tensor.Shape{math.MaxInt32}, Floats: []float32{1}}
	if _, err := huge.Value(); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
	huge.Shape = tensor.Shape{math.MaxInt32, math.MaxInt32, math.MaxInt32}
	if _, err := huge.Value(); err == nil {
		t.Error("want an error for a shape beyond measure")
	}
	huge.Content = make([]byte, 8)
	if _, err := huge.Value(); err == nil {
		t.Error("want an error for content that does not fill the shape")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small.Binary())
	f.Add(small.Text())
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = Parse("net.pb", data) })
}

func TestReadMissing(t *testing.T) {
	if _, err := Read(filepath.Join(t.TempDir(), "none.pb")); !os.IsNotExist(err) {
		t.Error(err)
	}
}
