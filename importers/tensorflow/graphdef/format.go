package graphdef

import (
	"bytes"
	"os"
	"regexp"

	"parity/importers/proto"
	"parity/importers/source"
	"parity/importers/wire"
)

// Read reads a graph from a file: a GraphDef or a MetaGraphDef, in binary or in text. What the file is, its content says,
// not its name.
func Read(path string) (*Graph, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse is Read for a file's bytes.
func Parse(file string, data []byte) (*Graph, error) {
	g, err := parse(file, data)
	if err == nil && len(g.Nodes) == 0 {
		err = source.Errorf(file, "", "expected a TensorFlow graph, found one without nodes")
	}
	if err != nil {
		return nil, err
	}
	return g, nil
}

func parse(file string, data []byte) (*Graph, error) {
	if len(data) == 0 {
		return nil, source.Errorf(file, "", "expected a TensorFlow graph, found an empty file")
	}
	if isText(data) {
		return parseText(file, data)
	}
	m := proto.Binary(file, data)
	switch kindOf(data) {
	case savedModel:
		return nil, savedModelError(file)
	case metaGraph:
		return graphOfMeta(m)
	case table:
		return nil, source.Errorf(file, "", "expected a TensorFlow graph, found the index of a checkpoint; give the graph (*.pb, *.pbtxt, *.meta), and this as its weights")
	}
	return readGraph(m)
}

func savedModelError(file string) error {
	return source.Errorf(file, "", "expected one graph, found a SavedModel, which holds several with their signatures")
}

// IsSavedModel tells whether a file's bytes are a SavedModel.
func IsSavedModel(data []byte) bool {
	if len(data) > 0 && isText(data) {
		return savedModelText.Match(data)
	}
	return kindOf(data) == savedModel
}

var savedModelText = regexp.MustCompile(`(?m)^\s*(saved_model_schema_version|meta_graphs)\b`)

func parseText(file string, data []byte) (*Graph, error) {
	m, err := proto.Text(file, data)
	if err != nil {
		return nil, err
	}
	switch {
	case m.Has("saved_model_schema_version"), m.Has("meta_graphs"):
		return nil, savedModelError(file)
	case m.Has("meta_info_def"), m.Has("graph_def"):
		return graphOfMeta(m)
	case m.Has("layer"), m.Has("layers"):
		return nil, source.Errorf(file, m.Position(), "expected a TensorFlow graph, found a Caffe network; give it as caffe:%s", file)
	}
	return readGraph(m)
}

// graphOfMeta is the graph of a file that holds a MetaGraphDef.
func graphOfMeta(m proto.Message) (*Graph, error) {
	g, err := readMetaGraph(m)
	if err != nil {
		return nil, err
	}
	return g.Graph, nil
}

// isText tells the text form by the absence of control characters, of which every binary message is full.
func isText(data []byte) bool {
	for _, c := range data[:min(len(data), 4096)] {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' {
			return false
		}
	}
	return true
}

// fileKind is what a binary file holds.
type fileKind int

const (
	bareGraph fileKind = iota
	metaGraph
	savedModel
	table // of a checkpoint
)

// kindOf tells the kinds of file apart by the first fields: a GraphDef begins with nodes, a MetaGraphDef has the
// graph in its field 2, a SavedModel begins with a number. Damaged files count as a GraphDef, whose reader says what
// is wrong.
func kindOf(data []byte) fileKind {
	if bytes.HasSuffix(data, []byte("\x57\xfb\x80\x8b\x24\x75\x47\xdb")) {
		return table
	}
	first := true
	for f, err := range wire.New("", data).Fields() {
		if err != nil {
			break
		}
		switch {
		case first && f.Number == 1 && len(f.Bytes) == 0 && f.Value > 0:
			return savedModel
		case f.Number == 1 && isNode(f.Bytes):
			return bareGraph
		case f.Number == 2 && beginsWithNode(f.Bytes):
			return metaGraph
		}
		first = false
	}
	return bareGraph
}

func beginsWithNode(graph []byte) bool {
	for f, err := range wire.New("", graph).Fields() {
		return err == nil && f.Number == 1 && isNode(f.Bytes)
	}
	return false
}

var (
	nodeName = regexp.MustCompile(`^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$`)
	opName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_>]*$`)
)

// isNode tells whether bytes are a NodeDef: they begin with a name and an operation.
func isNode(data []byte) bool {
	for f, err := range wire.New("", data).Fields() {
		switch {
		case err != nil:
			return false
		case f.Number == 1 && !nodeName.Match(f.Bytes):
			return false
		case f.Number == 2:
			return opName.Match(f.Bytes)
		}
	}
	return false
}
