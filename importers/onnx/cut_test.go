package onnx_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parity/googlenet/tensor"
	"parity/importers/onnx"
	"parity/importers/onnx/model"
	"parity/importers/piece"
)

const arithmetic = "../../fixtures/arithmetic/reference/model.onnx"

// sameModel leaves out places in files, and models' own names for themselves.
var sameModel = cmp.Options{
	cmpopts.IgnoreFields(model.Model{}, "File"), cmpopts.IgnoreFields(model.Node{}, "File", "Position"),
	cmpopts.IgnoreFields(model.Tensor{}, "File", "Position", "External"), cmpopts.IgnoreUnexported(model.Tensor{}, model.External{}), cmpopts.EquateEmpty(),
}

// What is written is read as the same model.
func TestModelsAreWrittenAsTheyWereRead(t *testing.T) {
	files, _ := filepath.Glob("../../fixtures/*/*.onnx")
	more, _ := filepath.Glob("../../fixtures/*/*/*.onnx")
	if files = append(files, more...); len(files) == 0 {
		t.Fatal("no models")
	}
	for _, file := range files {
		want, err := onnx.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := model.Parse(file, data)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, sameModel); d != "" {
			t.Errorf("%s:\n%s", file, d)
		}
	}
}

func TestAPieceIsReadAgain(t *testing.T) {
	m, err := onnx.Read(arithmetic)
	if err != nil {
		t.Fatal(err)
	}
	p, err := onnx.Cut(m, piece.Cut{Inputs: []piece.Input{{Name: "conv2", Shape: tensor.Shape{2, 12, 8, 9}}}, Outputs: []string{"relu2"}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := model.Parse("model.onnx", p.Files[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	g, err := onnx.Lower(again)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Graph.Nodes) != 2 || len(again.Graph.Initializers) != 4 || g.Inputs[0].Name != "conv2" || !g.Inputs[0].Shape.Equal(tensor.Shape{2, 12, 8, 9}) || g.Outputs[0] != "relu2" {
		t.Errorf("%d nodes, %d weights, inputs %+v, outputs %v", len(again.Graph.Nodes), len(again.Graph.Initializers), g.Inputs, g.Outputs)
	}
}

func TestWhatCannotBeCutOut(t *testing.T) {
	m, err := onnx.Read(arithmetic)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := onnx.Cut(m, piece.Cut{Outputs: []string{"relu2"}}); err == nil || !strings.Contains(err.Error(), `reads "x", of which nothing is known`) {
		t.Errorf("got %v", err)
	}
}
