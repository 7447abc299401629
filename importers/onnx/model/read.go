package model

import (
	"os"
	"strings"

	"parity/importers/proto"
	"parity/importers/source"
)

// Read reads a model, in binary or in protobuf's text form. Weights that lie in other files are not read yet.
func Read(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse is Read for a file's bytes.
func Parse(file string, data []byte) (*Model, error) {
	if err := recognise(file, data); err != nil {
		return nil, err
	}
	message, err := parseMessage(file, data)
	if err != nil {
		return nil, err
	}
	m := &Model{File: file, Opsets: map[string]int{}}
	if err := each(message, modelSchema, m.read); err != nil {
		return nil, err
	}
	if m.Graph == nil {
		return nil, source.Errorf(file, "", "expected an ONNX model, found one without a graph")
	}
	return m, nil
}

// parseMessage reads a file in whichever of protobuf's forms it has.
func parseMessage(file string, data []byte) (proto.Message, error) {
	if isText(data) {
		return proto.Text(file, data)
	}
	return proto.Binary(file, data), nil
}

func (m *Model) read(f proto.Field) (err error) {
	switch f.Name {
	case "ir_version":
		var v int64
		v, err = f.Int()
		m.IR = int(v)
	case "producer_name", "producer_version":
		var s string
		s, err = f.String()
		m.Producer = strings.TrimSpace(m.Producer + " " + s)
	case "opset_import":
		err = readOpset(f, m.Opsets)
	case "graph":
		m.Graph, err = readGraph(f, m.File)
	case "functions":
		var fn *Function
		fn, err = readFunction(f, m.File)
		m.Functions = append(m.Functions, fn)
	}
	return err
}

// domain writes that of ONNX's own operations in one way.
func domain(s string) string {
	if s == "ai.onnx" {
		return ""
	}
	return s
}

func readOpset(f proto.Field, to map[string]int) error {
	name, version := "", int64(0)
	err := inside(f, opsetSchema, func(f proto.Field) (err error) {
		if f.Name == "domain" {
			name, err = f.String()
		} else {
			version, err = f.Int()
		}
		return err
	})
	to[domain(name)] = int(version)
	return err
}

func readGraph(f proto.Field, file string) (*Graph, error) {
	g := &Graph{}
	return g, inside(f, graphSchema, func(f proto.Field) error { return g.read(f, file) })
}

func (g *Graph) read(f proto.Field, file string) (err error) {
	switch f.Name {
	case "name":
		g.Name, err = f.String()
	case "node":
		err = appendNode(&g.Nodes, f, file)
	case "initializer":
		var t *Tensor
		t, err = readTensor(f, file)
		g.Initializers = append(g.Initializers, t)
	case "sparse_initializer":
		err = g.readSparse(f, file)
	case "input":
		err = appendValue(&g.Inputs, f)
	case "output":
		err = appendValue(&g.Outputs, f)
	case "value_info":
		err = appendValue(&g.Values, f)
	}
	return err
}

// readSparse notes the name of a sparse initialiser, which its values have.
func (g *Graph) readSparse(f proto.Field, file string) error {
	return inside(f, sparseSchema, func(f proto.Field) error {
		if f.Name != "values" {
			return nil
		}
		t, err := readTensor(f, file)
		if err == nil {
			g.Sparse = append(g.Sparse, t.Name)
		}
		return err
	})
}

func appendNode(to *[]*Node, f proto.Field, file string) error {
	n := &Node{File: file, Position: f.Position(), Attrs: map[string]*Attr{}}
	*to = append(*to, n)
	if err := inside(f, nodeSchema, n.read); err != nil {
		return err
	}
	if n.Op == "" {
		return n.Errorf("a node needs an op_type")
	}
	return nil
}

func (n *Node) read(f proto.Field) (err error) {
	switch f.Name {
	case "input":
		err = appendText(&n.Inputs, f)
	case "output":
		err = appendText(&n.Outputs, f)
	case "name":
		n.Name, err = f.String()
	case "op_type":
		n.Op, err = f.String()
	case "overload":
		n.Overload, err = f.String()
	case "domain":
		n.Domain, err = f.String()
		n.Domain = domain(n.Domain)
	case "attribute":
		var a *Attr
		if a, err = readAttr(f, n.File); err == nil {
			n.Attrs[a.Name] = a
		}
	}
	return err
}

func readFunction(f proto.Field, file string) (*Function, error) {
	fn := &Function{Defaults: map[string]*Attr{}}
	return fn, inside(f, functionSchema, func(f proto.Field) error { return fn.read(f, file) })
}

func (fn *Function) read(f proto.Field, file string) (err error) {
	switch f.Name {
	case "name":
		fn.Name, err = f.String()
	case "domain":
		fn.Domain, err = f.String()
		fn.Domain = domain(fn.Domain)
	case "overload":
		fn.Overload, err = f.String()
	case "input":
		err = appendText(&fn.Inputs, f)
	case "output":
		err = appendText(&fn.Outputs, f)
	case "node":
		err = appendNode(&fn.Nodes, f, file)
	case "attribute_proto":
		var a *Attr
		if a, err = readAttr(f, file); err == nil {
			fn.Defaults[a.Name] = a
		}
	}
	return err
}
