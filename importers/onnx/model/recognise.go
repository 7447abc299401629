package model

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/source"
	"parity/importers/wire"
)

// foreign lists files that are given for a model by mistake, by how they begin.
var foreign = []struct {
	at    int
	magic string
	what  string
}{
	{0, "version https://git-lfs", "a pointer of Git LFS; fetch the file itself with git lfs pull"},
	{0, "PK\x03\x04", "a zip archive, such as PyTorch's .pt, Keras' .keras or NumPy's .npz; export the network to ONNX"},
	{0, "\x80\x02", "a pickle of Python, such as PyTorch's .pt; export the network to ONNX"},
	{0, "\x89HDF\r\n", "an HDF5 file, such as Keras' .h5; export the network to ONNX"},
	{0, "\x93NUMPY", "a NumPy array"},
	{0, "\x1f\x8b", "a gzip file; unpack it"},
	{4, "TFL3", "a TensorFlow Lite model; export the network to ONNX"},
	{4, "ORTM", "a model in ONNX Runtime's own format; give the .onnx that it was made from"},
	{0, "<", "text, in ONNX's text form or HTML; save the model as .onnx"},
	{0, "{", "JSON; save the model as .onnx"},
}

// recognise reports what a file is if it is no ONNX model.
func recognise(file string, data []byte) error {
	if len(data) == 0 {
		return source.Errorf(file, "", "expected an ONNX model, found an empty file")
	}
	for _, f := range foreign {
		if len(data) >= f.at && bytes.HasPrefix(data[f.at:], []byte(f.magic)) {
			return source.Errorf(file, "", "expected an ONNX model, found %s", f.what)
		}
	}
	if isText(data) {
		if !bytes.Contains(data, []byte("graph")) {
			return source.Errorf(file, "", "expected an ONNX model, found text")
		}
		return nil
	}
	if what := otherMessage(data); what != "" {
		return source.Errorf(file, "", "expected an ONNX model, found %s", what)
	}
	return nil
}

// recogniseTensor does the same for a file of one tensor.
func recogniseTensor(file string, data []byte) error {
	if len(data) == 0 {
		return source.Errorf(file, "", "expected a TensorProto, found an empty file")
	}
	if fields := typesOfFields(data); fields.bytes(7) && fields.number(1) && !fields.number(2) {
		return source.Errorf(file, "", "expected a TensorProto, found an ONNX model")
	}
	return nil
}

// otherMessage tells other protobuf files by the types of their fields: a ModelProto begins with a number and has its graph
// in field 7.
func otherMessage(data []byte) string {
	switch fields := typesOfFields(data); {
	case fields.bytes(1) && (fields.bytes(100) || fields.bytes(3)):
		return "a Caffe network; give it as caffe:PATH"
	case fields.bytes(1):
		return "a protobuf file of another kind, such as a TensorFlow GraphDef; give that as tf:PATH"
	case fields.bytes(7):
		return ""
	case fields.number(2):
		return "a single tensor (TensorProto), as test_data_set folders hold; give the model"
	case fields.number(1) && fields.bytes(2):
		return "a TensorFlow SavedModel, or a model without a graph; for a port in TensorFlow give tf:PATH"
	}
	return ""
}

// fieldTypes are the wire types of the fields of a message.
type fieldTypes map[protowire.Number]protowire.Type

// typesOfFields reads a message up to where it is damaged.
func typesOfFields(data []byte) fieldTypes {
	types := fieldTypes{}
	for f, err := range wire.New("", data).Fields() {
		if err != nil {
			break
		}
		types[f.Number] = f.Type
	}
	return types
}

func (t fieldTypes) bytes(n protowire.Number) bool { return t.is(n, protowire.BytesType) }

func (t fieldTypes) number(n protowire.Number) bool { return t.is(n, protowire.VarintType) }

func (t fieldTypes) is(n protowire.Number, want protowire.Type) bool {
	found, ok := t[n]
	return ok && found == want
}

// isText tells the text form by the absence of control characters, of which every binary message is full.
func isText(data []byte) bool {
	for _, c := range data[:min(len(data), 4096)] {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' {
			return false
		}
	}
	return true
}
