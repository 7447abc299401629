package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	list  = "../../docs/onnx/conformance.tsv"
	table = "../../docs/onnx.md"
)

func TestTheTableIsThatOfTheList(t *testing.T) {
	r, err := readResults(list)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if want := r.markdown(); string(got) != want {
		t.Errorf("%s is not as generated; run go generate ./cmd/conformance", table)
	}
}

func TestTheListIsReadAsWritten(t *testing.T) {
	data, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	r, err := readResults(list)
	if err != nil {
		t.Fatal(err)
	}
	if r.String() != string(data) {
		t.Errorf("it is written otherwise than it was read")
	}
	if err := r.compare(r); err != nil {
		t.Error(err)
	}
	worse := &results{version: r.version, rows: append([]*row{{folder: "node", operator: "Abs"}}, r.rows[1:]...)}
	if err := r.compare(worse); err == nil || !strings.Contains(err.Error(), "1 results differ") && !strings.Contains(err.Error(), "2 results differ") {
		t.Errorf("got %v", err)
	}
}

func TestBrokenLists(t *testing.T) {
	for text, want := range map[string]string{
		"node\tAbs\t1\n":            "tsv:1: expected 6 columns between tabs, found 3",
		"#\nnode\tAbs\tx\t0\t0\t\n": `tsv:2: expected a count, found "x"`,
	} {
		path := filepath.Join(t.TempDir(), "list.tsv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readResults(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestReasons(t *testing.T) {
	for message, want := range map[string]string{
		`y: the operation Resize is not supported`:                      `the operation Resize is not supported`,
		`the input "x0" is no tensor: sequences are not read`:           `an input is no tensor: sequences are not read`,
		`the input "x" has elements of type string, which are not read`: `an input has elements of type string, which are not read`,
		`something else`: `something else`,
	} {
		if got := why(message); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
