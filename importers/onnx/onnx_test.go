package onnx

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parity/googlenet/tensor"
	. "parity/importers/onnx/onnxtest"
)

// A model with its weights in another file, which must lie beside it.
func TestLoad(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "net.onnx")
	w := Tensor{Name: "w", DType: 1, Shape: tensor.Shape{2, 3}, External: map[string]string{"location": "net.data", "offset": "4"}}
	m := Model{Opset: 13, Inputs: []Value{Input("x", -1, 3)}, Weights: []Tensor{w}, Nodes: []Node{Op("y", "Gemm", In("x", "w"), "transB", 1)}}
	if err := os.WriteFile(path, m.Binary(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "net.data, found no such file: put it beside the model") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "net.data"), Ramp("", 7).Raw, 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	p := g.Node("y").Params[0]
	if got := p.Value.(*tensor.Tensor[float32]); p.Name != "w" || !got.Shape.Equal(tensor.Shape{2, 3}) || got.Data[0] != 2 || got.Data[5] != 7 {
		t.Errorf("got %s %v", p.Name, p.Value)
	}
}

func TestReadTensor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "input_0.pb")
	if err := os.WriteFile(path, Ramp("x", 1, 3).Binary(), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := ReadTensor(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := x.Value()
	if err != nil || x.Name != "x" || tensor.As[float64](v).Data[2] != 3 {
		t.Errorf("got %s %v, %v", x.Name, v, err)
	}
}
