package keras_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/keras"
	"parity/importers/piece"
)

const formats = "../../fixtures/formats/"

// pieceAgain cuts a piece out, writes it and reads it.
func pieceAgain(t *testing.T, model, weights string, cut piece.Cut) (whole, part *graph.Graph) {
	t.Helper()
	m, w, err := keras.Open(model, weights)
	if err != nil {
		t.Fatal(err)
	}
	p, err := keras.Cut(m, w, cut)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range p.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if part, err = keras.Load(filepath.Join(dir, "model.json"), filepath.Join(dir, "weights.npz")); err != nil {
		t.Fatal(err)
	}
	if whole, err = keras.Load(model, weights); err != nil {
		t.Fatal(err)
	}
	return whole, part
}

// A piece is the same layers with the same weights, in the way of the Keras that wrote the model.
func TestAPieceIsReadAgain(t *testing.T) {
	for _, row := range []struct {
		model, weights string
		in             piece.Input
		out            string
		nodes          []string
	}{
		{formats + "keras3/more.keras", "", piece.Input{Name: "mul", Shape: tensor.Shape{1, 2, 4, 4}}, "dense_map", []string{"dense_map/Dense", "dense_map"}},
		{formats + "keras3/more.keras", "", piece.Input{Name: "photo", Shape: tensor.Shape{1, 8, 7, 3}}, "norm", []string{"rescale", "norm"}},
		{formats + "checkpoint/small.json", formats + "checkpoint/model.ckpt", piece.Input{Name: "cat2", Shape: tensor.Shape{1, 17}}, "prob", []string{"prob/Dense", "prob"}},
	} {
		whole, part := pieceAgain(t, row.model, row.weights, piece.Cut{Inputs: []piece.Input{row.in}, Outputs: []string{row.out}})
		var names []string
		for _, n := range part.Nodes {
			names = append(names, n.Name)
			for i, w := range n.Params {
				if d := cmp.Diff(whole.Node(n.Name).Params[i].Value, w.Value); d != "" {
					t.Errorf("%s, weight %d:\n%s", n.Name, i, d)
				}
			}
		}
		if strings.Join(names, " ") != strings.Join(row.nodes, " ") || part.Inputs[0].Name != row.in.Name || part.Outputs[0] != row.out {
			t.Errorf("%s: layers %v from %+v to %v", row.model, names, part.Inputs, part.Outputs)
		}
	}
}

func TestWhatCannotBeCutOut(t *testing.T) {
	m, w, err := keras.Open(formats+"keras3/more.keras", "")
	if err != nil {
		t.Fatal(err)
	}
	for output, want := range map[string]string{
		"rescale": "what is fed to it is not known", "stem/conv": `"stem/conv" is no layer of the outermost model`, "stem": "a model within the model", "shared": "it is called 2 times",
	} {
		if _, err := keras.Cut(m, w, piece.Cut{Outputs: []string{output}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", output, err)
		}
	}
}
