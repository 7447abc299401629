package graphdef

import (
	"parity/importers/proto"
	"parity/importers/tensorflow/tensorproto"
)

// readGraph reads a GraphDef.
func readGraph(m proto.Message) (*Graph, error) {
	g := &Graph{File: m.File()}
	for f, err := range m.Fields(graphSchema) {
		if err == nil {
			err = g.read(f)
		}
		if err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *Graph) read(f proto.Field) error {
	if f.Name != "node" && f.Name != "versions" && f.Name != "library" {
		return nil
	}
	m, err := f.Message()
	if err != nil {
		return err
	}
	switch f.Name {
	case "versions":
		return g.readVersions(m)
	case "library":
		return g.readLibrary(m)
	}
	n, err := readNode(f, m)
	g.Nodes = append(g.Nodes, n)
	return err
}

func readNode(f proto.Field, m proto.Message) (*Node, error) {
	n := &Node{File: m.File(), Position: f.Position(), Attrs: map[string]*Attr{}}
	return n, n.read(m)
}

func (g *Graph) readVersions(m proto.Message) error {
	for f, err := range m.Fields(versionsSchema) {
		if err == nil && f.Name == "producer" {
			var v int64
			v, err = f.Int()
			g.Producer = int(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *Graph) readLibrary(m proto.Message) error {
	for f, err := range m.Fields(librarySchema) {
		if err != nil {
			return err
		}
		if f.Name != "function" {
			continue
		}
		fn, err := readFunction(f)
		if err != nil {
			return err
		}
		g.Functions = append(g.Functions, fn)
	}
	return nil
}

func (n *Node) read(m proto.Message) error {
	for f, err := range m.Fields(nodeSchema) {
		if err == nil {
			err = n.readField(f)
		}
		if err != nil {
			return err
		}
	}
	if n.Name == "" || n.Op == "" {
		return n.Errorf("a node needs a name and an op")
	}
	return nil
}

func (n *Node) readField(f proto.Field) (err error) {
	switch f.Name {
	case "name":
		n.Name, err = f.String()
	case "op":
		n.Op, err = f.String()
	case "device":
		n.Device, err = f.String()
	case "input":
		var in string
		in, err = f.String()
		n.Inputs = append(n.Inputs, in)
	case "attr":
		err = n.readAttr(f)
	}
	return err
}

func (n *Node) readAttr(f proto.Field) error {
	m, err := f.Message()
	if err != nil {
		return err
	}
	key, value := "", &Attr{}
	for f, err := range m.Fields(entrySchema) {
		if err == nil && f.Name == "key" {
			key, err = f.String()
		} else if err == nil {
			value, err = readAttr(f)
		}
		if err != nil {
			return err
		}
	}
	n.Attrs[key] = value
	return nil
}

// readAttr reads an AttrValue: one value, or a list of values of one kind.
func readAttr(f proto.Field) (*Attr, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	a := &Attr{}
	for f, err := range m.Fields(valueSchema) {
		if err == nil && f.Name == "list" {
			a.Field = "list"
			a.List, err = readList(f, a.List)
		} else if err == nil {
			a, err = readValue(f)
		}
		if err != nil {
			return nil, err
		}
	}
	return a, nil
}

func readList(f proto.Field, to []*Attr) ([]*Attr, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	for f, err := range m.Fields(listSchema) {
		if err == nil {
			to, err = appendValues(f, to)
		}
		if err != nil {
			return nil, err
		}
	}
	return to, nil
}

// appendValues appends one element, or the several ones of a packed field.
func appendValues(f proto.Field, to []*Attr) ([]*Attr, error) {
	switch f.Name {
	case "i", "type", "b":
		return appendNumbers(f, to)
	case "f":
		v, err := f.Floats(nil)
		for _, x := range v {
			to = append(to, &Attr{Field: "f", Float: x})
		}
		return to, err
	}
	v, err := readValue(f)
	return append(to, v), err
}

func appendNumbers(f proto.Field, to []*Attr) ([]*Attr, error) {
	var v []int64
	var err error
	switch f.Name {
	case "i":
		v, err = f.Ints(nil)
	case "b":
		v, err = f.Bools(nil)
	case "type":
		v, err = f.Enums(tensorproto.DTypes)
	}
	for _, x := range v {
		to = append(to, &Attr{Field: f.Name, Int: x, Bool: x != 0, Type: tensorproto.DType(x)})
	}
	return to, err
}

// readValue reads a single value.
func readValue(f proto.Field) (a *Attr, err error) {
	a = &Attr{Field: f.Name}
	switch f.Name {
	case "s", "placeholder":
		a.Bytes, err = f.Bytes()
	case "i":
		a.Int, err = f.Int()
	case "f":
		a.Float, err = f.Float()
	case "b":
		a.Bool, err = f.Bool()
	case "type":
		var v int
		v, err = f.Enum(tensorproto.DTypes)
		a.Type = tensorproto.DType(v)
	default:
		err = a.readMessage(f)
	}
	return a, err
}

func (a *Attr) readMessage(f proto.Field) error {
	m, err := f.Message()
	if err != nil {
		return err
	}
	switch f.Name {
	case "shape":
		a.Shape, err = tensorproto.ReadShape(m)
	case "tensor":
		a.Tensor, err = tensorproto.Read(m)
	case "func":
		a.Func, err = functionName(m)
	}
	return err
}

func functionName(m proto.Message) (name string, err error) {
	for f, err := range m.Fields(functionSchema) {
		if err == nil && f.Name == "name" {
			name, err = f.String()
		}
		if err != nil {
			return "", err
		}
	}
	return name, nil
}
