package caffe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/piece"
)

// Text that is written is read as the same network, for every recorded layer.
func TestTextIsReadAsTheSameNetwork(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/caffe_cases/layers/*/net.prototxt")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		want, err := ReadNet(file)
		if err != nil {
			continue // some are there to be refused
		}
		got, err := ParseText(file, []byte(want.text()))
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, want.text())
			continue
		}
		if d := cmp.Diff(layerFields(want), layerFields(got)); d != "" {
			t.Errorf("%s:\n%s", file, d)
		}
	}
}

// layerFields are the settings of every layer without their places in the file.
func layerFields(n *Net) []any {
	var list []any
	for _, l := range n.Layers {
		list = append(list, fieldsOf(l.message()))
	}
	return list
}

func fieldsOf(m *Message) []any {
	var list []any
	for _, f := range m.Fields {
		if sub, ok := f.Value.(*Message); ok {
			list = append(list, f.Name, fieldsOf(sub))
		} else {
			list = append(list, f.Name, f.Value)
		}
	}
	return list
}

func TestStringsAreQuoted(t *testing.T) {
	net := "name: \"a \\\"b\\\" \\\\ \\303\\251\\n\"\nlayer { name: \"x\" type: \"Input\" top: \"data\" input_param { shape { dim: 2 } } }\n"
	n, err := ParseText("net.prototxt", []byte(net))
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseText("net.prototxt", []byte(n.text()))
	if err != nil || again.Name != "a \"b\" \\ é\n" {
		t.Errorf("got %q, %v", again.Name, err)
	}
}

const inPlace = `
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 dim: 4 dim: 5 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 3 kernel_size: 2 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" relu_param { negative_slope: 0.25 } }
layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
layer { name: "sum" type: "Eltwise" bottom: "conv" bottom: "conv" top: "sum" }
`

// weightedNet is a network with weights that were given to it.
func weightedNet(t *testing.T) (*Net, *graph.Graph) {
	t.Helper()
	n, err := ParseText("net.prototxt", []byte(inPlace))
	if err != nil {
		t.Fatal(err)
	}
	g, err := Lower(n, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, shapes := range map[string][]tensor.Shape{"conv": {{3, 2, 2, 2}, {3}}, "scale": {{3}, {3}}} {
		for i, s := range shapes {
			w := tensor.New[float32](s...)
			for k := range w.Data {
				w.Data[k] = float32(k+1) / float32(3+i)
			}
			g.Node(name).Params = append(g.Node(name).Params, &graph.Param{Name: name, Value: w})
		}
	}
	return n, g
}

// cutTo writes a piece and reads it again.
func cutTo(t *testing.T, cut piece.Cut) (*graph.Graph, *piece.Piece) {
	t.Helper()
	n, g := weightedNet(t)
	p, err := Cut(n, g, cut, Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir, weights := t.TempDir(), ""
	for _, f := range p.Files {
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
		if f.Part == "weights" {
			weights = path
		}
	}
	again, err := Load(filepath.Join(dir, "net.prototxt"), weights)
	if err != nil {
		t.Fatal(err)
	}
	return again, p
}

func TestAPieceIsReadAgain(t *testing.T) {
	shape := tensor.Shape{1, 3, 3, 4}
	for _, row := range []struct {
		in, out string
		inputs  string
		nodes   []string
		weights bool
	}{
		{"data", "conv", "data", []string{"conv"}, true},
		{"conv", "conv@relu", "conv", []string{"relu"}, false},
		{"conv@relu", "conv@scale", "conv", []string{"scale"}, true},
		{"conv@scale", "sum", "conv", []string{"sum"}, false},
		{"data", "conv@scale", "data", []string{"conv", "relu", "scale"}, true},
	} {
		in := piece.Input{Name: row.in, Shape: shape}
		if row.in == "data" {
			in.Shape = tensor.Shape{1, 2, 4, 5}
		}
		g, p := cutTo(t, piece.Cut{Inputs: []piece.Input{in}, Outputs: []string{row.out}})
		var names []string
		for _, n := range g.Nodes {
			names = append(names, n.Name)
		}
		if strings.Join(names, " ") != strings.Join(row.nodes, " ") || g.Inputs[0].Name != row.inputs || !g.Inputs[0].Shape[1:].Equal(in.Shape[1:]) || p.Name(row.in) != row.inputs {
			t.Errorf("%s to %s: layers %v from %+v", row.in, row.out, names, g.Inputs)
		}
		if (len(p.Files) == 2) != row.weights {
			t.Errorf("%s to %s: %d files", row.in, row.out, len(p.Files))
		}
		_, whole := weightedNet(t)
		for _, n := range g.Nodes {
			for i, w := range n.Params {
				if d := cmp.Diff(whole.Node(n.Name).Params[i].Value, w.Value); d != "" {
					t.Errorf("%s: weights %d:\n%s", n.Name, i, d)
				}
			}
		}
	}
}

func TestWhatCannotBeCutOut(t *testing.T) {
	n, g := weightedNet(t)
	_, err := Cut(n, g, piece.Cut{Inputs: []piece.Input{{Name: "conv"}, {Name: "conv@relu"}}, Outputs: []string{"sum"}}, Options{})
	if err == nil || !strings.Contains(err.Error(), `the blob "conv" is read at two stages`) {
		t.Errorf("two stages: %v", err)
	}
	_, err = Cut(n, g, piece.Cut{Outputs: []string{"conv"}}, Options{})
	if err == nil || !strings.Contains(err.Error(), `nothing is known of the blob "data"`) {
		t.Errorf("no input: %v", err)
	}
}
