// Package checkpoint reads TensorFlow's checkpoints. Those of today (V2) are an index of named tensors and the shards that hold
// their elements:
//
//	model.ckpt.index                  names, types, shapes, places and checksums
//	model.ckpt.data-00000-of-00002    elements, little-endian, without any structure
//	model.ckpt.data-00001-of-00002
//
// Opening reads the index only. Every tensor is verified against its checksum when it is read. The older ones (V1), such
// as TF-Slim's models were released in, are one file, or shards like model.ckpt-00000-of-00002, which is read whole.
package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/proto"
	"parity/importers/source"
)

// Checkpoint is an open checkpoint.
type Checkpoint struct {
	// Prefix is what the names of its files begin with.
	Prefix string
	// Version is 1 or 2.
	Version int
	shards  int64
	files   []string // of a V1 checkpoint
	// entries is sorted by name; parts holds what partitioned tensors consist of, by key.
	entries []*Entry
	byName  map[string]*Entry
	parts   map[string]*Entry
	// byVariable finds an entry by the name of the variable that it holds, where the checkpoint names tensors after objects;
	// nil where several have the name.
	byVariable map[string]*Entry
	objects    []*object
}

var (
	anyShard  = regexp.MustCompile(`-\?{5}-of-[0-9]{5}$`) // how the note names a V1 checkpoint in shards
	shardName = regexp.MustCompile(`\.data-[0-9]{5}-of-[0-9]{5}$`)
	statePath = regexp.MustCompile(`(?m)^\s*model_checkpoint_path:\s*"([^"]*)"`)
)

// Open opens a checkpoint by its prefix. The path of one of its files is understood as well, and that of the file named
// "checkpoint", in which TensorFlow notes which one is the latest.
func Open(path string) (*Checkpoint, error) {
	prefix, err := Prefix(path)
	if err != nil {
		return nil, err
	}
	file := prefix + ".index"
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		if files := v1Files(prefix); len(files) > 0 {
			return openV1(prefix, files)
		}
	}
	if err != nil {
		return nil, missingIndex(prefix, err)
	}
	c, err := parse(prefix, file, data)
	if err != nil {
		return nil, err
	}
	return c, c.readObjects()
}

// Prefix is what the names of a checkpoint's files begin with, for the path of one of them, or of the file named "checkpoint".
func Prefix(path string) (string, error) {
	if filepath.Base(path) == "checkpoint" {
		return latest(path)
	}
	for _, suffix := range []string{".index", ".meta"} {
		if p, ok := strings.CutSuffix(path, suffix); ok {
			return p, nil
		}
	}
	if p := shardName.ReplaceAllString(path, ""); p != path {
		return p, nil
	}
	if isTable(path) {
		return v1Shard.ReplaceAllString(path, ""), nil
	}
	return path, nil
}

// latest follows the note of the latest checkpoint; its path may be relative to the note's folder.
func latest(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	m := statePath.FindSubmatch(data)
	if m == nil {
		return "", source.Errorf(path, "", "expected model_checkpoint_path: \"PREFIX\", found none; give the checkpoint's prefix")
	}
	prefix := anyShard.ReplaceAllString(string(m[1]), "")
	if filepath.IsAbs(prefix) {
		return prefix, nil
	}
	return filepath.Join(filepath.Dir(path), prefix), nil
}

// missingIndex says what stands where the index was expected.
func missingIndex(prefix string, err error) error {
	if !os.IsNotExist(err) {
		return err
	}
	if info, err := os.Stat(prefix); err == nil && info.Mode().IsRegular() {
		return source.Errorf(prefix, "", "expected the prefix of a V2 checkpoint (%s.index and %s.data-*), found a file that is no V1 checkpoint either: it does not end in a table's magic number; is it cut short?", filepath.Base(prefix), filepath.Base(prefix))
	}
	near := ""
	if found, _ := filepath.Glob(filepath.Join(filepath.Dir(prefix), "*.index")); len(found) > 0 {
		near = fmt.Sprintf("; in this folder there is %s", strings.TrimSuffix(found[0], ".index"))
	}
	return source.Errorf(prefix+".index", "", "expected the index of a V2 checkpoint, found no such file%s", near)
}

func parse(prefix, file string, data []byte) (*Checkpoint, error) {
	c := &Checkpoint{Prefix: prefix, Version: 2, byName: map[string]*Entry{}, parts: map[string]*Entry{}}
	headed := false
	err := table{file, data}.each(func(key, value []byte) error {
		m := proto.Binary(file, slices.Clone(value))
		if len(key) == 0 {
			headed = true
			return c.readHeader(m)
		}
		e, err := readEntry(string(key), m)
		if err != nil {
			return err
		}
		return c.add(file, e)
	})
	if err == nil && !headed {
		err = source.Errorf(file, "", "expected the header of a V2 checkpoint under the empty key, found none")
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Checkpoint) readHeader(m proto.Message) error {
	h, err := readHeader(m)
	if err != nil {
		return err
	}
	if h.bigEndian {
		return source.Errorf(m.File(), "", "expected a little-endian checkpoint, found a big-endian one; save it on another machine")
	}
	c.shards = h.shards
	return nil
}

// add files an entry; the keys of parts begin with a zero byte, which no tensor's name does.
func (c *Checkpoint) add(file string, e *Entry) error {
	if e.Name[0] == 0 {
		c.parts[e.Name] = e
		return nil
	}
	if c.byName[e.Name] != nil {
		return source.Errorf(file, "", "two entries are named %q", e.Name)
	}
	c.byName[e.Name] = e
	c.entries = append(c.entries, e)
	return nil
}

// Entries lists the tensors in the order of their names.
func (c *Checkpoint) Entries() []*Entry { return c.entries }

// Entry returns the entry of a tensor, or of a variable where tensors are named after objects.
func (c *Checkpoint) Entry(name string) (*Entry, bool) {
	if e, ok := c.byName[name]; ok {
		return e, true
	}
	e := c.byVariable[name]
	return e, e != nil
}

// Shape returns the shape of a tensor, if the checkpoint holds it.
func (c *Checkpoint) Shape(name string) (tensor.Shape, bool) {
	e, ok := c.Entry(name)
	if !ok {
		return nil, false
	}
	return e.Shape, true
}

// Place names the checkpoint in messages.
func (c *Checkpoint) Place() string { return c.Prefix }
