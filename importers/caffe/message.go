package caffe

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parity/importers/source"
)

// Message is one message of caffe.proto as a file holds it: checked against the schema, in the file's order, without
// defaults. A nil Message is one that the file leaves out.
type Message struct {
	Type     string // as in caffe.proto
	File     string
	Position string
	Fields   []*Field
}

// Field is one value of a field; a repeated field has one Field for each.
type Field struct {
	Name     string
	Position string
	// Value is a bool, int64, float32, float64, string (for enums their name), *Message or *Blob.
	Value any
}

// String writes the value as a text file would.
func (f *Field) String() string {
	switch v := f.Value.(type) {
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case *Message, *Blob:
		return "{...}"
	}
	return fmt.Sprint(f.Value)
}

// Errorf returns an error at a field's place, at the message's own if it has no such field.
func (m *Message) Errorf(field, format string, args ...any) error {
	position := m.Position
	if f := m.last(field); f != nil {
		position = f.Position
	}
	return source.Errorf(m.File, position, format, args...)
}

// Has tells whether the file states the field.
func (m *Message) Has(name string) bool { return m.last(name) != nil }

// last returns the field's last value, which is the one that counts where it is not repeated.
func (m *Message) last(name string) *Field {
	if m == nil {
		return nil
	}
	for i := len(m.Fields) - 1; i >= 0; i-- {
		if m.Fields[i].Name == name {
			return m.Fields[i]
		}
	}
	return nil
}

// get returns the value of a field of type T, or what Caffe takes where the file leaves it out.
func get[T any](m *Message, name string, otherwise T) T {
	if f := m.last(name); f != nil {
		if v, ok := f.Value.(T); ok {
			return v
		}
	}
	return otherwise
}

// list returns all values of a repeated field.
func list[T any](m *Message, name string) []T {
	var out []T
	if m == nil {
		return nil
	}
	for _, f := range m.Fields {
		if v, ok := f.Value.(T); ok && f.Name == name {
			out = append(out, v)
		}
	}
	return out
}

// Bool returns a field's value, or what is given where the file leaves it out.
func (m *Message) Bool(name string, otherwise bool) bool { return get(m, name, otherwise) }

// Int returns an integer. One beyond 32 bits, which Caffe's int cannot hold, counts as the largest.
func (m *Message) Int(name string, otherwise int) int { return narrow(get(m, name, int64(otherwise))) }

// Float returns a number in the single precision in which Caffe holds its settings.
func (m *Message) Float(name string, otherwise float32) float32 { return get(m, name, otherwise) }

// Text returns a string or an enum's name.
func (m *Message) Text(name, otherwise string) string { return get(m, name, otherwise) }

// Sub returns a message field, nil if the file leaves it out.
func (m *Message) Sub(name string) *Message { return get[*Message](m, name, nil) }

// Ints returns the values of a repeated integer field.
func (m *Message) Ints(name string) []int {
	var out []int
	for _, v := range list[int64](m, name) {
		out = append(out, narrow(v))
	}
	return out
}

func narrow(v int64) int { return int(min(max(v, math.MinInt32), math.MaxInt32)) }

// set appends a field to a message that an upgrade writes.
func (m *Message) set(name, position string, value any) {
	m.Fields = append(m.Fields, &Field{name, position, value})
}

// remove drops all values of a field.
func (m *Message) remove(name string) {
	m.Fields = slices.DeleteFunc(m.Fields, func(f *Field) bool { return f.Name == name })
}

// sub returns a message field to write to, made if there is none.
func (m *Message) sub(name, position string) *Message {
	if s := m.Sub(name); s != nil {
		return s
	}
	d, _ := named(m.Type, name)
	s := &Message{Type: d.elem(), File: m.File, Position: position}
	m.set(name, position, s)
	return s
}

// summary lists the settings of a message for people, nested ones as name.field; fillers, which only matter before
// training, are left out.
func (m *Message) summary() [][2]string {
	var names []string
	values := map[string][]string{}
	add := func(name, value string) {
		if values[name] == nil {
			names = append(names, name)
		}
		values[name] = append(values[name], value)
	}
	for _, f := range m.Fields {
		sub, nested := f.Value.(*Message)
		if !nested {
			add(f.Name, f.String())
		} else if sub.Type != "FillerParameter" {
			for _, s := range sub.summary() {
				add(f.Name+"."+s[0], s[1])
			}
		}
	}
	out := make([][2]string, len(names))
	for i, name := range names {
		out[i] = [2]string{name, strings.Join(values[name], ", ")}
	}
	return out
}
