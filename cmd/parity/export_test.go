package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the lists in testdata")

// layerCases lists the folders of recorded layers.
func layerCases(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, pattern := range []string{"caffe_cases/layers/*/net.prototxt", "tensorflow_cases/layers/*/graph.pb"} {
		files, err := filepath.Glob(filepath.Join(root, "fixtures", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d cases, %v", pattern, len(files), err)
		}
		dirs = append(dirs, files...)
	}
	return dirs
}

// What is exported is read again as the same function: every recorded layer is compared with its own export. The list in testdata
// holds those that ONNX cannot express, with the reason, and those that are no parity because they are fed what is no number.
func TestExportedLayersAreEqual(t *testing.T) {
	models := layerCases(t)
	if testing.Short() {
		models = every(models, 7)
	}
	outcomes := make([]string, len(models))
	var g sync.WaitGroup
	limit := make(chan struct{}, 2)
	for i, model := range models {
		g.Go(func() {
			limit <- struct{}{}
			outcomes[i] = roundTrip(model, filepath.Join(t.TempDir(), "model.onnx"))
			<-limit
		})
	}
	g.Wait()
	got := slices.DeleteFunc(outcomes, func(s string) bool { return s == "" })
	file := "testdata/export_onnx.txt"
	if *update && !testing.Short() {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(data)), "\n")
	if testing.Short() {
		want = slices.DeleteFunc(want, func(line string) bool {
			return !slices.ContainsFunc(models, func(m string) bool { return strings.HasPrefix(line, caseName(m)+": ") })
		})
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("those that are no parity (-want +got):\n%s", d)
	}
}

func every[T any](list []T, n int) []T {
	var kept []T
	for i := 0; i < len(list); i += n {
		kept = append(kept, list[i])
	}
	return kept
}

func caseName(model string) string {
	dir := filepath.Dir(model)
	return filepath.Base(filepath.Dir(filepath.Dir(dir))) + "/" + filepath.Base(dir)
}

// roundTrip exports a model and compares it with what was written; the outcome is empty for parity.
func roundTrip(model, file string) string {
	if code, stderr := invoke("export", model, "-o", file); code != exitDone {
		_, reason, ok := strings.Cut(stderr, "layer ")
		if !ok {
			reason = strings.TrimPrefix(stderr, "parity: ")
		}
		return caseName(model) + ": " + strings.TrimSpace(reason)
	}
	code, out := invoke("compare", model+"@native", file+"@native", "--ref.inputs", filepath.Join(filepath.Dir(model), "inputs.npz"), "--quiet")
	if code == exitDone {
		return ""
	}
	_, counts, _ := strings.Cut(out, "@native (")
	counts, _, _ = strings.Cut(counts, ")")
	if code == exitUsage {
		counts, _, _ = strings.Cut(strings.ReplaceAll(out, file, "model.onnx"), "\n")
	}
	return fmt.Sprintf("%s: compared: %s", caseName(model), counts)
}

// invoke runs the program and returns its exit status and what it wrote.
func invoke(args ...string) (int, string) {
	var out bytes.Buffer
	code := run(context.Background(), args, &out, &out)
	return code, out.String()
}
