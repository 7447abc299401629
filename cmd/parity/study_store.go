package main

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// studyStore keeps the parts of a study in a folder.
type studyStore struct{ dir string }

// openStore makes the folder for the parts of one study, or goes on with one of the same identity.
func openStore(out, factor, identity string) (*studyStore, error) {
	s := &studyStore{filepath.Join(out, "parts")}
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return nil, err
	}
	file := filepath.Join(s.dir, factor+".identity")
	was, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, os.WriteFile(file, []byte(identity+"\n"), 0o666)
	case err != nil:
		return nil, err
	case string(was) != identity+"\n":
		return nil, fmt.Errorf("%s: holds parts of a study of %s with another model, other images or other settings; give another folder with --out, or delete %s", out, factor, s.dir)
	}
	return s, nil
}

// Load reads a part.
func (s *studyStore) Load(name string, part any) (bool, error) {
	path := filepath.Join(s.dir, name+".gob")
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if err := gob.NewDecoder(f).Decode(part); err != nil {
		return false, fmt.Errorf("%s: not a readable part of a study (%w); delete it to have it computed again", path, err)
	}
	return true, nil
}

// Save writes a part, whole or not at all.
func (s *studyStore) Save(name string, part any) error {
	return writeFile(filepath.Join(s.dir, name+".gob"), func(w io.Writer) error { return gob.NewEncoder(w).Encode(part) })
}
