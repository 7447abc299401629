package tensorproto

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/proto"
)

var (
	shapeSchema     = proto.Schema{Name: "TensorShapeProto", Fields: map[protowire.Number]string{2: "dim", 3: "unknown_rank"}}
	dimensionSchema = proto.Schema{Name: "dimension", Fields: map[protowire.Number]string{1: "size", 2: "name"}}
)

// maxRank is the most dimensions that TensorFlow's tensors have.
const maxRank = 254

// ReadShape reads a TensorShapeProto. An unknown extent is -1; a shape of unknown rank is nil, a scalar's is not.
func ReadShape(m proto.Message) (tensor.Shape, error) {
	shape, unknown := tensor.Shape{}, false
	for f, err := range m.Fields(shapeSchema) {
		if err == nil && f.Name == "unknown_rank" {
			unknown, err = f.Bool()
		} else if err == nil {
			shape, err = appendDimension(shape, f)
		}
		if err != nil {
			return nil, err
		}
	}
	if unknown {
		return nil, nil
	}
	return shape, nil
}

func appendDimension(shape tensor.Shape, f proto.Field) (tensor.Shape, error) {
	m, err := f.Message()
	if err != nil {
		return nil, err
	}
	size := int64(0)
	for d, err := range m.Fields(dimensionSchema) {
		if err == nil && d.Name == "size" {
			size, err = d.Int()
		}
		if err != nil {
			return nil, err
		}
	}
	if size < -1 || size > math.MaxInt32 {
		return nil, f.Errorf("a dimension has %d cells; expected 0 to %d, or -1 for unknown", size, math.MaxInt32)
	}
	if len(shape) == maxRank {
		return nil, f.Errorf("a shape has more than %d dimensions", maxRank)
	}
	return append(shape, int(size)), nil
}
