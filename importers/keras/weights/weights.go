// Package weights finds the weights of Keras's layers in its files: the HDF5 of Keras 2, in which weights have names, that of
// Keras 3, in which they have numbers, and checkpoints.
package weights

import (
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/hdf5"
	"parity/importers/source"
)

// Source holds weights.
type Source interface {
	// Find returns a weight of a layer, nil if there is none.
	Find(w Wanted) (tensor.Any, error)
	// Place names the file for messages.
	Place() string
}

// Wanted describes a weight.
type Wanted struct {
	// Layers is the layer's name behind those of the models that it stands in, but for the outermost.
	Layers []string
	// Group is where Keras 3 files the layer: layers/conv2d_1, layers/functional/layers/conv2d. Parents are the groups that
	// the models have.
	Group string
	// Names are what Keras calls the weight; its versions do not agree. Number counts the layer's weights.
	Names  []string
	Number int
}

// Contents is what an HDF5 file holds.
type Contents struct {
	file     string
	datasets []entry
	named    map[string]string // groups of Keras 3 by their parent and the layer's name, if it is noted
	// Config is the model's description, where the file has it.
	Config string
}

type entry struct {
	path    string // model_weights/conv1/conv1/kernel:0, layers/conv2d/vars/0
	dataset *hdf5.Dataset
	numeric bool
}

// Open reads an HDF5 file.
func Open(path string) (*Contents, error) {
	c := &Contents{file: path, named: map[string]string{}}
	return c, hdf5.Visit(path, c.visitor())
}

// Parse reads the bytes of an HDF5 file that is part of another.
func Parse(name string, data []byte) (*Contents, error) {
	c := &Contents{file: name, named: map[string]string{}}
	return c, hdf5.VisitBytes(name, data, c.visitor())
}

func (c *Contents) visitor() hdf5.Visitor { return hdf5.Visitor{Group: c.group, Dataset: c.dataset} }

func (c *Contents) group(path string, attributes map[string]string) error {
	if path == "" {
		c.Config = attributes["model_config"]
	}
	if parent, ok := strings.CutSuffix(strings.TrimPrefix(path, "/"), "/vars"); ok && attributes["name"] != "" {
		c.named[above(parent)+"/"+attributes["name"]] = parent
	}
	return nil
}

func above(path string) string { return path[:max(strings.LastIndexByte(path, '/'), 0)] }

func (c *Contents) dataset(d *hdf5.Dataset) error {
	c.datasets = append(c.datasets, entry{path: strings.TrimPrefix(d.Path, "/"), dataset: d, numeric: d.Kind == "float"})
	return nil
}

// Array is one array of a file, for people.
type Array struct {
	Name, Dtype string
	Shape       tensor.Shape
}

// Arrays lists what the file holds.
func (c *Contents) Arrays() (list []Array) {
	for _, e := range c.datasets {
		list = append(list, Array{e.path, e.dataset.Dtype(), e.dataset.Shape})
	}
	return list
}

// Place names the file in messages.
func (c *Contents) Place() string { return c.file }

// optimizers are the groups of what training keeps beside the weights.
var optimizers = []string{"optimizer", "optimizer_weights"}

// Find looks in both ways in which Keras has filed weights.
func (c *Contents) Find(w Wanted) (tensor.Any, error) {
	if e := c.numbered(w); e != nil {
		return e.dataset.Floats()
	}
	var found []*entry
	for i := range c.datasets {
		if e := &c.datasets[i]; e.numeric && matches(e.path, w) {
			found = append(found, e)
		}
	}
	if len(found) > 1 {
		return nil, source.Errorf(c.file, "/"+found[0].path, "the weight %s of the layer %q could also be %s", w.Names[0], strings.Join(w.Layers, "/"), found[1].path)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0].dataset.Floats()
}

// numbered finds a weight as Keras 3 files it. Where it notes the layer's name, that counts.
func (c *Contents) numbered(w Wanted) *entry {
	group := w.Group
	if noted, ok := c.named[above(group)+"/"+w.Layers[len(w.Layers)-1]]; ok {
		group = noted
	}
	path := group + "/vars/" + strconv.Itoa(w.Number)
	for i := range c.datasets {
		if c.datasets[i].path == path && c.datasets[i].numeric {
			return &c.datasets[i]
		}
	}
	return nil
}

// matches knows the way of Keras 2: below the name of the outermost layer, the weight's own name, which ends in LAYER/WEIGHT and
// may have a number behind it.
func matches(path string, w Wanted) bool {
	parts := strings.Split(path, "/")
	if parts[0] == "model_weights" {
		parts = parts[1:]
	}
	if len(parts) < 2 || slices.Contains(optimizers, parts[0]) || parts[0] != w.Layers[0] {
		return false
	}
	if len(w.Layers) > 1 && (len(parts) < 3 || parts[len(parts)-2] != w.Layers[len(w.Layers)-1]) {
		return false
	}
	name := strings.TrimSuffix(parts[len(parts)-1], ":0")
	return slices.Contains(w.Names, name)
}
