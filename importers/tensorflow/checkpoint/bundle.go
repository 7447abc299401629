package checkpoint

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/proto"
	"parity/importers/source"
	"parity/importers/tensorflow/tensorproto"
)

// The messages of tensorflow/core/protobuf/tensor_bundle.proto and core/framework/tensor_slice.proto.
var (
	headerSchema = proto.Schema{Name: "BundleHeaderProto", Fields: map[protowire.Number]string{1: "num_shards", 2: "endianness", 3: "version"}}
	entrySchema  = proto.Schema{Name: "BundleEntryProto", Fields: map[protowire.Number]string{1: "dtype", 2: "shape", 3: "shard_id", 4: "offset", 5: "size", 6: "crc32c", 7: "slices"}}
	sliceSchema  = proto.Schema{Name: "TensorSliceProto", Fields: map[protowire.Number]string{1: "extent"}}
	extentSchema = proto.Schema{Name: "extent", Fields: map[protowire.Number]string{1: "start", 2: "length"}}
)

// header is what stands under the empty key.
type header struct {
	shards    int64
	bigEndian bool
}

func readHeader(m proto.Message) (h header, err error) {
	for f, err := range m.Fields(headerSchema) {
		var v int64
		switch {
		case err != nil:
		case f.Name == "num_shards":
			h.shards, err = f.Int()
		case f.Name == "endianness":
			v, err = f.Int()
			h.bigEndian = v != 0
		}
		if err != nil {
			return h, err
		}
	}
	return h, nil
}

// Entry is what the index says of one tensor.
type Entry struct {
	Name  string
	DType tensorproto.DType
	Shape tensor.Shape
	// Variable is the name of the variable that the tensor is the value of, where the tensor itself is named after objects.
	Variable string
	// Slices are the parts of a tensor that was saved in parts; empty for one that was saved whole.
	Slices []Slice

	shard, offset, size int64
	crc                 uint32
	elements            *tensorproto.Tensor // of a slice in a V1 checkpoint
}

func readEntry(name string, m proto.Message) (*Entry, error) {
	e := &Entry{Name: name, Shape: tensor.Shape{}}
	for f, err := range m.Fields(entrySchema) {
		if err == nil {
			err = e.read(f)
		}
		if err != nil {
			return nil, err
		}
	}
	if e.shard < 0 || e.offset < 0 || e.size < 0 {
		return nil, source.Errorf(m.File(), "", "the entry of %q places it at %d bytes in shard %d, with %d bytes; expected no negative numbers", name, e.offset, e.shard, e.size)
	}
	return e, nil
}

func (e *Entry) read(f proto.Field) (err error) {
	switch f.Name {
	case "dtype":
		var v int
		v, err = f.Enum(tensorproto.DTypes)
		e.DType = tensorproto.DType(v)
	case "shape":
		err = e.readShape(f)
	case "shard_id":
		e.shard, err = f.Int()
	case "offset":
		e.offset, err = f.Int()
	case "size":
		e.size, err = f.Int()
	case "crc32c":
		e.crc, err = f.Fixed32()
	case "slices":
		var s Slice
		s, err = readSlice(f)
		e.Slices = append(e.Slices, s)
	}
	return err
}

func (e *Entry) readShape(f proto.Field) error {
	m, err := f.Message()
	if err != nil {
		return err
	}
	if e.Shape, err = tensorproto.ReadShape(m); err != nil {
		return err
	}
	if _, ok := e.Shape.CheckedLen(); !ok || e.Shape == nil {
		return f.Errorf("the tensor %q has the shape %v; a saved tensor's is known and not beyond measure", e.Name, e.Shape)
	}
	return nil
}
