// Package tensorflow reads TensorFlow's models: a GraphDef, frozen or with a V2 checkpoint, becomes a graph.Graph.
//
// There are always two steps. Read gives TensorFlow's own model, graphdef.Graph, which can be looked at; Lower turns that
// into the common graph. Load does both and has to find values for all weights.
package tensorflow

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/tensorflow/checkpoint"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/lower"
)

// Read reads a graph: *.pb, *.pbtxt, or the *.meta beside a checkpoint.
func Read(model string) (*graphdef.Graph, error) { return graphdef.Read(model) }

// OpenCheckpoint opens a V2 checkpoint by its prefix, or by the path of one of its files.
func OpenCheckpoint(prefix string) (*checkpoint.Checkpoint, error) { return checkpoint.Open(prefix) }

// IsCheckpointFile tells whether a file is part of a checkpoint, and so no graph.
func IsCheckpointFile(path string) bool { return checkpoint.IsFile(path) }

// Lower turns a graph into the common one, with weights from a checkpoint, or another holder of variables. With nil,
// layers whose weights are variables have none: to be looked at, not to be run.
func Lower(g *graphdef.Graph, variables lower.Variables) (*graph.Graph, error) {
	return lower.Lower(g, variables)
}

// Load reads a model with its weights. For a frozen graph, whose weights are constants, weights is empty; otherwise it is the
// prefix of a checkpoint.
func Load(model, weights string) (*graph.Graph, error) {
	return LoadWith(model, weights, lower.Options{})
}

// LoadWith is Load with options.
func LoadWith(model, weights string, opts lower.Options) (*graph.Graph, error) {
	def, err := Read(model)
	if err != nil {
		return nil, err
	}
	if weights == "" {
		return lower.LowerWith(def, none{}, opts)
	}
	c, err := OpenCheckpoint(weights)
	if err != nil {
		return nil, err
	}
	return lower.LowerWith(def, c, opts)
}

// none holds no variables, so that a graph that needs some cannot be loaded.
type none struct{}

func (none) Shape(string) (tensor.Shape, bool) { return nil, false }
func (none) Place() string                     { return "" }

func (none) Read(name string) (tensor.Any, error) {
	return nil, source.Errorf("", "", "the variable %q has no value", name)
}
