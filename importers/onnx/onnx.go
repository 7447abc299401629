// Package onnx reads ONNX's models: a ModelProto becomes a graph.Graph.
//
// There are always two steps. Read gives ONNX's own model, which can be looked at; Lower turns that into the common graph,
// with the weights, which stand in the file or in others beside it.
package onnx

import (
	"parity/googlenet/graph"
	"parity/importers/onnx/lower"
	"parity/importers/onnx/model"
)

// Read reads a model: *.onnx, or its text form.
func Read(path string) (*model.Model, error) { return model.Read(path) }

// Lower turns a model into the common graph.
func Lower(m *model.Model) (*graph.Graph, error) { return lower.Lower(m) }

// Load reads a model with its weights.
func Load(path string) (*graph.Graph, error) {
	m, err := Read(path)
	if err != nil {
		return nil, err
	}
	return Lower(m)
}

// ReadTensor reads a file that holds one tensor, such as the inputs and outputs of ONNX's conformance tests.
func ReadTensor(path string) (*model.Tensor, error) { return model.ReadTensor(path) }

// Parameters lists the inputs of a model that hold weights and settings, which conformance tests feed; see
// lower.Parameters.
func Parameters(m *model.Model) ([]string, error) { return lower.Parameters(m) }
