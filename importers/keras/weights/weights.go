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
	// Places are those of the layer and the models around it, from the outside.
	Places []Place
}

// Place says where a layer stands in its model: among all of its layers, and as Keras 2 counts, which leaves out what feeds a
// Sequential model.
type Place struct{ Operation, Layer int }

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
	for _, fits := range []func(string, Wanted) bool{exactly, loosely} {
		var found []*entry
		for i := range c.datasets {
			if e := &c.datasets[i]; e.numeric && fits(e.path, w) {
				found = append(found, e)
			}
		}
		if len(found) > 1 {
			return nil, source.Errorf(c.file, "/"+found[0].path, "the weight %s of the layer %q could also be %s", w.Names[0], strings.Join(w.Layers, "/"), found[1].path)
		}
		if len(found) == 1 {
			return found[0].dataset.Floats()
		}
	}
	return nil, nil
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

// below is a weight's own name in the way of Keras 2, which files it below the name of the outermost layer; layers' names may have
// slashes.
func below(path string, w Wanted) (string, bool) {
	path = strings.TrimPrefix(path, "model_weights/")
	if group, _, _ := strings.Cut(path, "/"); slices.Contains(optimizers, group) {
		return "", false
	}
	name, ok := strings.CutPrefix(path, w.Layers[0]+"/")
	return strings.TrimSuffix(name, ":0"), ok
}

// exactly knows weights by the names of the layer, or of all around it, and their own.
func exactly(path string, w Wanted) bool {
	name, ok := below(path, w)
	last := w.Layers[len(w.Layers)-1]
	return ok && slices.ContainsFunc(w.Names, func(weight string) bool {
		return name == last+"/"+weight || name == strings.Join(w.Layers, "/")+"/"+weight
	})
}

// loosely knows them by what their names end in: within a model the layer's name and the weight's, elsewhere the weight's.
func loosely(path string, w Wanted) bool {
	name, ok := below(path, w)
	prefix := ""
	if len(w.Layers) > 1 {
		prefix = w.Layers[len(w.Layers)-1] + "/"
	}
	return ok && slices.ContainsFunc(w.Names, func(weight string) bool {
		return name == prefix+weight || strings.HasSuffix(name, "/"+prefix+weight)
	})
}
