// Package text reads protobuf's text format (.prototxt, .pbtxt) into a tree of fields, each with its line and column.
//
// It knows no schema: what a field's value means is for the reader of the tree, who asks for it as a number, a string
// or a message and gets an error at the value's place if it is none.
package text

import "parity/importers/source"

// MaxDepth is how deep messages may be nested: what protobuf's own parsers allow.
const MaxDepth = 100

// Message is the fields between braces, or those of a whole file.
type Message struct {
	File string
	// Line and Column are where the message begins; both count from 1, columns in bytes.
	Line, Column int
	Fields       []*Field
}

// Field is one field with one value. A list, as in `dim: [1, 3]`, is spread into a field for each element.
type Field struct {
	Name string
	// Line and Column are those of the name; for a further element of a list those of the element.
	Line, Column int
	// Message is the value of a field in braces, nil for a scalar.
	Message *Message

	file  string
	value token
}

// Position is the field's place, as in errors.
func (f *Field) Position() string { return source.LineColumn(f.Line, f.Column) }

// Errorf returns an error at the field's place.
func (f *Field) Errorf(format string, args ...any) error {
	return source.Errorf(f.file, f.Position(), format, args...)
}

// Errorf returns an error at the message's place.
func (m *Message) Errorf(format string, args ...any) error {
	return source.Errorf(m.File, source.LineColumn(m.Line, m.Column), format, args...)
}
