package tensorflow_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/piece"
	"parity/importers/tensorflow"
	"parity/importers/tensorflow/graphdef"
)

// sameGraph leaves out places in files, and what Encode does not write.
var sameGraph = cmp.Options{cmpopts.IgnoreFields(graphdef.Graph{}, "File", "Within", "Functions", "Weights", "Names", "Notes", "Feeds", "Fetches"),
	cmpopts.IgnoreFields(graphdef.Node{}, "File", "Position", "Device", "Saved"), cmpopts.EquateEmpty()}

// What is written is read as the same graph, for every recorded one without functions.
func TestGraphsAreWrittenAsTheyWereRead(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/tensorflow_cases/layers/*/graph.pb")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		want, err := graphdef.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := graphdef.Parse(file, want.Encode())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if d := cmp.Diff(want, got, sameGraph); d != "" && len(want.Functions) == 0 {
			t.Errorf("%s:\n%s", file, d)
		}
	}
}

const narrow = "../../fixtures/narrow_googlenet/"

func pieceOf(t *testing.T, model, weights string, cut piece.Cut) *graph.Graph {
	t.Helper()
	def, err := tensorflow.Read(model)
	if err != nil {
		t.Fatal(err)
	}
	var p *piece.Piece
	if weights == "" {
		p, err = tensorflow.Cut(def, nil, cut)
	} else {
		vars, openErr := tensorflow.OpenWeights(weights)
		if openErr != nil {
			t.Fatal(openErr)
		}
		p, err = tensorflow.Cut(def, vars, cut)
	}
	if err != nil {
		t.Fatal(err)
	}
	again, err := graphdef.Parse("graph.pb", p.Files[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	g, err := tensorflow.Lower(again, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A piece of a frozen graph and one of a graph with variables have the same layer, with the weights of the whole.
func TestAPieceIsReadAgain(t *testing.T) {
	cut := piece.Cut{Inputs: []piece.Input{{Name: "pool1/LRN", Shape: tensor.Shape{2, 24, 24, 8}}}, Outputs: []string{"conv2_reduce/BiasAdd"}}
	whole, err := tensorflow.Load(narrow+"tf/frozen.pb", "")
	if err != nil {
		t.Fatal(err)
	}
	for model, weights := range map[string]string{"tf/frozen.pb": "", "tf-ckpt/graph.pb": narrow + "tf-ckpt/model.ckpt"} {
		g := pieceOf(t, narrow+model, weights, cut)
		if len(g.Nodes) == 0 || len(g.Inputs) != 1 || g.Inputs[0].Name != "pool1/LRN" {
			t.Fatalf("%s: %d nodes, inputs %+v", model, len(g.Nodes), g.Inputs)
		}
		for _, n := range g.Nodes {
			if d := cmp.Diff(whole.Node(n.Name).Params, n.Params); d != "" {
				t.Errorf("%s: parameters of %s:\n%s", model, n.Name, d)
			}
		}
	}
}

func TestWhatCannotBeCutOut(t *testing.T) {
	def, err := tensorflow.Read(narrow + "tf/frozen.pb")
	if err != nil {
		t.Fatal(err)
	}
	for output, want := range map[string]string{"prob": "what is fed to it is not known", "nowhere": `the value "nowhere" is no node's`} {
		if _, err := tensorflow.Cut(def, nil, piece.Cut{Outputs: []string{output}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", output, err)
		}
	}
	ckpt, err := tensorflow.Read(narrow + "tf-ckpt/graph.pb")
	if err != nil {
		t.Fatal(err)
	}
	_, err = tensorflow.Cut(ckpt, nil, piece.Cut{Inputs: []piece.Input{{Name: "input"}}, Outputs: []string{"conv1/BiasAdd"}})
	if err == nil || !strings.Contains(err.Error(), "its value was not found") {
		t.Errorf("a variable without weights: %v", err)
	}
}
