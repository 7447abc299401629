package repro

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/cmd/parity/side"
	"parity/parity"
	"parity/parity/compare"
)

// Writer writes the reproductions of one comparison.
type Writer struct {
	folder    *folder
	ref, cand side.Source
	index     index
	version   string
}

// New prepares a folder for reproductions.
func New(dir, version string) (*Writer, error) {
	f, err := newFolder(dir)
	if err != nil {
		return nil, err
	}
	return &Writer{folder: f, version: version, index: index{Schema: schema, Reproductions: []entry{}, Skipped: []skip{}, Folders: []string{}}}, nil
}

// From says which sides the reproductions are cut out of.
func (w *Writer) From(ref, cand side.Source) { w.ref, w.cand = ref, cand }

// Add writes one reproduction. A piece that cannot be cut out is noted in the index with the reason; what cannot be written is an
// error.
func (w *Writer) Add(r compare.Reproduction) error {
	e := entry{Layer: r.Layer, Folder: w.name(r.Layer), Causes: causes(r.Findings)}
	c, err := w.cut(r)
	if err != nil {
		w.index.Skipped = append(w.index.Skipped, skip{r.Layer, e.Causes, err.Error()})
		return nil
	}
	dir := filepath.Join(w.folder.temp, e.Folder)
	if err := c.write(dir); err != nil {
		return fmt.Errorf("--repro: %w", err)
	}
	e.Script, e.Notes = c.script.name, c.notes
	w.index.Reproductions = append(w.index.Reproductions, e)
	w.index.Folders = append(w.index.Folders, e.Folder)
	return nil
}

func causes(findings []parity.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Cause)
	}
	return list
}

// name is a folder's for a layer: its name with what no file system takes replaced, and a number where two are the same then.
func (w *Writer) name(layer string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, layer)
	if plain = strings.TrimLeft(plain, "."); plain == "" {
		plain = "layer"
	}
	name := plain
	for i := 2; slices.ContainsFunc(w.index.Folders, func(o string) bool { return strings.EqualFold(o, name) }); i++ {
		name = fmt.Sprintf("%s-%d", plain, i)
	}
	return name
}

// Close writes the index and puts the folder in its place.
func (w *Writer) Close() error {
	err := writeJSON(filepath.Join(w.folder.temp, IndexName), w.index)
	if err == nil {
		err = w.folder.commit()
	}
	if err != nil {
		w.Abort()
		return fmt.Errorf("--repro: %w", err)
	}
	return nil
}

// Abort removes what was written.
func (w *Writer) Abort() { w.folder.abort() }

// Skipped lists the layers without a reproduction, with the reason.
func (w *Writer) Skipped() []string {
	var list []string
	for _, s := range w.index.Skipped {
		list = append(list, s.Layer+": "+s.Reason)
	}
	return list
}

func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return writeFile(path, append(data, '\n'))
}

// writeAll makes a folder with files.
func writeAll(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writeFile(filepath.Join(dir, name), files[name]); err != nil {
			return err
		}
	}
	return nil
}
