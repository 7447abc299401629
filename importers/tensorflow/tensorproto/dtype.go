// Package tensorproto reads TensorFlow's tensors: element types, shapes, TensorProto, and raw elements as they stand
// in a checkpoint.
package tensorproto

import (
	"strconv"

	"parity/importers/element"
)

// DType is TensorFlow's number for an element type.
type DType int

// The element types that are decoded here.
const (
	Float    DType = 1
	Double   DType = 2
	Int32    DType = 3
	Uint8    DType = 4
	Int16    DType = 5
	Int8     DType = 6
	String   DType = 7
	Int64    DType = 9
	Bool     DType = 10
	BFloat16 DType = 14
	Uint16   DType = 17
	Half     DType = 19
	Resource DType = 20
	Uint32   DType = 22
	Uint64   DType = 23
)

// reference is what is added to a type for the outputs of the old variables.
const reference = 100

// types lists every type that TensorFlow has a number for, with NumPy's name.
var types = []struct {
	number DType
	proto  string
	name   string
}{
	{0, "DT_INVALID", "invalid"},
	{Float, "DT_FLOAT", "float32"},
	{Double, "DT_DOUBLE", "float64"},
	{Int32, "DT_INT32", "int32"},
	{Uint8, "DT_UINT8", "uint8"},
	{Int16, "DT_INT16", "int16"},
	{Int8, "DT_INT8", "int8"},
	{String, "DT_STRING", "string"},
	{8, "DT_COMPLEX64", "complex64"},
	{Int64, "DT_INT64", "int64"},
	{Bool, "DT_BOOL", "bool"},
	{11, "DT_QINT8", "qint8"},
	{12, "DT_QUINT8", "quint8"},
	{13, "DT_QINT32", "qint32"},
	{BFloat16, "DT_BFLOAT16", "bfloat16"},
	{15, "DT_QINT16", "qint16"},
	{16, "DT_QUINT16", "quint16"},
	{Uint16, "DT_UINT16", "uint16"},
	{18, "DT_COMPLEX128", "complex128"},
	{Half, "DT_HALF", "float16"},
	{Resource, "DT_RESOURCE", "resource"},
	{21, "DT_VARIANT", "variant"},
	{Uint32, "DT_UINT32", "uint32"},
	{Uint64, "DT_UINT64", "uint64"},
	{24, "DT_FLOAT8_E5M2", "float8_e5m2"},
	{25, "DT_FLOAT8_E4M3FN", "float8_e4m3fn"},
	{26, "DT_FLOAT8_E4M3FNUZ", "float8_e4m3fnuz"},
	{27, "DT_FLOAT8_E4M3B11FNUZ", "float8_e4m3b11fnuz"},
	{28, "DT_FLOAT8_E5M2FNUZ", "float8_e5m2fnuz"},
	{29, "DT_INT4", "int4"},
	{30, "DT_UINT4", "uint4"},
	{31, "DT_INT2", "int2"},
	{32, "DT_UINT2", "uint2"},
	{33, "DT_FLOAT4_E2M1FN", "float4_e2m1fn"},
}

// DTypes gives the numbers of the types by their names in text files, for proto.Field.Enum.
var DTypes = byName()

func byName() map[string]int {
	m := map[string]int{}
	for _, t := range types {
		m[t.proto] = int(t.number)
		m[t.proto+"_REF"] = int(t.number) + reference
	}
	return m
}

// String is NumPy's name of the type.
func (d DType) String() string {
	for _, t := range types {
		if t.number == d.Base() {
			return t.name
		}
	}
	return "type " + strconv.Itoa(int(d))
}

// Base is the type without the mark of a reference.
func (d DType) Base() DType {
	if d > reference {
		return d - reference
	}
	return d
}

// element is the type for decoding.
func (d DType) element() element.Type { return element.Type(d.String()) }

// Size is the number of bytes of an element, 0 for types that are not decoded here.
func (d DType) Size() int { return d.element().Size() }

// IsFloat tells whether the type can hold weights.
func (d DType) IsFloat() bool { return d.element().IsFloat() }
