package hdf5

import (
	"parity/googlenet/tensor"
	"parity/importers/element"
)

// datatype is the type of an array's or attribute's elements.
type datatype struct {
	class string // float, integer, string, or what else there is
	size  int    // bytes
	// numbers is the type of numbers; empty for those that are not read, such as big-endian ones.
	numbers element.Type
	// open strings have any length, and stand in a heap.
	open bool
}

// classes of types by their number in the file.
var classes = []string{"integer", "float", "time", "string", "bits", "opaque", "compound", "reference", "enumeration", "sequence", "array"}

// datatype reads class and version, 24 bits that depend on the class, and the size; behind that what the class adds.
func (c contents) datatype(m message) (datatype, error) {
	if len(m.data) < 8 || int(m.data[0]&15) >= len(classes) || u32(m.data[4:]) > 1<<30 {
		return datatype{}, c.errorf(m.at, "expected the type of an array's elements")
	}
	t := datatype{class: classes[m.data[0]&15], size: int(u32(m.data[4:]))}
	const text = 1
	switch bits := m.data[1]; {
	case t.class == "integer" && bits&1 == 0:
		t.numbers = integers[t.size<<1|int(bits>>3&1)]
	case t.class == "float" && bits&1 == 0 && len(m.data) >= 14:
		t.numbers = floats[t.size<<8|int(m.data[13])]
	case t.class == "sequence" && bits&15 == text:
		t.class, t.open = "string", true
	}
	return t, nil
}

// integers are the types by size in bytes, times two, and one more for those with a sign.
var integers = map[int]element.Type{
	1 << 1: element.Uint8, 2 << 1: element.Uint16, 4 << 1: element.Uint32, 8 << 1: element.Uint64,
	1<<1 | 1: element.Int8, 2<<1 | 1: element.Int16, 4<<1 | 1: element.Int32, 8<<1 | 1: element.Int64,
}

// floats are the types by size in bytes, times 256, and the size of the exponent in bits.
var floats = map[int]element.Type{2<<8 | 5: element.Float16, 2<<8 | 8: element.BFloat16, 4<<8 | 8: element.Float32, 8<<8 | 11: element.Float64}

// properties are how an array is stored.
type properties struct {
	contents
	header  uint64
	shape   tensor.Shape
	size    int // of an element in bytes
	layout  message
	filters []filter
}

// Layouts of elements.
const (
	compactLayout    = 0
	contiguousLayout = 1
	chunkedLayout    = 2
)

func (p *properties) isChunked() bool {
	return len(p.layout.data) > 1 && p.layout.data[1] == chunkedLayout
}

// elements returns the bytes of all elements.
func (p *properties) elements() ([]byte, error) {
	d := p.layout.data
	if len(d) < 2 || d[0] != 3 {
		return nil, p.errorf(p.layout.at, "expected a layout of version 3")
	}
	n := p.shape.Len() * p.size
	switch {
	case d[1] == compactLayout && len(d) >= 4+n:
		return d[4 : 4+n], nil
	case d[1] == contiguousLayout && len(d) >= 18:
		if n == 0 {
			return nil, nil
		}
		if u64(d[2:]) == undefined {
			return nil, p.errorf(p.header, "the array was made and nothing was written to it")
		}
		return p.at(u64(d[2:]), n, "an array's elements")
	case d[1] == chunkedLayout && len(d) >= 11+4*int(d[2]):
		return p.chunked(n)
	}
	return nil, p.errorf(p.layout.at, "expected elements in one piece or in chunks, found a layout of class %d in %d bytes", d[1], len(d))
}
