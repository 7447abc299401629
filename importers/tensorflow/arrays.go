package tensorflow

import (
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/importers/pickle"
	"parity/importers/source"
)

// arrays are variables that stand in a NumPy file, in TensorFlow's layout.
type arrays struct {
	path   string
	byName map[string]tensor.Any
}

// openArrays reads a .npz with arrays by the variables' names, or the dictionary of a .npy, whose names are LAYER/PARAMETER.
func openArrays(path string) (*arrays, error) {
	a := &arrays{path, map[string]tensor.Any{}}
	if pickle.IsPickled(path) {
		weights, err := pickle.ReadWeights(path)
		for _, w := range weights {
			a.byName[w.Layer+"/"+w.Name] = w.Value
		}
		return a, err
	}
	t, err := npz.Read(path)
	if err != nil {
		return nil, err
	}
	for _, name := range t.Names() {
		a.byName[name], _ = t.Get(name)
	}
	return a, nil
}

// find allows for the :0 that tensors' names end in.
func (a *arrays) find(name string) (tensor.Any, bool) {
	v, ok := a.byName[name]
	if !ok {
		v, ok = a.byName[strings.TrimSuffix(name, ":0")+":0"]
	}
	return v, ok
}

func (a *arrays) Shape(name string) (tensor.Shape, bool) {
	v, ok := a.find(name)
	if !ok {
		return nil, false
	}
	return v.Dims(), true
}

func (a *arrays) Read(name string) (tensor.Any, error) {
	v, ok := a.find(name)
	if !ok {
		return nil, source.Errorf(a.path, "", "expected an array %q, found %d without it", name, len(a.byName))
	}
	return v, nil
}

func (a *arrays) Place() string { return a.path }
