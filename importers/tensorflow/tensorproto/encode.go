package tensorproto

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/wire"
)

// Encode writes the TensorProto that the tensor was read from, but for what was not kept.
func (t *Tensor) Encode(w *wire.Writer) {
	w.Varint(1, uint64(t.DType))
	w.Message(2, func(w *wire.Writer) { EncodeShape(w, t.Shape) })
	if len(t.Content) > 0 {
		w.Bytes(4, t.Content)
	}
	for _, v := range t.Floats {
		w.Float(5, v)
	}
	for _, v := range t.Doubles {
		w.Double(6, v)
	}
	for _, v := range t.Ints {
		w.Varint(t.listField(), uint64(v))
	}
	for _, v := range t.Strings {
		w.Bytes(8, v)
	}
}

// listField is the field of the list that integers of the type stand in.
func (t *Tensor) listField() protowire.Number {
	switch t.DType.Base() {
	case Int64:
		return 10
	case Bool:
		return 11
	case Half, BFloat16:
		return 13
	case Uint32:
		return 16
	case Uint64:
		return 17
	}
	return 7
}

// EncodeShape writes a TensorShapeProto; nil is an unknown rank.
func EncodeShape(w *wire.Writer, s tensor.Shape) {
	if s == nil {
		w.Bool(3, true)
	}
	for _, d := range s {
		w.Message(2, func(w *wire.Writer) { w.Varint(1, uint64(int64(d))) })
	}
}

// Of is a tensor of float32 or float64 numbers.
func Of(v tensor.Any) *Tensor {
	t := &Tensor{Shape: v.Dims()}
	switch v := v.(type) {
	case *tensor.Tensor[float32]:
		t.DType, t.Floats = Float, v.Data
	case *tensor.Tensor[float64]:
		t.DType, t.Doubles = Double, v.Data
	}
	return t
}
