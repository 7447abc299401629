// Package caffe reads Caffe's networks and weights.
//
// A file becomes Caffe's own model first, a Net, whatever of its three formats it is in; lowering turns the net and
// its weights into the common graph. The schema is checked on the way: Caffe refuses a file with a field that it does
// not know, and so does this package.
package caffe

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/importers/hdf5"
	"parity/importers/pickle"
	"parity/importers/source"
	"parity/importers/text"
	"parity/importers/wire"
)

// Options say which layers are part of the network. The zero value is the network of inference.
type Options struct {
	Phase  Phase
	Level  int
	Stages []string
}

// Load reads a network for inference and its weights.
//
// The model is a .prototxt, or a .caffemodel, which holds the layers that its weights belong to. Without a path of
// weights they are taken from the model's own file.
func Load(model, weights string) (*graph.Graph, error) { return LoadWith(model, weights, Options{}) }

// LoadWith is Load with the phase, level and stages chosen.
func LoadWith(model, weights string, o Options) (*graph.Graph, error) {
	net, err := ReadNet(model)
	if err != nil {
		return nil, err
	}
	var w *Net
	if weights == model {
		w = net
	} else if weights != "" {
		if w, err = readWeightsOf(net, weights); err != nil {
			return nil, err
		}
	}
	l, err := lower(net, w, o)
	if err != nil {
		return nil, err
	}
	if len(l.unweighted) > 0 {
		return nil, l.unweighted[0].Errorf("needs weights, and none are given: name a .caffemodel too")
	}
	return l.g, nil
}

// Lower turns a network into a graph. Weights may be nil: the nodes then have the parameters that the network's file
// holds itself, and none where it has none, which is a graph to look at and not to run.
func Lower(net, weights *Net, o Options) (*graph.Graph, error) {
	l, err := lower(net, weights, o)
	if err != nil {
		return nil, err
	}
	return l.g, nil
}

// ReadNet reads a .prototxt or .caffemodel.
func ReadNet(path string) (*Net, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if isBinary(path, data) {
		return ParseBinary(path, data)
	}
	return ParseText(path, data)
}

// isBinary goes by the file's name where it says, and otherwise by what text never holds.
func isBinary(path string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".caffemodel", ".binaryproto":
		return true
	case ".prototxt", ".pt", ".txt", ".pbtxt":
		return false
	}
	return !isText(data)
}

// isText tells whether a file begins without any of the control characters that lengths and tags of protobuf are.
func isText(data []byte) bool {
	return !bytes.ContainsFunc(data[:min(len(data), 1<<10)], func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f", r) })
}

// readWeightsOf reads a network's weights from a .caffemodel, .caffemodel.h5 or caffe-tensorflow's .npy.
func readWeightsOf(net *Net, path string) (*Net, error) {
	if pickle.IsPickled(path) {
		return readNumPyWeights(path, net)
	}
	return readWeights(path)
}

// readWeights reads a .caffemodel or .caffemodel.h5.
func readWeights(path string) (*Net, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if hdf5.Is(data) {
		return readHDF5Weights(path)
	}
	return ParseBinary(path, data)
}

// ParseText reads a network in text; file is what errors and origins call it.
func ParseText(file string, data []byte) (*Net, error) {
	t, err := text.Parse(file, data)
	if err != nil {
		return nil, err
	}
	if isSolver(t) {
		return nil, source.Errorf(file, "", "this is a solver's file; name the network's, which the solver gives as `net: \"...\"`")
	}
	m, err := readText("NetParameter", t)
	if err != nil {
		return nil, err
	}
	return newNet(m)
}

// isSolver tells a solver's file by fields that no network has.
func isSolver(t *text.Message) bool {
	return slices.ContainsFunc(t.Fields, func(f *text.Field) bool {
		return slices.Contains([]string{"base_lr", "net", "train_net", "net_param", "train_net_param"}, f.Name)
	})
}

// ParseBinary reads a caffemodel.
func ParseBinary(file string, data []byte) (*Net, error) {
	if err := notProtobuf(file, "caffemodel", data); err != nil {
		return nil, err
	}
	skipped := 0
	m, err := readBinary("NetParameter", wire.New(file, data), &skipped)
	if err != nil {
		return nil, err
	}
	n, err := newNet(m)
	if err != nil {
		return nil, err
	}
	n.binary = true
	if skipped > 0 {
		n.Notes = append(n.Notes, fmt.Sprintf("%s: %d fields are not BVLC Caffe's and are passed over: a fork of Caffe wrote the file", filepath.Base(file), skipped))
	}
	return n, nil
}

// notProtobuf recognises what is given in place of a binary file.
func notProtobuf(file, what string, data []byte) error {
	switch {
	case bytes.HasPrefix(data, []byte("version https://git-lfs")):
		return source.Errorf(file, "", "expected a %s: this is a Git LFS pointer, not the file; fetch it with `git lfs pull`", what)
	case hdf5.Is(data):
		return source.Errorf(file, "", "expected a %s, found an HDF5 file", what)
	case len(data) == 0:
		return source.Errorf(file, "", "expected a %s, found an empty file", what)
	case isText(data):
		return source.Errorf(file, "", "expected a %s, found text", what)
	}
	return nil
}
