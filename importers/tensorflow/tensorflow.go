// Package tensorflow reads TensorFlow's models: a GraphDef, frozen or with a V2 checkpoint, becomes a graph.Graph.
//
// There are always two steps. Read gives TensorFlow's own model, graphdef.Graph, which can be looked at; Lower turns that
// into the common graph. Load does both and has to find values for all weights.
package tensorflow

import (
	"os"
	"path/filepath"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/tensorflow/checkpoint"
	"parity/importers/tensorflow/function"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/lower"
	"parity/importers/tensorflow/savedmodel"
)

// Read reads a graph: *.pb, *.pbtxt, the *.meta beside a checkpoint, or a SavedModel by its folder or its file. Functions are
// put in the place of their calls.
func Read(model string) (*graphdef.Graph, error) {
	if file, ok := savedmodel.File(model); ok {
		model = file
	}
	data, err := os.ReadFile(model)
	if err != nil {
		return nil, err
	}
	if graphdef.IsSavedModel(data) {
		return savedmodel.Parse(model, data)
	}
	g, err := graphdef.Parse(model, data)
	if err != nil {
		return nil, err
	}
	return function.Inline(g)
}

// OpenCheckpoint opens a checkpoint by its prefix, or by the path of one of its files.
func OpenCheckpoint(prefix string) (*checkpoint.Checkpoint, error) { return checkpoint.Open(prefix) }

// SavedModel finds a SavedModel's file in its folder.
func SavedModel(folder string) (file string, ok bool) { return savedmodel.File(folder) }

// OwnWeights is the prefix of the checkpoint that is part of a SavedModel; empty for another model.
func OwnWeights(model string) string {
	if file, ok := savedmodel.File(filepath.Dir(model)); ok && filepath.Clean(file) == filepath.Clean(model) {
		return savedmodel.Variables(model)
	}
	return ""
}

// CheckpointPrefix is what the names of a checkpoint's files begin with, for the path of one of them.
func CheckpointPrefix(path string) (string, error) { return checkpoint.Prefix(path) }

// IsCheckpoint tells whether a path is the prefix of a checkpoint.
func IsCheckpoint(prefix string) bool { return checkpoint.Exists(prefix) }

// IsSingleCheckpoint tells whether a file is a V1 checkpoint, or a shard of one.
func IsSingleCheckpoint(path string) bool { return checkpoint.IsV1(path) }

// IsCheckpointFile tells whether a file is part of a checkpoint, and so no graph.
func IsCheckpointFile(path string) bool { return checkpoint.IsFile(path) }

// Lower turns a graph into the common one, with weights from a checkpoint, or another holder of variables. With nil,
// layers whose weights are variables have none: to be looked at, not to be run.
func Lower(g *graphdef.Graph, variables lower.Variables) (*graph.Graph, error) {
	return lower.Lower(g, variables)
}

// OpenWeights opens a checkpoint, or the arrays of a .npz or .npy file.
func OpenWeights(path string) (lower.Variables, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npz", ".npy":
		return openArrays(path)
	}
	return OpenCheckpoint(path)
}

// OpenAverages opens a checkpoint whose variables then have their moving averages (NAME/ExponentialMovingAverage) for values.
func OpenAverages(path string) (lower.Variables, error) {
	c, err := OpenCheckpoint(path)
	if err != nil {
		return nil, err
	}
	return checkpoint.NewAveraged(c)
}

// Load reads a model with its weights. For a frozen graph, whose weights are constants, and for a SavedModel, which has its own
// checkpoint, weights is empty; otherwise it is what OpenWeights takes.
func Load(model, weights string) (*graph.Graph, error) {
	return LoadWith(model, weights, lower.Options{})
}

// LoadWith is Load with options.
func LoadWith(model, weights string, opts lower.Options) (*graph.Graph, error) {
	def, err := Read(model)
	if err != nil {
		return nil, err
	}
	vars, err := Variables(def, weights, OpenWeights)
	if err != nil {
		return nil, err
	}
	return lower.LowerWith(def, vars, opts)
}

// Variables opens a graph's weights with OpenWeights or OpenAverages: those that are named, or else those that its file says belong
// to it. Without either there are none, as in a frozen graph.
func Variables(def *graphdef.Graph, weights string, open func(string) (lower.Variables, error)) (lower.Variables, error) {
	if weights == "" {
		weights = def.Weights
	}
	if weights == "" {
		return none{}, nil
	}
	return open(weights)
}

// none holds no variables, so that a graph that needs some cannot be loaded.
type none struct{}

func (none) Shape(string) (tensor.Shape, bool) { return nil, false }
func (none) Place() string                     { return "" }

func (none) Read(name string) (tensor.Any, error) {
	return nil, source.Errorf("", "", "the variable %q has no value", name)
}
