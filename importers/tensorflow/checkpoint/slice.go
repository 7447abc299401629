package checkpoint

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"parity/googlenet/tensor"
	"parity/importers/proto"
)

// Slice is the part of a tensor that one partition of a variable holds: where it begins and how far it reaches along
// every dimension; a length of -1 is the whole dimension.
type Slice struct{ Start, Length []int64 }

const fullExtent = -1

func readSlice(f proto.Field) (s Slice, err error) {
	m, err := f.Message()
	if err != nil {
		return s, err
	}
	for f, err := range m.Fields(sliceSchema) {
		if err == nil {
			err = s.readExtent(f)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *Slice) readExtent(f proto.Field) error {
	m, err := f.Message()
	if err != nil {
		return err
	}
	start, length := int64(0), int64(fullExtent)
	for f, err := range m.Fields(extentSchema) {
		switch {
		case err != nil:
		case f.Name == "start":
			start, err = f.Int()
		case f.Name == "length":
			length, err = f.Int()
		}
		if err != nil {
			return err
		}
	}
	s.Start, s.Length = append(s.Start, start), append(s.Length, length)
	return nil
}

// key is the name under which a part is filed: TensorFlow's ordered code of a zero, the tensor's name, the rank, and the
// start and length of every dimension.
func (s Slice) key(name string) string {
	b := orderedUint(nil, 0)
	b = orderedString(b, name)
	b = orderedUint(b, uint64(len(s.Start)))
	for i := range s.Start {
		b = orderedInt(b, s.Start[i])
		b = orderedInt(b, s.Length[i])
	}
	return string(b)
}

// orderedUint writes the number of bytes that a number needs, and these, the highest first.
func orderedUint(b []byte, v uint64) []byte {
	n := (bits.Len64(v) + 7) / 8
	var word [8]byte
	binary.BigEndian.PutUint64(word[:], v)
	return append(append(b, byte(n)), word[8-n:]...)
}

// orderedString marks the bytes 0 and 255 and ends with 0, 1.
func orderedString(b []byte, s string) []byte {
	for i := range len(s) {
		b = append(b, s[i])
		switch s[i] {
		case 0:
			b = append(b, 255)
		case 255:
			b = append(b, 0)
		}
	}
	return append(b, 0, 1)
}

// orderedInt writes a signed number in as many bytes as it needs, one for each seven bits, of which there are as many
// leading ones as bytes; a negative number is the complement.
func orderedInt(b []byte, v int64) []byte {
	magnitude := uint64(v)
	if v < 0 {
		magnitude = ^magnitude
	}
	n := bits.Len64(magnitude)/7 + 1
	sign := byte(v >> 63)
	word := [10]byte{sign, sign}
	binary.BigEndian.PutUint64(word[2:], uint64(v))
	out := word[10-n:]
	head := ^uint16(0) << (16 - n)
	out[0] ^= byte(head >> 8)
	if n > 1 {
		out[1] ^= byte(head)
	}
	return append(b, out...)
}

// extent returns where the slice lies in a tensor, with whole dimensions resolved.
func (s Slice) extent(whole tensor.Shape) (start, size tensor.Shape, err error) {
	if len(s.Start) != len(whole) {
		return nil, nil, fmt.Errorf("a part has %d dimensions, the tensor %v has %d", len(s.Start), whole, len(whole))
	}
	for i, d := range whole {
		from, n := s.Start[i], s.Length[i]
		if n == fullExtent {
			from, n = 0, int64(d)
		}
		if from < 0 || n < 0 || n > int64(d) || from > int64(d)-n {
			return nil, nil, fmt.Errorf("a part of %d cells at %d lies outside dimension %d of %v", n, from, i, whole)
		}
		start, size = append(start, int(from)), append(size, int(n))
	}
	return start, size, nil
}
