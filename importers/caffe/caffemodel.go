package caffe

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/source"
	"parity/importers/wire"
)

// readBinary reads a binary message. Fields and values of enums that the schema does not have are passed over, as
// protobuf does; skipped counts them.
func readBinary(kind string, w wire.Message, skipped *int) (*Message, error) {
	m := &Message{Type: kind, File: w.File, Position: source.Offset(w.Offset)}
	for f, err := range w.Fields() {
		if err != nil {
			return nil, err
		}
		d, ok := numbered(kind, int(f.Number))
		if !ok {
			*skipped++
			continue
		}
		if err := binaryField(m, d, f, skipped); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func binaryField(m *Message, d definition, f wire.Field, skipped *int) error {
	if values, ok := enums[d.elem()]; ok {
		return binaryInts(m, d, f, func(v int64) any {
			if v < 0 || v >= int64(len(values)) || values[v] == "" {
				*skipped++
				return nil
			}
			return values[v]
		})
	}
	switch d.elem() {
	case "bool":
		return binaryInts(m, d, f, func(v int64) any { return v != 0 })
	case "int32":
		return binaryInts(m, d, f, func(v int64) any { return int64(int32(v)) })
	case "uint32":
		return binaryInts(m, d, f, func(v int64) any { return int64(uint32(v)) })
	case "int64":
		return binaryInts(m, d, f, func(v int64) any { return v })
	case "float":
		return binaryFloats(m, d, f)
	}
	v, err := binaryValue(d, f, skipped)
	if err == nil {
		m.set(d.name, source.Offset(f.Offset), v)
	}
	return err
}

// maxPacked is how many bytes of numbers a packed field other than a blob's may have: shapes and settings have few, and
// each becomes a Field.
const maxPacked = 1 << 16

func checkPacked(d definition, f wire.Field) error {
	if len(f.Bytes) > maxPacked {
		return f.Errorf("%s should hold a few numbers, found %d bytes of them", d.name, len(f.Bytes))
	}
	return nil
}

// binaryInts reads the one or, where they are packed, many values of an integer, bool or enum field; nil stands for
// one to pass over.
func binaryInts(m *Message, d definition, f wire.Field, convert func(int64) any) error {
	if !d.repeated() && f.Type != protowire.VarintType {
		_, err := f.Int()
		return err
	}
	if err := checkPacked(d, f); err != nil {
		return err
	}
	values, err := f.Ints(nil)
	if err != nil {
		return err
	}
	for _, v := range values {
		if converted := convert(v); converted != nil {
			m.set(d.name, source.Offset(f.Offset), converted)
		}
	}
	return nil
}

func binaryFloats(m *Message, d definition, f wire.Field) error {
	if !d.repeated() && f.Type != protowire.Fixed32Type {
		_, err := f.Float()
		return err
	}
	if err := checkPacked(d, f); err != nil {
		return err
	}
	values, err := f.Floats(nil)
	for _, v := range values {
		m.set(d.name, source.Offset(f.Offset), v)
	}
	return err
}

func binaryValue(d definition, f wire.Field, skipped *int) (any, error) {
	if d.elem() == "string" {
		return f.String()
	}
	w, err := f.Message()
	if err != nil {
		return nil, err
	}
	if d.elem() == "BlobProto" {
		return readBlob(w)
	}
	return readBinary(d.elem(), w, skipped)
}

// Weight is one blob of a layer in a caffemodel.
type Weight struct {
	Layer string
	Index int // among the layer's blobs: usually 0 for weights, 1 for a bias
	*Blob
}

// Name is what the graph's parameters are called too: the layer's name with the index, as in conv1[0].
func (w Weight) Name() string { return paramName(w.Layer, w.Index) }

// ReadWeights lists the blobs of a .caffemodel or .caffemodel.h5 in its order.
func ReadWeights(path string) ([]Weight, error) {
	n, err := readWeights(path)
	if err != nil {
		return nil, err
	}
	return n.Weights(), nil
}

// Weights lists the blobs that the file of the network holds itself.
func (n *Net) Weights() []Weight {
	var out []Weight
	for _, l := range n.Layers {
		for i, b := range l.Blobs {
			out = append(out, Weight{l.Name, i, b})
		}
	}
	return out
}
