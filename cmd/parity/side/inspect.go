package side

import (
	"fmt"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
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
	case ".npz", ".npy":
		return listNpz
	case ".binaryproto":
		return listMean
	case ".solverstate":
		return listSolverState
	}
	if isCaffemodel(filepath.Base(path)) {
		return listCaffemodel
	}
	if exists(path) && !tensorflow.IsCheckpointFile(path) || !exists(path) && !exists(path+".index") {
		return nil
	}
	return listCheckpoint
}

func listNpz(path string) ([]Array, error) {
	infos, err := npz.List(path)
	var list []Array
	for _, i := range infos {
		list = append(list, Array{i.Name, i.Dtype, i.Shape})
	}
	return list, err
}

func listCaffemodel(path string) ([]Array, error) {
	weights, err := caffe.ReadWeights(path)
	var list []Array
	for _, w := range weights {
		list = append(list, Array{fmt.Sprintf("%s[%d]", w.Layer, w.Index), w.Dtype, w.Shape})
	}
	return list, err
}

func listMean(path string) ([]Array, error) {
	blob, err := caffe.ReadMean(path)
	if err != nil {
		return nil, err
	}
	return []Array{{"mean", blob.Dtype, blob.Shape}}, nil
}

func listSolverState(path string) ([]Array, error) {
	state, err := caffe.ReadSolverState(path)
	if err != nil {
		return nil, err
	}
	var list []Array
	for i, blob := range state.History {
		list = append(list, Array{fmt.Sprintf("history[%d]", i), blob.Dtype, blob.Shape})
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
		list = append(list, Array{e.Name, e.DType.String(), e.Shape})
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
	def, err := tensorflow.Read(p.Model)
	if err != nil {
		return nil, err
	}
	return tensorflow.Lower(def, nil)
}
