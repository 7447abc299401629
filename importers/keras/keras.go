// Package keras reads Keras's models: the .keras archive, the .h5 of Keras 2 and 3, and a description as JSON with its weights
// apart. The description becomes config.Model first, as it stands; lowering turns that and the weights into the
// common graph.
package keras

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"parity/googlenet/graph"
	"parity/importers/hdf5"
	"parity/importers/keras/config"
	"parity/importers/keras/lower"
	"parity/importers/keras/weights"
	"parity/importers/source"
)

// Read reads a model's description, and the weights that are in the same file; nil for none.
func Read(path string) (*config.Model, weights.Source, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case isArchive(data):
		return readArchive(path, data)
	case hdf5.Is(data):
		return readH5(path)
	}
	m, err := config.Parse(path, data)
	return m, nil, err
}

func readH5(path string) (*config.Model, weights.Source, error) {
	c, err := weights.Open(path)
	if err != nil {
		return nil, nil, err
	}
	if c.Config == "" {
		return nil, nil, source.Errorf(path, "", "expected a whole model, found weights only: give the model's JSON (model.to_json()), and this file as its weights")
	}
	m, err := config.Parse(path, []byte(c.Config))
	return m, c, err
}

// HoldsModel tells whether an HDF5 file describes a whole model. A file that cannot be read counts as one: whoever
// reads it finds out.
func HoldsModel(path string) bool {
	c, err := weights.Open(path)
	return err != nil || c.Config != ""
}

// IsDescription tells whether a file is JSON that describes a model.
func IsDescription(path string) bool {
	data, err := os.ReadFile(path)
	if err != nil || len(bytes.TrimLeft(data, " \t\r\n")) == 0 || bytes.TrimLeft(data, " \t\r\n")[0] != '{' {
		return false
	}
	var root struct {
		Class  string          `json:"class_name"`
		Config json.RawMessage `json:"config"`
	}
	return json.Unmarshal(data, &root) == nil && root.Class != "" && root.Config != nil
}

// OpenWeights opens weights that lie apart from their model: *.weights.h5, another .h5 or .keras, a checkpoint, or a .npz file of
// arrays named LAYER/NUMBER.
func OpenWeights(path string) (weights.Source, error) {
	if strings.EqualFold(filepath.Ext(path), ".npz") {
		return weights.OpenArrays(path)
	}
	data, err := os.ReadFile(path)
	switch {
	case err != nil: // the prefix of a checkpoint is no file
		return weights.OpenCheckpoint(path)
	case isArchive(data):
		_, w, err := readArchive(path, data)
		return w, err
	case hdf5.Is(data):
		return weights.Open(path)
	}
	return weights.OpenCheckpoint(path)
}

// Load reads a model with its weights, which may lie apart.
func Load(model, from string) (*graph.Graph, error) {
	m, w, err := Open(model, from)
	if err != nil {
		return nil, err
	}
	if w == nil {
		return nil, source.Errorf(model, "", "expected a model with its weights, found its description only: give the weights (*.weights.h5, *.h5 or a checkpoint) with it")
	}
	return Lower(m, w)
}

// Lower turns a model into the common graph. Without weights, which are then nil, it can be looked at and not run.
func Lower(m *config.Model, w weights.Source) (*graph.Graph, error) { return lower.Lower(m, w) }
