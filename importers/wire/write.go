package wire

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Writer is a message that is being written, field by field.
type Writer []byte

// Varint writes an integer, an enum or, as 0 and 1, a boolean.
func (w *Writer) Varint(n protowire.Number, v uint64) {
	*w = protowire.AppendVarint(protowire.AppendTag(*w, n, protowire.VarintType), v)
}

// Bool writes a boolean.
func (w *Writer) Bool(n protowire.Number, v bool) { w.Varint(n, protowire.EncodeBool(v)) }

// Float writes a float.
func (w *Writer) Float(n protowire.Number, v float32) {
	*w = protowire.AppendFixed32(protowire.AppendTag(*w, n, protowire.Fixed32Type), math.Float32bits(v))
}

// Double writes a double.
func (w *Writer) Double(n protowire.Number, v float64) {
	*w = protowire.AppendFixed64(protowire.AppendTag(*w, n, protowire.Fixed64Type), math.Float64bits(v))
}

// Bytes writes bytes, or a whole message.
func (w *Writer) Bytes(n protowire.Number, b []byte) {
	*w = protowire.AppendBytes(protowire.AppendTag(*w, n, protowire.BytesType), b)
}

// String writes a string, unless it is empty.
func (w *Writer) String(n protowire.Number, s string) {
	if s != "" {
		w.Bytes(n, []byte(s))
	}
}

// Message writes what a function writes as a message.
func (w *Writer) Message(n protowire.Number, write func(w *Writer)) {
	var inner Writer
	write(&inner)
	w.Bytes(n, inner)
}
