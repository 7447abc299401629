package side

import (
	"fmt"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
	"parity/importers/keras"
	kerasweights "parity/importers/keras/weights"
	"parity/importers/pickle"
	"parity/importers/tensorflow"
)

// Contents is what a file or folder holds: a graph, or named arrays.
type Contents struct {
	Graph  *graph.Graph
	Arrays []Array
}

// Array is one tensor of a checkpoint, a caffemodel or a .npz file.
type Array struct {
	Name, Type string
	Shape      tensor.Shape
	Role       string // what training keeps it for; empty for a weight
}

// Inspect reads a model, with whatever weights lie beside it, or the list of what a file of weights or tensors holds.
func Inspect(path string) (*Contents, error) {
	if list := lister(path); list != nil {
		arrays, err := list(path)
		return &Contents{Arrays: arrays}, err
	}
	spec, err := Parse(path)
	if err != nil {
		return nil, err
	}
	p, err := find(spec)
	if err != nil {
		return nil, err
	}
	if list := lister(p.Weights); p.Model == "" && p.Weights != "" && list != nil {
		arrays, err := list(p.Weights)
		return &Contents{Arrays: arrays}, err
	}
	if p.Framework == Dump {
		arrays, err := listNpz(p.Tensors)
		return &Contents{Arrays: arrays}, err
	}
	g, err := p.readGraphToLookAt()
	return &Contents{Graph: g}, err
}

// lister returns the function that lists the arrays of a file that holds nothing else, or nil.
func lister(path string) func(string) ([]Array, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npz":
		return listNpz
	case ".npy":
		return listNpy
	case ".h5", ".hdf5":
		if !isCaffemodel(filepath.Base(path)) && !keras.HoldsModel(path) {
			return listKeras
		}
	case ".binaryproto":
		return listMean
	case ".solverstate":
		return listSolverState
	}
	if isCaffemodel(filepath.Base(path)) {
		return listCaffemodel
	}
	if tensorflow.IsCheckpointFile(path) || !exists(path) && tensorflow.IsCheckpoint(path) {
		return listCheckpoint
	}
	return nil
}

func listNpz(path string) ([]Array, error) {
	infos, err := npz.List(path)
	var list []Array
	for _, i := range infos {
		list = append(list, Array{Name: i.Name, Type: i.Dtype, Shape: i.Shape})
	}
	return list, err
}

// listNpy lists a plain array, or the dictionary that caffe-tensorflow writes.
func listNpy(path string) ([]Array, error) {
	if !pickle.IsPickled(path) {
		return listNpz(path)
	}
	weights, err := pickle.ReadWeights(path)
	var list []Array
	for _, w := range weights {
		list = append(list, Array{Name: w.Layer + "/" + w.Name, Type: typeOf(w.Value), Shape: w.Value.Dims()})
	}
	return list, err
}

func typeOf(t tensor.Any) string {
	if _, double := t.(*tensor.Tensor[float64]); double {
		return "float64"
	}
	return "float32"
}

func listKeras(path string) ([]Array, error) {
	contents, err := kerasweights.Open(path)
	if err != nil {
		return nil, err
	}
	var list []Array
	for _, a := range contents.Arrays() {
		list = append(list, Array{Name: a.Name, Type: a.Dtype, Shape: a.Shape})
	}
	return list, nil
}

func listCaffemodel(path string) ([]Array, error) {
	weights, err := caffe.ReadWeights(path)
	var list []Array
	for _, w := range weights {
		list = append(list, Array{Name: fmt.Sprintf("%s[%d]", w.Layer, w.Index), Type: w.Dtype, Shape: w.Shape})
	}
	return list, err
}

func listMean(path string) ([]Array, error) {
	blob, err := caffe.ReadMean(path)
	if err != nil {
		return nil, err
	}
	return []Array{{Name: "mean", Type: blob.Dtype, Shape: blob.Shape}}, nil
}

func listSolverState(path string) ([]Array, error) {
	state, err := caffe.ReadSolverState(path)
	if err != nil {
		return nil, err
	}
	var list []Array
	for i, blob := range state.History {
		list = append(list, Array{Name: fmt.Sprintf("history[%d]", i), Type: blob.Dtype, Shape: blob.Shape})
	}
	return list, nil
}

func listCheckpoint(path string) ([]Array, error) {
	c, err := tensorflow.OpenCheckpoint(path)
	if err != nil {
		return nil, err
	}
	var list []Array
	for _, e := range c.Entries() {
		list = append(list, Array{Name: e.Name, Type: e.DType.String(), Shape: e.Shape, Role: string(c.Role(e))})
	}
	return list, nil
}

// readGraphToLookAt reads a graph whose weights may be missing.
func (p *parts) readGraphToLookAt() (*graph.Graph, error) {
	if p.Weights != "" || p.Framework == "onnx" {
		return p.readGraph()
	}
	if p.Framework == "caffe" {
		net, err := caffe.ReadNet(p.Model)
		if err != nil {
			return nil, err
		}
		return caffe.Lower(net, nil, caffe.Options{})
	}
	if p.Framework == "keras" {
		m, w, err := keras.Read(p.Model)
		if err != nil {
			return nil, err
		}
		return keras.Lower(m, w)
	}
	def, err := tensorflow.Read(p.Model)
	if err != nil {
		return nil, err
	}
	return tensorflow.Lower(def, nil)
}
