package caffe

import (
	"math"
	"slices"
	"strings"

	"parity/importers/source"
	"parity/importers/text"
)

// readText checks a text message against the schema. As in protobuf's own reader, an unknown field is an error, and so
// is a second value of a field that is not repeated.
func readText(kind string, t *text.Message) (*Message, error) {
	m := &Message{Type: kind, File: t.File, Position: source.LineColumn(t.Line, t.Column)}
	for _, f := range t.Fields {
		d, ok := named(kind, f.Name)
		if !ok {
			return nil, f.Errorf("%s has no field %q%s", kind, f.Name, fieldHint(kind, f.Name))
		}
		if !d.repeated() && m.Has(d.name) {
			return nil, f.Errorf("%s is stated twice; it was at %s before", d.name, m.last(d.name).Position)
		}
		v, err := textValue(d, f)
		if err != nil {
			return nil, err
		}
		m.set(d.name, f.Position(), v)
	}
	return m, nil
}

func textValue(d definition, f *text.Field) (any, error) {
	if values, ok := enums[d.elem()]; ok {
		return textEnum(d, f, values)
	}
	switch d.elem() {
	case "bool":
		return f.Bool()
	case "int32":
		return textInt(f, math.MinInt32, math.MaxInt32)
	case "uint32":
		return textInt(f, 0, math.MaxUint32)
	case "int64":
		return f.Int()
	case "float":
		return f.Float()
	case "double":
		return f.Double()
	case "string":
		return f.String()
	}
	if f.Message == nil {
		return nil, f.Errorf("%s should hold a message in braces: %s { ... }", f.Name, f.Name)
	}
	m, err := readText(d.elem(), f.Message)
	if err != nil {
		return nil, err
	}
	m.Position = f.Position()
	if d.elem() == "BlobProto" {
		return blobOf(m)
	}
	return m, nil
}

func textInt(f *text.Field, least, most int64) (int64, error) {
	v, err := f.Int()
	if err == nil && (v < least || v > most) {
		err = f.Errorf("%s should be between %d and %d, found %d", f.Name, least, most, v)
	}
	return v, err
}

// textEnum returns the name of an enum's value, which may be written as its number.
func textEnum(d definition, f *text.Field, values []string) (string, error) {
	if f.IsNumber() {
		v, err := f.Int()
		if err == nil && (v < 0 || v >= int64(len(values)) || values[v] == "") {
			err = f.Errorf("%s has no value %d; it is one of %s", d.name, v, join(values))
		}
		if err != nil {
			return "", err
		}
		return values[v], nil
	}
	name, err := f.Enum()
	if err != nil {
		return "", f.Errorf("%s should hold a name without quotes, such as %s", d.name, values[len(values)-1])
	}
	if !slices.Contains(values, name) {
		return "", f.Errorf("%s has no value %s%s", d.name, name, enumHint(name, values))
	}
	return name, nil
}

func enumHint(name string, values []string) string {
	if hint := didYouMean(name, values); hint != "" {
		return hint
	}
	return "; it is one of " + join(values)
}

func join(values []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" }), ", ")
}
