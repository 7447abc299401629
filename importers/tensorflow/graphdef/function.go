package graphdef

import "parity/importers/proto"

// readFunction reads a FunctionDef.
func readFunction(f proto.Field) (*Function, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	fn := &Function{Position: f.Position(), Returns: map[string]string{}}
	for f, err := range m.Fields(definedSchema) {
		if err == nil {
			err = fn.read(f)
		}
		if err != nil {
			return nil, err
		}
	}
	return fn, nil
}

func (fn *Function) read(f proto.Field) error {
	if f.Name != "signature" && f.Name != "node_def" && f.Name != "ret" {
		return nil
	}
	m, err := f.Message()
	if err != nil {
		return err
	}
	switch f.Name {
	case "signature":
		return fn.readSignature(m)
	case "ret":
		return fn.readReturn(m)
	}
	n, err := readNode(f, m)
	fn.Nodes = append(fn.Nodes, n)
	return err
}

func (fn *Function) readSignature(m proto.Message) error {
	for f, err := range m.Fields(operationSchema) {
		switch {
		case err != nil:
		case f.Name == "name":
			fn.Name, err = f.String()
		case f.Name == "input_arg":
			fn.Inputs, err = appendArgument(fn.Inputs, f)
		case f.Name == "output_arg":
			fn.Outputs, err = appendArgument(fn.Outputs, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func appendArgument(to []Argument, f proto.Field) ([]Argument, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	var a Argument
	for f, err := range m.Fields(argumentSchema) {
		switch {
		case err != nil:
		case f.Name == "name":
			a.Name, err = f.String()
		case f.Name == "number_attr", f.Name == "type_list_attr":
			a.List = true
		}
		if err != nil {
			return nil, err
		}
	}
	return append(to, a), nil
}

func (fn *Function) readReturn(m proto.Message) error {
	key, value, err := readPair(m)
	fn.Returns[key] = value
	return err
}

// readPair reads an entry of a map from text to text.
func readPair(m proto.Message) (key, value string, err error) {
	for f, err := range m.Fields(entrySchema) {
		switch {
		case err != nil:
		case f.Name == "key":
			key, err = f.String()
		case f.Name == "value":
			value, err = f.String()
		}
		if err != nil {
			return "", "", err
		}
	}
	return key, value, nil
}
