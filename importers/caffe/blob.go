package caffe

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/wire"
)

// Blob is a tensor of weights in a file.
type Blob struct {
	// Shape is as the file states it. Files from before 2014 have four extents (num, channels, height, width) for
	// everything, as in 1x1x1xC for a bias.
	Shape tensor.Shape
	// Dtype is the type of the numbers in the file: float32, or float64 for double_data.
	Dtype    string
	Value    tensor.Any
	File     string
	Position string

	offset     int  // of the contents in a binary file
	tensorFlow bool // the axes are in TensorFlow's order
}

// blobParts are the fields of a BlobProto.
type blobParts struct {
	dims    []int64
	legacy  [4]int64
	isOld   bool
	data    []float32
	doubles []float64
}

// readBlob reads a binary BlobProto. The gradients that it may hold are passed over.
func readBlob(m wire.Message) (*Blob, error) {
	var p blobParts
	for f, err := range m.Fields() {
		if err == nil {
			err = p.field(f)
		}
		if err != nil {
			return nil, err
		}
	}
	b, err := p.blob(m.File, source.Offset(m.Offset))
	if err == nil {
		b.offset = m.Offset
	}
	return b, err
}

func (p *blobParts) field(f wire.Field) (err error) {
	switch f.Number {
	case 1, 2, 3, 4:
		p.isOld = true
		p.legacy[f.Number-1], err = f.Int()
	case 5:
		p.data, err = floats(f, p.data)
	case 7:
		p.dims, err = readDims(f)
	case 8:
		p.doubles, err = f.Doubles(p.doubles)
	}
	return err
}

func readDims(f wire.Field) (dims []int64, err error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	for d, err := range m.Fields() {
		if err == nil && d.Number == 1 {
			dims, err = d.Ints(dims)
		}
		if err != nil {
			return nil, err
		}
	}
	return dims, nil
}

// floats is wire.Field.Floats with a loop that the compiler turns into plain moves: weights are most of a caffemodel.
func floats(f wire.Field, to []float32) ([]float32, error) {
	if f.Type != protowire.BytesType || to != nil || len(f.Bytes)%4 != 0 {
		return f.Floats(to)
	}
	out := make([]float32, len(f.Bytes)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(f.Bytes[4*i:]))
	}
	return out, nil
}

// blobOf reads a BlobProto in text.
func blobOf(m *Message) (*Blob, error) {
	p := blobParts{dims: list[int64](m.Sub("shape"), "dim"), data: list[float32](m, "data"), doubles: list[float64](m, "double_data")}
	for i, name := range []string{"num", "channels", "height", "width"} {
		p.isOld = p.isOld || m.Has(name)
		p.legacy[i] = get(m, name, int64(0))
	}
	return p.blob(m.File, m.Position)
}

// blob checks that the data fill the shape. The old extents win over a shape, and doubles over floats, as in Caffe.
func (p *blobParts) blob(file, position string) (*Blob, error) {
	dims := p.dims
	if p.isOld {
		dims = p.legacy[:]
	}
	b := &Blob{File: file, Position: position, Shape: make(tensor.Shape, len(dims))}
	for i, d := range dims {
		b.Shape[i] = narrow(d)
	}
	have := len(p.data)
	if p.doubles != nil {
		have = len(p.doubles)
	}
	if n, ok := b.Shape.CheckedLen(); !ok || n != have {
		return nil, source.Errorf(file, position, "a blob of shape %v holds %d numbers: the file is damaged or cut off", b.Shape, have)
	}
	if p.doubles != nil {
		b.Dtype, b.Value = "float64", tensor.From(p.doubles, b.Shape...)
	} else {
		b.Dtype, b.Value = "float32", tensor.From(p.data, b.Shape...)
	}
	return b, nil
}
