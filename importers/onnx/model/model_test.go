package model_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
	"parity/importers/onnx/model"
	. "parity/importers/onnx/onnxtest"
)

var small = Model{
	Opset: 13, Inputs: []Value{Input("x", -1, 3)}, Outputs: In("y"), Values: []Value{{Name: "h", Type: model.Double}},
	Weights: []Tensor{Floats("w", tensor.Shape{2, 1}, 0.5, -2), Scalar("s", -7)},
	Nodes: []Node{
		Op("h", "Relu", In("x", "", "w"), "i", -3, "f", float32(0.25), "text", "SAME", "list", []int{1, -2}, "floats", []float32{1, 2}, "t", Ints("", 4)),
		{Name: "last", Op: "Own", Domain: "own", Inputs: In("h"), Outputs: In("y", ""), Attrs: map[string]any{"g": Model{Nodes: []Node{Op("z", "Neg", In("h"))}}, "none": []int{}}},
	},
	Functions: []Function{{Name: "Own", Domain: "own", Inputs: In("a"), Outputs: In("z"), Nodes: []Node{Op("z", "Abs", In("a"), "from", From("g"))}}},
}

const smallText = `ir_version: 8 producer_name: "onnxtest"
opset_import { version: 13 }
graph {
  name: "net"
  node { input: "x" input: "" input: "w" output: "h" op_type: "Relu"
    attribute { name: "i" type: INT i: -3 }
    attribute { name: "f" type: FLOAT f: 0.25 }
    attribute { name: "text" type: STRING s: "SAME" }
    attribute { name: "list" type: INTS ints: [1, -2] }
    attribute { name: "floats" type: FLOATS floats: 1 floats: 2 }
    attribute { name: "t" type: TENSOR t { dims: 1 data_type: 7 raw_data: "\004\000\000\000\000\000\000\000" } }
  }
  node { name: "last" op_type: "Own" domain: "own" input: "h" output: "y" output: ""
    attribute { name: "g" type: GRAPH g { name: "net" node { input: "h" output: "z" op_type: "Neg" } output { name: "z" } } }
    attribute { name: "none" type: INTS }
  }
  initializer { dims: [2, 1] data_type: 1 name: "w" raw_data: "\000\000\000?\000\000\000\300" }
  initializer { data_type: 7 name: "s" raw_data: "\371\377\377\377\377\377\377\377" }
  input { name: "x" type { tensor_type { elem_type: 1 shape { dim { dim_param: "batch" } dim { dim_value: 3 } } } } }
  output { name: "y" }
  value_info { name: "h" type { tensor_type { elem_type: 11 } } }
}
functions { name: "Own" domain: "own" input: "a" output: "z" node { input: "a" output: "z" op_type: "Abs" attribute { name: "from" ref_attr_name: "g" } } }
`

func parseOK(t *testing.T, data []byte) *model.Model {
	t.Helper()
	m, err := model.Parse("net.onnx", data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBinaryAndTextAreOneModel(t *testing.T) {
	places := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Position" }, cmp.Ignore())
	hidden := cmp.AllowUnexported(model.Tensor{})
	binary, text := parseOK(t, small.Binary()), parseOK(t, []byte(smallText))
	if diff := cmp.Diff(binary, text, places, hidden); diff != "" {
		t.Error(diff)
	}
	if got, want := text.Graph.Nodes[1].Position, "13:3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if binary.IR != 8 || binary.Opset() != 13 || binary.Producer != "onnxtest" || !binary.Graph.Inputs[0].Shape.Equal(tensor.Shape{-1, 3}) || binary.Graph.Values[0].Shape != nil {
		t.Errorf("got version %d, operations %d by %s, input %v", binary.IR, binary.Opset(), binary.Producer, binary.Graph.Inputs[0].Shape)
	}
}

func TestAttributes(t *testing.T) {
	n := parseOK(t, small.Binary()).Graph.Nodes[0]
	if v, err := n.Int("i", 1); err != nil || v != -3 {
		t.Error(v, err)
	}
	if v, err := n.Float("f", 1); err != nil || v != 0.25 {
		t.Error(v, err)
	}
	if v, err := n.Text("text", ""); err != nil || v != "SAME" {
		t.Error(v, err)
	}
	if v, err := n.Ints("list"); err != nil || !cmp.Equal(v, []int{1, -2}) {
		t.Error(v, err)
	}
	if v, err := n.Ints("pads", 0, 0); err != nil || !cmp.Equal(v, []int{0, 0}) {
		t.Error(v, err)
	}
	if v, err := n.Bool("absent", true); err != nil || !v {
		t.Error(v, err)
	}
	if _, err := n.Int("text", 0); err == nil || !strings.Contains(err.Error(), `node "h" (Relu): the attribute text should be of kind "i", found "s"`) {
		t.Error(err)
	}
	for name, want := range map[string]string{"i": "-3", "f": "0.25", "text": "SAME", "list": "[1 -2]", "floats": "[1 2]", "t": "int64 1"} {
		if got := n.Attrs[name].String(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// An attribute that is zero may be left out of the file: its type says what it is.
func TestAttributesThatAreZero(t *testing.T) {
	for text, want := range map[string]string{
		`type: INT`: "i", `type: FLOAT`: "f", `type: INTS`: "ints", `i: 3`: "i", `type: 8 strings: "a"`: "strings", `ref_attr_name: "r" type: INT`: "i",
	} {
		m := parseOK(t, []byte(`graph { node { op_type: "A" attribute { name: "a" `+text+` } } }`))
		if got := m.Graph.Nodes[0].Attrs["a"].Field; got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestTensorsInEveryForm(t *testing.T) {
	for _, c := range []struct {
		text string
		want []float64
	}{
		{`dims: 2 data_type: FLOAT float_data: [1.5, -2]`, []float64{1.5, -2}},
		{`dims: 2 data_type: DOUBLE double_data: [0.1, 2]`, []float64{0.1, 2}},
		{`dims: 2 data_type: FLOAT16 int32_data: [15360, 49152]`, []float64{1, -2}},
		{`dims: 1 data_type: BFLOAT16 int32_data: 16256`, []float64{1}},
		{`dims: 2 data_type: INT8 int32_data: [-3, 4]`, []float64{-3, 4}},
		{`dims: 2 data_type: BOOL int32_data: [1, 0]`, []float64{1, 0}},
		{`data_type: INT64 int64_data: -9007199254740991`, []float64{-9007199254740991}},
		{`dims: 1 data_type: UINT64 uint64_data: 18446744073709551615`, []float64{1 << 64}},
		{`dims: [2, 0] data_type: FLOAT`, []float64{}},
		{`dims: 2 data_type: INT16 raw_data: "\001\000\377\377"`, []float64{1, -1}},
	} {
		m := parseOK(t, []byte("graph { initializer { name: 'w' "+c.text+" } }"))
		v, err := m.Graph.Initializers[0].Value()
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if got := tensor.As[float64](v).Data; !cmp.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.text, got, c.want)
		}
	}
	for text, want := range map[string]string{
		`dims: 2 data_type: FLOAT float_data: 1`:                      `tensor "w": float32 elements of shape 2 are 2, found 1`,
		`dims: 2 data_type: FLOAT raw_data: "\000"`:                   "float32 elements of shape 2 take 8 bytes, found 1",
		`dims: 1 data_type: STRING string_data: "a"`:                  "elements of type string are not numbers",
		`dims: 1 data_type: 77`:                                       "elements of type type 77 are not numbers",
		`dims: [2147483647, 2147483647, 2147483647] data_type: FLOAT`: "is not that of a tensor",
		`dims: 2147483647 data_type: FLOAT`:                           "elements of shape 2147483647 are 2147483647, found 0",
	} {
		m := parseOK(t, []byte("graph { initializer { name: 'w' "+text+" } }"))
		if _, err := m.Graph.Initializers[0].Value(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestOtherFilesAreRecognised(t *testing.T) {
	node := Bytes(Bytes(nil, 1, []byte("a")), 2, []byte("Relu"))
	for _, c := range []struct{ name, data, want string }{
		{"an empty file", "", "found an empty file"},
		{"Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS; fetch the file itself with git lfs pull"},
		{"a zip archive", "PK\x03\x04\x00", "a zip archive"},
		{"a pickle", "\x80\x02}q\x00", "a pickle of Python"},
		{"HDF5", "\x89HDF\r\n\x1a\n", "an HDF5 file"},
		{"NumPy", "\x93NUMPY\x01\x00", "a NumPy array"},
		{"TensorFlow Lite", "\x1c\x00\x00\x00TFL3\x00", "a TensorFlow Lite model"},
		{"ONNX Runtime", "\x1c\x00\x00\x00ORTM\x00", "ONNX Runtime's own format"},
		{"HTML", "<!DOCTYPE html>", "found text, in ONNX's text form or HTML"},
		{"JSON", `{"graph": 1}`, "found JSON"},
		{"any text", "hello", "found text"},
		{"a Caffe network", "name: 'graph' layer { }", `net.onnx:1:1: a ModelProto has no field "name"`},
		{"a GraphDef", string(Bytes(nil, 1, node)), "such as a TensorFlow GraphDef; give that as tf:PATH"},
		{"a SavedModel", string(Bytes(Varint(nil, 1, 1), 2, Bytes(nil, 2, Bytes(nil, 1, node)))), "a TensorFlow SavedModel, or a model without a graph"},
		{"a caffemodel", string(Bytes(Bytes(nil, 1, []byte("net")), 100, Bytes(nil, 1, []byte("conv1")))), "a Caffe network; give it as caffe:PATH"},
		{"a tensor", string(Ints("x", 1).Binary()), "a single tensor (TensorProto)"},
		{"a model without a graph", "ir_version: 8 producer_name: 'graph'", "found one without a graph"},
		{"a node without an op_type", "graph { node { name: 'a' } }", `net.onnx:1:9: node "a" (): a node needs an op_type`},
		{"a field that is none", "graph { node { name: 'a' colour: 3 } }", `net.onnx:1:26: a NodeProto has no field "colour"`},
		{"segments", "graph { initializer { name: 'w' segment { } } }", `tensor "w": it is stored in segments`},
		{"a negative extent", "graph { initializer { name: 'w' dims: -1 } }", "should have at most 254 dimensions of 0 to 2147483647 cells, found -1"},
		{"attributes of two kinds", "graph { node { op_type: 'A' attribute { name: 'a' type: INT f: 1 } } }", `the attribute a is declared to hold "i", found "f"`},
	} {
		if _, err := model.Parse("net.onnx", []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	for data, want := range map[string]string{string(small.Binary()): "expected a TensorProto, found an ONNX model", "": "expected a TensorProto, found an empty file"} {
		if _, err := model.ParseTensor("input_0.pb", []byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := model.Read(filepath.Join(t.TempDir(), "none.onnx")); !os.IsNotExist(err) {
		t.Error(err)
	}
}

// external writes a model whose one weight lies in another file, and returns the weight.
func external(t *testing.T, folder string, where map[string]string) *model.Tensor {
	t.Helper()
	path := filepath.Join(folder, "net.onnx")
	w := Tensor{Name: "w", DType: model.Float, Shape: tensor.Shape{2}, External: where}
	if err := os.WriteFile(path, Model{Weights: []Tensor{w}, Nodes: []Node{Op("y", "Relu", In("w"))}}.Binary(), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return m.Graph.Initializers[0]
}

func TestExternalData(t *testing.T) {
	top := t.TempDir()
	folder := filepath.Join(top, "model")
	if err := os.MkdirAll(filepath.Join(folder, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	numbers := Ramp("", 3).Raw
	for _, path := range []string{"secret.bin", "model/data.bin", "model/sub/data.bin"} {
		if err := os.WriteFile(filepath.Join(top, path), numbers, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret.bin", filepath.Join(folder, "link.bin")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		where map[string]string
		first float64 // 0 for an error
		want  string
	}{
		{map[string]string{"location": "data.bin"}, 1, ""},
		{map[string]string{"location": "data.bin", "offset": "4", "length": "8"}, 2, ""},
		{map[string]string{"location": "sub/data.bin", "offset": "4"}, 2, ""},
		{map[string]string{"location": "data.bin", "offset": "8"}, 0, `expected the 8 bytes of "w", found a file of 12 bytes: it is cut short`},
		{map[string]string{"location": "data.bin", "offset": "9223372036854775807"}, 0, "it is cut short"},
		{map[string]string{"location": "data.bin", "length": "4"}, 0, "float32 elements of shape 2 take 8 bytes, its external data have 4"},
		{map[string]string{"location": "none.bin"}, 0, "found no such file: put it beside the model"},
		{map[string]string{"location": "../secret.bin"}, 0, "which is no file in the model's folder"},
		{map[string]string{"location": "link.bin"}, 0, "which is no file in the model's folder"},
		{map[string]string{"location": filepath.Join(top, "secret.bin")}, 0, "which is no file in the model's folder"},
		{map[string]string{"location": "sub"}, 0, `expected its elements in "sub", which is no file`},
		{map[string]string{}, 0, "no file"},
	} {
		v, err := external(t, folder, c.where).Value()
		switch {
		case c.first == 0 && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%v: got %v, want %q", c.where, err, c.want)
		case c.first != 0 && err != nil:
			t.Errorf("%v: %v", c.where, err)
		case c.first != 0 && tensor.As[float64](v).Data[0] != c.first:
			t.Errorf("%v: got %v, want %v", c.where, v, c.first)
		}
	}
	m, err := model.Read(filepath.Join(folder, "net.onnx"))
	if err != nil || len(m.DataFiles()) != 1 {
		t.Errorf("got the files %v, %v", m.DataFiles(), err)
	}
	bad := Model{Weights: []Tensor{{Name: "w", External: map[string]string{"offset": "-1"}}}}
	if _, err := model.Parse("net.onnx", bad.Binary()); err == nil || !strings.Contains(err.Error(), `the offset of external data should be a number of bytes, found "-1"`) {
		t.Error(err)
	}
}

// A tensor that claims more than its external file holds costs no memory.
func TestExternalClaims(t *testing.T) {
	w := external(t, t.TempDir(), map[string]string{"location": "net.onnx"})
	w.Shape = tensor.Shape{1 << 30, 1 << 20}
	if _, err := w.Value(); err == nil || !strings.Contains(err.Error(), "it is cut short") {
		t.Error(err)
	}
}

// Every damage gives an error or some model, and no memory is taken for a length that is only claimed.
func TestDamagedModels(t *testing.T) {
	for _, data := range [][]byte{small.Binary(), []byte(smallText)} {
		for i := range data {
			try(data[:i])
			for bit := range 8 {
				broken := bytes.Clone(data)
				broken[i] ^= 1 << bit
				try(broken)
			}
		}
	}
	claimed := append([]byte{0x08, 0x08, 0x3a}, 0xff, 0xff, 0xff, 0xff, 0x0f) // a graph of 4 GB
	if _, err := model.Parse("net.onnx", claimed); err == nil || !strings.Contains(err.Error(), "net.onnx:offset 2") {
		t.Error(err)
	}
}

func try(data []byte) {
	if m, err := model.Parse("net.onnx", data); err == nil {
		for _, w := range m.Graph.Initializers {
			_, _ = w.Value()
		}
	}
	if w, err := model.ParseTensor("input_0.pb", data); err == nil {
		_, _ = w.Value()
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small.Binary())
	f.Add([]byte(smallText))
	f.Add(Ints("x", 1, 2).Binary())
	f.Fuzz(func(_ *testing.T, data []byte) { try(data) })
}
