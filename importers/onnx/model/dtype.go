package model

import (
	"fmt"

	"parity/importers/element"
	"parity/importers/proto"
)

// DType is ONNX's number for an element type.
type DType int

// The element types that have names here.
const (
	Float    DType = 1
	Uint8    DType = 2
	Int8     DType = 3
	Uint16   DType = 4
	Int16    DType = 5
	Int32    DType = 6
	Int64    DType = 7
	String   DType = 8
	Bool     DType = 9
	Float16  DType = 10
	Double   DType = 11
	Uint32   DType = 12
	Uint64   DType = 13
	BFloat16 DType = 16
)

// types lists every type by its number: ONNX's name and NumPy's.
var types = []struct {
	onnx string
	name element.Type
}{
	{"UNDEFINED", "undefined"}, {"FLOAT", "float32"}, {"UINT8", "uint8"}, {"INT8", "int8"}, {"UINT16", "uint16"}, {"INT16", "int16"},
	{"INT32", "int32"}, {"INT64", "int64"}, {"STRING", "string"}, {"BOOL", "bool"}, {"FLOAT16", "float16"}, {"DOUBLE", "float64"},
	{"UINT32", "uint32"}, {"UINT64", "uint64"}, {"COMPLEX64", "complex64"}, {"COMPLEX128", "complex128"}, {"BFLOAT16", "bfloat16"},
	{"FLOAT8E4M3FN", "float8_e4m3fn"}, {"FLOAT8E4M3FNUZ", "float8_e4m3fnuz"}, {"FLOAT8E5M2", "float8_e5m2"},
	{"FLOAT8E5M2FNUZ", "float8_e5m2fnuz"}, {"UINT4", "uint4"}, {"INT4", "int4"}, {"FLOAT4E2M1", "float4_e2m1"},
	{"FLOAT8E8M0", "float8_e8m0"}, {"UINT2", "uint2"}, {"INT2", "int2"},
}

// numbers gives the types by the names that text files have for them.
var numbers = byName()

func byName() map[string]int {
	m := map[string]int{}
	for i, t := range types {
		m[t.onnx] = i
	}
	return m
}

// readDType reads an element type, a plain number in binary and in text files, in which people may write its name.
func readDType(f proto.Field) (DType, error) {
	v, err := f.Enum(numbers)
	return DType(v), err
}

// Element is the type for decoding.
func (d DType) Element() element.Type {
	if d < 0 || int(d) >= len(types) {
		return element.Type(fmt.Sprintf("type %d", int(d)))
	}
	return types[d].name
}

// String is NumPy's name of the type.
func (d DType) String() string { return string(d.Element()) }

// IsFloat tells whether the type can hold weights.
func (d DType) IsFloat() bool { return d.Element().IsFloat() }
