// Package repro writes minimal reproductions of findings: for each layer a folder with that layer cut out of both
// networks, its inputs, both outputs, and a script that shows the difference in the candidate's framework.
package repro

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// IndexName is the file at the top that lists what was written. A folder that holds it is this program's own.
const IndexName = "repro.json"

// index is what repro.json holds.
type index struct {
	Schema        string   `json:"schema"`
	Reproductions []entry  `json:"reproductions"`
	Skipped       []skip   `json:"skipped"`
	Folders       []string `json:"folders"` // all that was written, beside this file
}

const schema = "parity.repro/1"

// entry is one reproduction.
type entry struct {
	Layer  string   `json:"layer"`
	Folder string   `json:"folder"`
	Causes []string `json:"causes"`
	Script string   `json:"script"`
	// Notes say what the reproduction lacks.
	Notes []string `json:"notes,omitempty"`
}

// skip is a finding without a reproduction, and why.
type skip struct {
	Layer  string   `json:"layer"`
	Causes []string `json:"causes"`
	Reason string   `json:"reason"`
}

// folder is where reproductions are written: beside the wanted folder until all of them are complete.
type folder struct {
	dir, temp string
	old       bool // dir has the reproductions of an earlier run
}

// newFolder refuses a folder that holds anything but reproductions.
func newFolder(dir string) (*folder, error) {
	f := &folder{dir: filepath.Clean(dir)}
	var err error
	if f.old, err = own(f.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(f.dir), 0o777); err != nil {
		return nil, fmt.Errorf("--repro: %w", err)
	}
	if f.temp, err = os.MkdirTemp(filepath.Dir(f.dir), filepath.Base(f.dir)+".*"); err != nil {
		return nil, fmt.Errorf("--repro: %w", err)
	}
	return f, os.Chmod(f.temp, 0o755)
}

// own reports whether a folder holds the reproductions of an earlier run, and nothing else. One that is empty or not there
// holds nothing.
func own(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("--repro: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, IndexName))
	var i index
	if err != nil || json.Unmarshal(data, &i) != nil || i.Schema != schema {
		return false, fmt.Errorf("--repro %s: the folder is not empty, and holds no reproductions of an earlier run (%s): name another one", dir, IndexName)
	}
	for _, e := range entries {
		if e.Name() != IndexName && !slices.Contains(i.Folders, e.Name()) {
			return false, fmt.Errorf("--repro %s: %s in there was not written by an earlier run: move it away, or name another folder", dir, e.Name())
		}
	}
	return true, nil
}

// commit puts what was written in its place.
func (f *folder) commit() error {
	if f.old {
		replaced, err := os.MkdirTemp(filepath.Dir(f.dir), filepath.Base(f.dir)+".old.*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(replaced)
		if err := os.Rename(f.dir, filepath.Join(replaced, "old")); err != nil {
			return err
		}
	} else if err := os.Remove(f.dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(f.temp, f.dir)
}

// abort leaves nothing behind.
func (f *folder) abort() { os.RemoveAll(f.temp) }

// writeFile writes a file below the folder, and reads the error of closing it: a full disk may show only then.
func writeFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
