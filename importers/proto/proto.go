// Package proto reads protobuf messages in either of their forms, binary or text, through one interface, so
// that what a message means is written once.
//
// A Schema lists the fields of one kind of message. Fields of other numbers, which later versions have added, are
// passed over in a binary file; in a text file, which people write, a field of another name is an error.
package proto

import (
	"iter"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/source"
	"parity/importers/text"
	"parity/importers/wire"
)

// Schema is one kind of message: its name and those of its fields by number.
type Schema struct {
	Name   string
	Fields map[protowire.Number]string
}

// has tells whether the schema has a field of that name.
func (s Schema) has(name string) bool {
	for _, field := range s.Fields {
		if field == name {
			return true
		}
	}
	return false
}

// Message is a message in one of the two forms.
type Message struct {
	binary wire.Message
	text   *text.Message
}

// Binary is a message that fills a file.
func Binary(file string, data []byte) Message { return Message{binary: wire.New(file, data)} }

// Text is a message that fills a text file.
func Text(file string, data []byte) (Message, error) {
	m, err := text.Parse(file, data)
	return Message{text: m}, err
}

// File is the file's name as given.
func (m Message) File() string {
	if m.text != nil {
		return m.text.File
	}
	return m.binary.File
}

// Position is where the message begins: "line:column" or "offset N".
func (m Message) Position() string {
	if m.text != nil {
		return source.LineColumn(m.text.Line, m.text.Column)
	}
	return source.Offset(m.binary.Offset)
}

// Fields yields the fields in order, with their names. After an error it ends.
func (m Message) Fields(s Schema) iter.Seq2[Field, error] {
	if m.text != nil {
		return m.textFields(s)
	}
	return m.binaryFields(s)
}

func (m Message) binaryFields(s Schema) iter.Seq2[Field, error] {
	return func(yield func(Field, error) bool) {
		for f, err := range m.binary.Fields() {
			name, known := s.Fields[f.Number]
			if err == nil && !known {
				continue
			}
			if !yield(Field{Name: name, binary: f}, err) {
				return
			}
		}
	}
}

func (m Message) textFields(s Schema) iter.Seq2[Field, error] {
	return func(yield func(Field, error) bool) {
		for _, f := range m.text.Fields {
			var err error
			if !s.has(f.Name) {
				err = f.Errorf("a %s has no field %q", s.Name, f.Name)
			}
			if !yield(Field{Name: f.Name, text: f}, err) || err != nil {
				return
			}
		}
	}
}

// Has tells whether a text message has a field of that name; it is for telling kinds of message apart.
func (m Message) Has(name string) bool {
	if m.text == nil {
		return false
	}
	for _, f := range m.text.Fields {
		if f.Name == name {
			return true
		}
	}
	return false
}
