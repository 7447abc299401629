package proto

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/source"
	"parity/importers/text"
	"parity/importers/wire"
)

// Field is one field of a message.
type Field struct {
	Name   string
	binary wire.Field
	text   *text.Field
}

// Position is the field's place in the file.
func (f Field) Position() string {
	if f.text != nil {
		return f.text.Position()
	}
	return source.Offset(f.binary.Offset)
}

// Errorf returns an error at the field's place.
func (f Field) Errorf(format string, args ...any) error {
	if f.text != nil {
		return f.text.Errorf(format, args...)
	}
	return f.binary.Errorf(format, args...)
}

// Message returns the field as a message.
func (f Field) Message() (Message, error) {
	if f.text == nil {
		m, err := f.binary.Message()
		return Message{binary: m}, err
	}
	if f.text.Message == nil {
		return Message{}, f.Errorf("%s should hold a message in braces", f.Name)
	}
	return Message{text: f.text.Message}, nil
}

// Bytes returns the field as bytes, which may be part of the file's.
func (f Field) Bytes() ([]byte, error) {
	if f.text != nil {
		return f.text.Bytes()
	}
	if f.binary.Type != protowire.BytesType {
		return nil, f.Errorf("%s should hold bytes, found wire type %d", f.Name, f.binary.Type)
	}
	return f.binary.Bytes, nil
}

// String returns the field as text.
func (f Field) String() (string, error) {
	b, err := f.Bytes()
	return string(b), err
}

// Int returns the field as an integer.
func (f Field) Int() (int64, error) {
	if f.text != nil {
		return f.text.Int()
	}
	return f.binary.Int()
}

// Bool returns the field as true or false.
func (f Field) Bool() (bool, error) {
	if f.text != nil {
		return f.text.Bool()
	}
	v, err := f.binary.Int()
	return v != 0, err
}

// Float returns the field as a number in single precision.
func (f Field) Float() (float32, error) {
	if f.text != nil {
		return f.text.Float()
	}
	return f.binary.Float()
}

// Enum returns the number of an enum's value; in text it may be written by name.
func (f Field) Enum(numbers map[string]int) (int, error) {
	if f.text == nil || f.text.IsNumber() {
		v, err := f.Int()
		return int(v), err
	}
	name, err := f.text.Enum()
	if err != nil {
		return 0, err
	}
	v, ok := numbers[name]
	if !ok {
		return 0, f.Errorf("%s is no value of %s", name, f.Name)
	}
	return v, nil
}

// Ints appends the values of a repeated integer field.
func (f Field) Ints(to []int64) ([]int64, error) {
	if f.text == nil {
		return f.binary.Ints(to)
	}
	v, err := f.text.Int()
	return append(to, v), err
}

// Bools appends the values of a repeated boolean field, as integers.
func (f Field) Bools(to []int64) ([]int64, error) {
	if f.text == nil {
		return f.binary.Ints(to)
	}
	v, err := f.text.Bool()
	if v {
		return append(to, 1), err
	}
	return append(to, 0), err
}

// Floats appends the values of a repeated float field.
func (f Field) Floats(to []float32) ([]float32, error) {
	if f.text == nil {
		return f.binary.Floats(to)
	}
	v, err := f.text.Float()
	return append(to, v), err
}

// Doubles appends the values of a repeated double field.
func (f Field) Doubles(to []float64) ([]float64, error) {
	if f.text == nil {
		return f.binary.Doubles(to)
	}
	v, err := f.text.Double()
	return append(to, v), err
}

// Fixed32 returns a fixed32 field.
func (f Field) Fixed32() (uint32, error) {
	if f.text != nil {
		v, err := f.text.Int()
		return uint32(v), err
	}
	if f.binary.Type != protowire.Fixed32Type {
		return 0, f.Errorf("%s should hold 4 bytes, found wire type %d", f.Name, f.binary.Type)
	}
	return uint32(f.binary.Value), nil
}

// Enums returns the values of a repeated enum, of which text has one for each field.
func (f Field) Enums(numbers map[string]int) ([]int64, error) {
	if f.text == nil {
		return f.binary.Ints(nil)
	}
	v, err := f.Enum(numbers)
	return []int64{int64(v)}, err
}
