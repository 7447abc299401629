package graphdef

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/proto"
)

type fields = map[protowire.Number]string

// The messages of tensorflow/core/framework/{graph,node_def,attr_value,versions,function,op_def}.proto and of
// core/protobuf/{meta_graph,saved_model,saver}.proto.
var (
	graphSchema     = proto.Schema{Name: "GraphDef", Fields: fields{1: "node", 2: "library", 3: "version", 4: "versions", 5: "debug_info"}}
	versionsSchema  = proto.Schema{Name: "VersionDef", Fields: fields{1: "producer", 2: "min_consumer", 3: "bad_consumers"}}
	librarySchema   = proto.Schema{Name: "FunctionDefLibrary", Fields: fields{1: "function", 2: "gradient", 3: "registered_gradients"}}
	definedSchema   = proto.Schema{Name: "FunctionDef", Fields: fields{1: "signature", 3: "node_def", 4: "ret", 5: "attr", 6: "control_ret", 7: "arg_attr", 8: "resource_arg_unique_id"}}
	operationSchema = proto.Schema{Name: "OpDef", Fields: fields{
		1: "name", 2: "input_arg", 3: "output_arg", 4: "attr", 5: "summary", 6: "description", 8: "deprecation", 16: "is_aggregate", 17: "is_stateful",
		18: "is_commutative", 19: "allows_uninitialized_input", 20: "control_output", 21: "is_distributed_communication",
	}}
	argumentSchema = proto.Schema{Name: "ArgDef", Fields: fields{
		1: "name", 2: "description", 3: "type", 4: "type_attr", 5: "number_attr", 6: "type_list_attr", 7: "handle_data", 16: "is_ref", 17: "experimental_full_type",
	}}
	nodeSchema       = proto.Schema{Name: "NodeDef", Fields: fields{1: "name", 2: "op", 3: "input", 4: "device", 5: "attr", 6: "experimental_debug_info", 7: "experimental_type"}}
	entrySchema      = proto.Schema{Name: "node's attr", Fields: fields{1: "key", 2: "value"}}
	valueSchema      = proto.Schema{Name: "AttrValue", Fields: fields{1: "list", 2: "s", 3: "i", 4: "f", 5: "b", 6: "type", 7: "shape", 8: "tensor", 9: "placeholder", 10: "func"}}
	listSchema       = proto.Schema{Name: "AttrValue list", Fields: fields{2: "s", 3: "i", 4: "f", 5: "b", 6: "type", 7: "shape", 8: "tensor", 9: "func"}}
	functionSchema   = proto.Schema{Name: "NameAttrList", Fields: fields{1: "name", 2: "attr"}}
	metaGraphSchema  = proto.Schema{Name: "MetaGraphDef", Fields: fields{1: "meta_info_def", 2: "graph_def", 3: "saver_def", 4: "collection_def", 5: "signature_def", 6: "asset_file_def", 7: "object_graph_def"}}
	savedModelSchema = proto.Schema{Name: "SavedModel", Fields: fields{1: "saved_model_schema_version", 2: "meta_graphs"}}
	metaInfoSchema   = proto.Schema{Name: "MetaInfoDef", Fields: fields{
		1: "meta_graph_version", 2: "stripped_op_list", 3: "any_info", 4: "tags", 5: "tensorflow_version", 6: "tensorflow_git_version", 7: "stripped_default_attrs", 8: "function_aliases",
	}}
	saverSchema = proto.Schema{Name: "SaverDef", Fields: fields{
		1: "filename_tensor_name", 2: "save_tensor_name", 3: "restore_op_name", 4: "max_to_keep", 5: "sharded", 6: "keep_checkpoint_every_n_hours", 7: "version",
	}}
	signatureSchema  = proto.Schema{Name: "SignatureDef", Fields: fields{1: "inputs", 2: "outputs", 3: "method_name", 4: "defaults"}}
	tensorInfoSchema = proto.Schema{Name: "TensorInfo", Fields: fields{1: "name", 2: "dtype", 3: "tensor_shape", 4: "coo_sparse", 5: "composite_tensor"}}
)
