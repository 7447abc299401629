// Package wire reads protobuf messages straight from bytes, with the offset of every field.
//
// Nothing is allocated for a claimed length: a field's bytes are a slice of the file that was read, so a length
// beyond its end is an error and costs nothing.
package wire

import (
	"encoding/binary"
	"iter"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/source"
)

// MaxDepth is how deep messages may be nested.
const MaxDepth = 100

// Message is the bytes of one message and where they stand in the file.
type Message struct {
	File   string
	Offset int
	Data   []byte
	depth  int
}

// Field is one field of a message.
type Field struct {
	Number protowire.Number
	Type   protowire.Type
	// Value holds a varint, fixed32 or fixed64; Bytes a length-delimited field.
	Value uint64
	Bytes []byte
	// Offset is where the value begins in the file (after the tag and a length).
	Offset int

	file  string
	depth int
}

// New returns the message that fills a file.
func New(file string, data []byte) Message { return Message{File: file, Data: data} }

// Fields yields the fields in order. After an error it ends.
func (m Message) Fields() iter.Seq2[Field, error] {
	return func(yield func(Field, error) bool) {
		if m.depth > MaxDepth {
			yield(Field{}, source.Errorf(m.File, source.Offset(m.Offset), "messages are nested more than %d deep", MaxDepth))
			return
		}
		for at := 0; at < len(m.Data); {
			f, n, err := m.field(at)
			if !yield(f, err) || err != nil {
				return
			}
			at += n
		}
	}
}

func (m Message) field(at int) (Field, int, error) {
	rest := m.Data[at:]
	num, typ, tag := protowire.ConsumeTag(rest)
	if tag < 0 {
		return Field{}, 0, source.Errorf(m.File, source.Offset(m.Offset+at), "expected a protobuf field, found %v", protowire.ParseError(tag))
	}
	f := Field{Number: num, Type: typ, Offset: m.Offset + at + tag, file: m.File, depth: m.depth}
	n := f.consume(rest[tag:])
	if n < 0 {
		return f, 0, source.Errorf(m.File, source.Offset(m.Offset+at), "field %d of wire type %d is cut off or malformed: %v", num, typ, protowire.ParseError(n))
	}
	if f.Type == protowire.BytesType {
		f.Offset += n - len(f.Bytes)
	}
	return f, tag + n, nil
}

func (f *Field) consume(b []byte) int {
	n := -1
	switch f.Type {
	case protowire.VarintType:
		f.Value, n = protowire.ConsumeVarint(b)
	case protowire.Fixed32Type:
		var v uint32
		v, n = protowire.ConsumeFixed32(b)
		f.Value = uint64(v)
	case protowire.Fixed64Type:
		f.Value, n = protowire.ConsumeFixed64(b)
	case protowire.BytesType:
		f.Bytes, n = protowire.ConsumeBytes(b)
	default:
		n = protowire.ConsumeFieldValue(f.Number, f.Type, b)
	}
	return n
}

// Message returns a length-delimited field as a message.
func (f Field) Message() (Message, error) {
	if err := f.expect(protowire.BytesType, "a message"); err != nil {
		return Message{}, err
	}
	return Message{f.file, f.Offset, f.Bytes, f.depth + 1}, nil
}

// String returns a length-delimited field as text.
func (f Field) String() (string, error) {
	return string(f.Bytes), f.expect(protowire.BytesType, "a string")
}

// Int returns a varint field as a signed number.
func (f Field) Int() (int64, error) {
	return int64(f.Value), f.expect(protowire.VarintType, "an integer")
}

// Float returns a fixed32 field as a float.
func (f Field) Float() (float32, error) {
	return math.Float32frombits(uint32(f.Value)), f.expect(protowire.Fixed32Type, "a float")
}

// Double returns a fixed64 field as a float.
func (f Field) Double() (float64, error) {
	return math.Float64frombits(f.Value), f.expect(protowire.Fixed64Type, "a double")
}

// Ints appends the values of a repeated integer field, packed or not.
func (f Field) Ints(to []int64) ([]int64, error) {
	if f.Type != protowire.BytesType {
		v, err := f.Int()
		return append(to, v), err
	}
	for b := f.Bytes; len(b) > 0; {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return to, f.Errorf("packed integers are malformed: %v", protowire.ParseError(n))
		}
		to, b = append(to, int64(v)), b[n:]
	}
	return to, nil
}

// Floats appends the values of a repeated float field, packed or not.
func (f Field) Floats(to []float32) ([]float32, error) {
	if f.Type != protowire.BytesType {
		v, err := f.Float()
		return append(to, v), err
	}
	if len(f.Bytes)%4 != 0 {
		return to, f.Errorf("packed floats take a multiple of 4 bytes, found %d", len(f.Bytes))
	}
	if to == nil {
		to = make([]float32, 0, len(f.Bytes)/4)
	}
	for b := f.Bytes; len(b) > 0; b = b[4:] {
		to = append(to, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return to, nil
}

// Doubles appends the values of a repeated double field, packed or not.
func (f Field) Doubles(to []float64) ([]float64, error) {
	if f.Type != protowire.BytesType {
		v, err := f.Double()
		return append(to, v), err
	}
	if len(f.Bytes)%8 != 0 {
		return to, f.Errorf("packed doubles take a multiple of 8 bytes, found %d", len(f.Bytes))
	}
	for b := f.Bytes; len(b) > 0; b = b[8:] {
		to = append(to, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return to, nil
}

// Errorf returns an error at the field's place.
func (f Field) Errorf(format string, args ...any) error {
	return source.Errorf(f.file, source.Offset(f.Offset), format, args...)
}

func (f Field) expect(t protowire.Type, what string) error {
	if f.Type != t {
		return f.Errorf("field %d should hold %s, found wire type %d", f.Number, what, f.Type)
	}
	return nil
}
