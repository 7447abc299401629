//go:build onnxcheck

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parity/fixtures/npz"
)

// Every recorded layer of Caffe that ONNX can express, and both networks, pass onnx.checker, and what ONNX Runtime computes is
// within bounds of this program. PYTHON names an interpreter with onnx, onnxruntime and NumPy.
func TestONNXRuntimeRunsExports(t *testing.T) {
	models, err := filepath.Glob(filepath.Join(root, "fixtures/caffe_cases/layers/*/net.prototxt"))
	if err != nil || len(models) == 0 {
		t.Fatalf("%d cases, %v", len(models), err)
	}
	models = append(models, filepath.Join(root, "fixtures/bvlc_googlenet/caffe"), filepath.Join(root, "fixtures/narrow_googlenet/caffe"))
	top := t.TempDir()
	folders := map[string]string{}
	args := []string{filepath.Join(root, "fixtures/gen/run_onnx.py")}
	for _, model := range models {
		folder := filepath.Join(top, strings.ReplaceAll(strings.Trim(model, "./"), "/", "_"))
		if exportCase(t, model, folder) {
			folders[model] = folder
			args = append(args, folder)
		}
	}
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	if out, err := exec.Command(python, args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for model, folder := range folders {
		if code, out := invoke("compare", model+"@native", folder+"@recorded"); code != exitDone {
			t.Errorf("%s: %s", model, out)
		}
	}
	t.Logf("%d of %d networks exported, checked, run and compared", len(folders), len(models))
}

// exportCase writes a case's model and inputs to a folder; it is false for what ONNX cannot express.
func exportCase(t *testing.T, model, folder string) bool {
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if code, out := invoke("export", model, "-o", filepath.Join(folder, "model.onnx")); code != exitDone {
		if !strings.Contains(out, "cannot be written as ONNX") {
			t.Error(out)
		}
		return false
	}
	dir := model
	if info, err := os.Stat(model); err == nil && !info.IsDir() {
		dir = filepath.Dir(model)
	}
	inputs, err := npz.Read(filepath.Join(dir, "inputs.npz"))
	if err != nil {
		t.Fatal(err)
	}
	if err := npz.Write(filepath.Join(folder, "inputs.npz"), inputs); err != nil {
		t.Fatal(err)
	}
	return true
}
