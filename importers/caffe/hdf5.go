package caffe

import (
	"slices"
	"strconv"
	"strings"

	"parity/importers/hdf5"
	"parity/importers/source"
)

// readHDF5Weights reads a .caffemodel.h5: the blobs of a layer are datasets named by their index, in the group
// data/LAYER.
func readHDF5Weights(path string) (*Net, error) {
	n := &Net{File: path, binary: true}
	layers := map[string]*Layer{}
	err := hdf5.Visit(path, hdf5.Visitor{Dataset: func(d *hdf5.Dataset) error {
		place, ok := strings.CutPrefix(d.Path, "/data/")
		cut := strings.LastIndexByte(place, '/')
		if !ok || cut < 0 {
			return nil
		}
		l := layers[place[:cut]]
		if l == nil {
			l = hdf5Layer(path, place[:cut])
			layers[l.Name], n.Layers = l, append(n.Layers, l)
		}
		return addBlob(&l.Blobs, place[cut+1:], d)
	}})
	if err != nil {
		return nil, err
	}
	for _, l := range n.Layers {
		if i := slices.Index(l.Blobs, nil); i >= 0 {
			return nil, source.Errorf(path, "/data/"+l.Name, "the layer has %d blobs or more, but not number %d", len(l.Blobs), i)
		}
	}
	if len(n.Layers) == 0 {
		return nil, source.Errorf(path, "", "expected weights in a group named data, as Caffe saves them; found none")
	}
	return n, nil
}

func hdf5Layer(file, name string) *Layer {
	m := &Message{Type: "LayerParameter", File: file, Position: "/data/" + name}
	m.set("name", m.Position, name)
	return &Layer{Name: name, Settings: m, Parts: []string{name}}
}

// readHDF5State reads a .solverstate.h5.
func readHDF5State(path string) (*SolverState, error) {
	s := &SolverState{File: path, Iteration: -1}
	err := hdf5.Visit(path, hdf5.Visitor{Dataset: func(d *hdf5.Dataset) (err error) {
		name, history := strings.CutPrefix(d.Path, "/history/")
		switch {
		case history:
			err = addBlob(&s.History, name, d)
		case d.Path == "/iter":
			s.Iteration, err = d.Number()
		case d.Path == "/current_step":
			s.CurrentStep, err = d.Number()
		case d.Path == "/learned_net":
			s.LearnedNet, err = d.Text()
		}
		return err
	}})
	switch {
	case err != nil:
		return nil, err
	case s.Iteration < 0:
		return nil, source.Errorf(path, "", "expected the state of a solver; found no dataset iter")
	case slices.Contains(s.History, nil):
		return nil, source.Errorf(path, "/history", "the blobs are not numbered from 0 to %d", len(s.History)-1)
	}
	return s, nil
}

// addBlob reads a dataset as the blob of a number.
func addBlob(blobs *[]*Blob, number string, d *hdf5.Dataset) error {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= maxBlobs {
		return d.Errorf("expected a blob's number, found %q", number)
	}
	v, err := d.Floats()
	if err != nil {
		return err
	}
	for len(*blobs) <= i {
		*blobs = append(*blobs, nil)
	}
	(*blobs)[i] = &Blob{Shape: d.Shape, Dtype: d.Dtype(), Value: v, File: d.File, Position: d.Path}
	return nil
}

// maxBlobs is beyond the number of parameters of any network.
const maxBlobs = 1 << 16
