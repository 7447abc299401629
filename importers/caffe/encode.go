package caffe

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
)

// encode appends a message in binary, as protobuf does: in the order of the fields' numbers, and the values of a repeated
// field one by one. Fields that the schema does not have are left out.
func (m *Message) encode(to []byte) []byte {
	type numberedField struct {
		definition
		value any
	}
	var fields []numberedField
	for _, f := range m.Fields {
		if d, ok := named(m.Type, f.Name); ok {
			fields = append(fields, numberedField{d, f.Value})
		}
	}
	slices.SortStableFunc(fields, func(a, b numberedField) int { return cmp.Compare(a.number, b.number) })
	if m.Type == "BlobShape" { // the only message besides a blob with a packed field
		return appendShape(to, shapeOf(m))
	}
	for _, f := range fields {
		to = f.encode(to, f.value)
	}
	return to
}

func (d definition) encode(to []byte, value any) []byte {
	number := protowire.Number(d.number)
	switch v := value.(type) {
	case bool:
		return appendVarint(to, number, protowire.EncodeBool(v))
	case int64:
		return appendVarint(to, number, uint64(v))
	case float32:
		return protowire.AppendFixed32(protowire.AppendTag(to, number, protowire.Fixed32Type), math.Float32bits(v))
	case string:
		if values, ok := enums[d.elem()]; ok {
			return appendVarint(to, number, uint64(slices.Index(values, v)))
		}
		return appendBytes(to, number, []byte(v))
	case *Message:
		return appendBytes(to, number, v.encode(nil))
	case *Blob:
		return appendBytes(to, number, v.encode())
	}
	return to
}

func appendVarint(to []byte, number protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(to, number, protowire.VarintType), v)
}

func appendBytes(to []byte, number protowire.Number, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), b)
}

// Numbers of the fields of a BlobProto and a BlobShape.
const (
	blobNum, blobChannels, blobHeight, blobWidth = 1, 2, 3, 4
	blobData, blobShape, blobDoubles             = 5, 7, 8
	shapeDim                                     = 1
)

// encode writes a BlobProto. The float numbers stand before the shape and the doubles after it.
func (b *Blob) encode() []byte {
	shape := appendBytes(nil, blobShape, appendShape(nil, b.Shape))
	switch v := b.Value.(type) {
	case *tensor.Tensor[float32]:
		return append(appendNumbers(nil, v), shape...)
	case *tensor.Tensor[float64]:
		return appendNumbers(shape, v)
	}
	return shape
}

// appendNumbers writes the packed data of a blob.
func appendNumbers(to []byte, t tensor.Any) []byte {
	switch t := t.(type) {
	case *tensor.Tensor[float32]:
		b := make([]byte, 4*len(t.Data))
		for i, v := range t.Data {
			binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(v))
		}
		return appendBytes(to, blobData, b)
	case *tensor.Tensor[float64]:
		b := make([]byte, 8*len(t.Data))
		for i, v := range t.Data {
			binary.LittleEndian.PutUint64(b[8*i:], math.Float64bits(v))
		}
		return appendBytes(to, blobDoubles, b)
	}
	return to
}

// appendShape writes the contents of a BlobShape; that of a scalar is empty.
func appendShape(to []byte, s tensor.Shape) []byte {
	if len(s) == 0 {
		return to
	}
	var dims []byte
	for _, d := range s {
		dims = protowire.AppendVarint(dims, uint64(d))
	}
	return appendBytes(to, shapeDim, dims)
}
