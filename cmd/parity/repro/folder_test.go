package repro

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

// filled writes an index and a folder as a run does.
func filled(t *testing.T, dir, layer string) *Writer {
	t.Helper()
	w, err := New(dir, "v1")
	if err != nil {
		t.Fatal(err)
	}
	w.index.Folders = append(w.index.Folders, layer)
	write(t, filepath.Join(w.folder.temp, layer, "finding.json"), "{}")
	return w
}

func TestOnlyAnEmptyFolderOrItsOwnIsWrittenTo(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "new", "out")
	if err := filled(t, dir, "a").Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); got != "a repro.json" {
		t.Errorf("a new folder holds %s", got)
	}
	if err := filled(t, dir, "b").Close(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); got != "b repro.json" {
		t.Errorf("the folder of an earlier run holds %s", got)
	}
	write(t, filepath.Join(dir, "mine.txt"), "")
	if _, err := New(dir, "v1"); err == nil || !strings.Contains(err.Error(), "mine.txt in there was not written by an earlier run") {
		t.Errorf("somebody's file in it: %v", err)
	}
	other := filepath.Join(top, "other")
	write(t, filepath.Join(other, "repro.json"), `{"schema": "other"}`)
	if _, err := New(other, "v1"); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("somebody's folder: %v", err)
	}
	file := filepath.Join(top, "file")
	write(t, file, "")
	if _, err := New(file, "v1"); err == nil {
		t.Error("a file is taken for a folder")
	}
	empty := filepath.Join(top, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := filled(t, empty, "c").Close(); err != nil {
		t.Error(err)
	}
	if got := names(t, top); got != "empty file new other" {
		t.Errorf("left behind: %s", got)
	}
}

// Whatever fails, the folder stays as it was and nothing is left beside it.
func TestNothingHalfWritten(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "out")
	if err := filled(t, dir, "a").Close(); err != nil {
		t.Fatal(err)
	}
	filled(t, dir, "b").Abort()
	w := filled(t, dir, "b")
	write(t, filepath.Join(w.folder.temp, IndexName), "in the way") // as a disk that is full, it keeps the index from being written
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "--repro: ") {
		t.Errorf("the index could not be written: %v", err)
	}
	if top, inside := names(t, top), names(t, dir); top != "out" || inside != "a repro.json" {
		t.Errorf("left: %s; in the folder: %s", top, inside)
	}
}

func TestFoldersAreNamedForLayers(t *testing.T) {
	w := &Writer{}
	for layer, want := range map[string]string{"conv1/7x7_s2": "conv1_7x7_s2", "../etc": "_etc", "": "layer", "ähnlich": "_hnlich", "a b:c": "a_b_c"} {
		if got := w.name(layer); got != want {
			t.Errorf("%q: %q, want %q", layer, got, want)
		}
	}
	w.index.Folders = []string{"Conv", "conv-2"}
	if got := w.name("conv"); got != "conv-3" {
		t.Errorf("got %q", got)
	}
}
