package model

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/proto"
)

type fields = map[protowire.Number]string

// The messages of onnx.proto, version 1.19.
var (
	modelSchema = proto.Schema{Name: "ModelProto", Fields: fields{
		1: "ir_version", 2: "producer_name", 3: "producer_version", 4: "domain", 5: "model_version", 6: "doc_string", 7: "graph",
		8: "opset_import", 14: "metadata_props", 20: "training_info", 25: "functions", 26: "configuration",
	}}
	opsetSchema = proto.Schema{Name: "OperatorSetIdProto", Fields: fields{1: "domain", 2: "version"}}
	graphSchema = proto.Schema{Name: "GraphProto", Fields: fields{
		1: "node", 2: "name", 5: "initializer", 10: "doc_string", 11: "input", 12: "output", 13: "value_info",
		14: "quantization_annotation", 15: "sparse_initializer", 16: "metadata_props",
	}}
	nodeSchema = proto.Schema{Name: "NodeProto", Fields: fields{
		1: "input", 2: "output", 3: "name", 4: "op_type", 5: "attribute", 6: "doc_string", 7: "domain", 8: "overload",
		9: "metadata_props", 10: "device_configurations",
	}}
	functionSchema = proto.Schema{Name: "FunctionProto", Fields: fields{
		1: "name", 4: "input", 5: "output", 6: "attribute", 7: "node", 8: "doc_string", 9: "opset_import", 10: "domain",
		11: "attribute_proto", 12: "value_info", 13: "overload", 14: "metadata_props",
	}}
	attrSchema = proto.Schema{Name: "AttributeProto", Fields: fields{
		1: "name", 2: "f", 3: "i", 4: "s", 5: "t", 6: "g", 7: "floats", 8: "ints", 9: "strings", 10: "tensors", 11: "graphs",
		13: "doc_string", 14: "tp", 15: "type_protos", 20: "type", 21: "ref_attr_name", 22: "sparse_tensor", 23: "sparse_tensors",
	}}
	tensorSchema = proto.Schema{Name: "TensorProto", Fields: fields{
		1: "dims", 2: "data_type", 3: "segment", 4: "float_data", 5: "int32_data", 6: "string_data", 7: "int64_data", 8: "name",
		9: "raw_data", 10: "double_data", 11: "uint64_data", 12: "doc_string", 13: "external_data", 14: "data_location",
		16: "metadata_props",
	}}
	sparseSchema    = proto.Schema{Name: "SparseTensorProto", Fields: fields{1: "values", 2: "indices", 3: "dims"}}
	entrySchema     = proto.Schema{Name: "StringStringEntryProto", Fields: fields{1: "key", 2: "value"}}
	valueSchema     = proto.Schema{Name: "ValueInfoProto", Fields: fields{1: "name", 2: "type", 3: "doc_string", 4: "metadata_props"}}
	typeSchema      = proto.Schema{Name: "TypeProto", Fields: fields{1: "tensor_type", 4: "sequence_type", 5: "map_type", 6: "denotation", 7: "opaque_type", 8: "sparse_tensor_type", 9: "optional_type"}}
	tensorType      = proto.Schema{Name: "TypeProto.Tensor", Fields: fields{1: "elem_type", 2: "shape"}}
	shapeSchema     = proto.Schema{Name: "TensorShapeProto", Fields: fields{1: "dim"}}
	dimensionSchema = proto.Schema{Name: "Dimension", Fields: fields{1: "dim_value", 2: "dim_param", 3: "denotation"}}
)

// each calls read with every field of a message.
func each(m proto.Message, s proto.Schema, read func(proto.Field) error) error {
	for f, err := range m.Fields(s) {
		if err == nil {
			err = read(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inside calls read with every field of the message that a field holds.
func inside(f proto.Field, s proto.Schema, read func(proto.Field) error) error {
	m, err := f.Message()
	if err != nil {
		return err
	}
	return each(m, s, read)
}

// appendText appends the text that a field holds.
func appendText(to *[]string, f proto.Field) error {
	s, err := f.String()
	*to = append(*to, s)
	return err
}
