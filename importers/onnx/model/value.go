package model

import (
	"math"

	"parity/googlenet/tensor"
	"parity/importers/proto"
)

func appendValue(to *[]*Value, f proto.Field) error {
	v := &Value{}
	*to = append(*to, v)
	return inside(f, valueSchema, func(f proto.Field) (err error) {
		switch f.Name {
		case "name":
			v.Name, err = f.String()
		case "type":
			err = inside(f, typeSchema, v.readType)
		}
		return err
	})
}

// readType reads the type of a tensor; of sequences, maps and the like nothing is known here.
func (v *Value) readType(f proto.Field) error {
	if f.Name != "tensor_type" {
		return nil
	}
	return inside(f, tensorType, func(f proto.Field) (err error) {
		if f.Name == "elem_type" {
			v.Type, err = readDType(f)
		} else {
			v.Shape = tensor.Shape{}
			err = inside(f, shapeSchema, v.readDimension)
		}
		return err
	})
}

// maxRank is the most dimensions that a tensor may have.
const maxRank = 254

// readDimension reads an extent: a number, or a name for one that is not fixed, or nothing at all.
func (v *Value) readDimension(f proto.Field) error {
	extent := int64(-1)
	err := inside(f, dimensionSchema, func(f proto.Field) (err error) {
		if f.Name == "dim_value" {
			extent, err = f.Int()
		}
		return err
	})
	if err != nil {
		return err
	}
	if extent > math.MaxInt32 || len(v.Shape) == maxRank {
		return f.Errorf("%q should have at most %d dimensions of up to %d cells", v.Name, maxRank, math.MaxInt32)
	}
	v.Shape = append(v.Shape, int(max(extent, -1)))
	return nil
}
