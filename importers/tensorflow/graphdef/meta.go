package graphdef

import (
	"slices"
	"strings"

	"parity/importers/proto"
	"parity/importers/source"
)

// MetaGraph is a graph with what TensorFlow notes of its use.
type MetaGraph struct {
	*Graph
	Tags       []string
	Signatures []*Signature // in the order of their names
	// Restore names the node that restores the variables; empty for none.
	Restore string
}

// Signature is a way to call a graph.
type Signature struct {
	Name            string
	Inputs, Outputs []Binding // in the order of their names
}

// Binding is the name by which callers know a tensor of a graph.
type Binding struct{ Name, Tensor string }

// ReadSavedModel reads a saved_model.pb or saved_model.pbtxt.
func ReadSavedModel(file string, data []byte) ([]*MetaGraph, error) {
	m := proto.Binary(file, data)
	if isText(data) {
		var err error
		if m, err = proto.Text(file, data); err != nil {
			return nil, err
		}
	}
	var list []*MetaGraph
	for f, err := range m.Fields(savedModelSchema) {
		if err == nil && f.Name == "meta_graphs" {
			var inner proto.Message
			if inner, err = f.Message(); err == nil {
				var g *MetaGraph
				g, err = readMetaGraph(inner)
				list = append(list, g)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if len(list) == 0 {
		return nil, source.Errorf(file, "", "expected a SavedModel with graphs, found none in it")
	}
	for _, g := range list {
		g.Within = savedModelSchema.Name
	}
	return list, nil
}

// readMetaGraph reads a MetaGraphDef, which TensorFlow writes into SavedModels and, as *.meta, beside checkpoints.
func readMetaGraph(m proto.Message) (*MetaGraph, error) {
	g := &MetaGraph{}
	for f, err := range m.Fields(metaGraphSchema) {
		if err == nil {
			err = g.read(f)
		}
		if err != nil {
			return nil, err
		}
	}
	if g.Graph == nil {
		return nil, source.Errorf(m.File(), m.Position(), "expected a graph_def in the MetaGraphDef, found none")
	}
	g.Graph.Within = metaGraphSchema.Name
	slices.SortFunc(g.Signatures, func(a, b *Signature) int { return strings.Compare(a.Name, b.Name) })
	return g, nil
}

func (g *MetaGraph) read(f proto.Field) error {
	read, known := map[string]func(proto.Message) error{
		"meta_info_def": g.readInfo, "graph_def": g.readGraph, "saver_def": g.readSaver, "signature_def": g.readSignature,
	}[f.Name]
	if !known {
		return nil
	}
	m, err := f.Message()
	if err != nil {
		return err
	}
	return read(m)
}

func (g *MetaGraph) readGraph(m proto.Message) (err error) {
	g.Graph, err = readGraph(m)
	return err
}

func (g *MetaGraph) readInfo(m proto.Message) error {
	for f, err := range m.Fields(metaInfoSchema) {
		if err == nil && f.Name == "tags" {
			var tag string
			tag, err = f.String()
			g.Tags = append(g.Tags, tag)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *MetaGraph) readSaver(m proto.Message) error {
	for f, err := range m.Fields(saverSchema) {
		if err == nil && f.Name == "restore_op_name" {
			g.Restore, err = f.String()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *MetaGraph) readSignature(m proto.Message) error {
	s := &Signature{}
	for f, err := range m.Fields(entrySchema) {
		switch {
		case err != nil:
		case f.Name == "key":
			s.Name, err = f.String()
		case f.Name == "value":
			err = s.read(f)
		}
		if err != nil {
			return err
		}
	}
	g.Signatures = append(g.Signatures, s)
	return nil
}

func (s *Signature) read(f proto.Field) error {
	m, err := f.Message()
	if err != nil {
		return err
	}
	for f, err := range m.Fields(signatureSchema) {
		switch {
		case err != nil:
		case f.Name == "inputs":
			s.Inputs, err = appendBinding(s.Inputs, f)
		case f.Name == "outputs":
			s.Outputs, err = appendBinding(s.Outputs, f)
		}
		if err != nil {
			return err
		}
	}
	for _, list := range [][]Binding{s.Inputs, s.Outputs} {
		slices.SortFunc(list, func(a, b Binding) int { return strings.Compare(a.Name, b.Name) })
	}
	return nil
}

func appendBinding(to []Binding, f proto.Field) ([]Binding, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	var b Binding
	for f, err := range m.Fields(entrySchema) {
		switch {
		case err != nil:
		case f.Name == "key":
			b.Name, err = f.String()
		case f.Name == "value":
			b.Tensor, err = tensorName(f)
		}
		if err != nil {
			return nil, err
		}
	}
	return append(to, b), nil
}

// tensorName is what a TensorInfo names; empty for a sparse or composite tensor.
func tensorName(f proto.Field) (name string, err error) {
	m, err := f.Message()
	if err != nil {
		return "", err
	}
	for f, err := range m.Fields(tensorInfoSchema) {
		if err == nil && f.Name == "name" {
			name, err = f.String()
		}
		if err != nil {
			return "", err
		}
	}
	return name, nil
}
