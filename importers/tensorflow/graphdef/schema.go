package graphdef

import (
	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/proto"
)

type fields = map[protowire.Number]string

// The messages of tensorflow/core/framework/{graph,node_def,attr_value,versions}.proto and core/protobuf/meta_graph.proto.
var (
	graphSchema     = proto.Schema{Name: "GraphDef", Fields: fields{1: "node", 2: "library", 3: "version", 4: "versions", 5: "debug_info"}}
	versionsSchema  = proto.Schema{Name: "VersionDef", Fields: fields{1: "producer", 2: "min_consumer", 3: "bad_consumers"}}
	librarySchema   = proto.Schema{Name: "FunctionDefLibrary", Fields: fields{1: "function", 2: "gradient", 3: "registered_gradients"}}
	nodeSchema      = proto.Schema{Name: "NodeDef", Fields: fields{1: "name", 2: "op", 3: "input", 4: "device", 5: "attr", 6: "experimental_debug_info", 7: "experimental_type"}}
	entrySchema     = proto.Schema{Name: "node's attr", Fields: fields{1: "key", 2: "value"}}
	valueSchema     = proto.Schema{Name: "AttrValue", Fields: fields{1: "list", 2: "s", 3: "i", 4: "f", 5: "b", 6: "type", 7: "shape", 8: "tensor", 9: "placeholder", 10: "func"}}
	listSchema      = proto.Schema{Name: "AttrValue list", Fields: fields{2: "s", 3: "i", 4: "f", 5: "b", 6: "type", 7: "shape", 8: "tensor", 9: "func"}}
	functionSchema  = proto.Schema{Name: "NameAttrList", Fields: fields{1: "name", 2: "attr"}}
	metaGraphSchema = proto.Schema{Name: "MetaGraphDef", Fields: fields{1: "meta_info_def", 2: "graph_def", 3: "saver_def", 4: "collection_def", 5: "signature_def", 6: "asset_file_def", 7: "object_graph_def"}}
)
