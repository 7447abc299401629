package hdf5

import (
	"parity/googlenet/tensor"
	"parity/importers/element"
)

// properties are what a dataset's header says of its elements.
type properties struct {
	contents
	header  uint64
	shape   tensor.Shape
	size    int // of an element in bytes
	layout  message
	filters []filter
}

// floatType tells which floating-point type an element has, empty for none that is read.
//
// The datatype is class and version, 24 bits of which the lowest is the order of bytes, and the size; of a floating-point
// number then bit offset and precision, place and size of the exponent, place and size of the mantissa.
func floatType(m message) element.Type {
	const float = 1
	if len(m.data) < 16 || m.data[0]&15 != float || m.data[1]&1 != 0 {
		return ""
	}
	switch exponent := m.data[13]; {
	case u32(m.data[4:]) == 8 && exponent == 11:
		return element.Float64
	case u32(m.data[4:]) == 4 && exponent == 8:
		return element.Float32
	case u32(m.data[4:]) == 2 && exponent == 5:
		return element.Float16
	case u32(m.data[4:]) == 2 && exponent == 8:
		return element.BFloat16
	}
	return ""
}

// Layouts of elements.
const (
	compactLayout    = 0
	contiguousLayout = 1
	chunkedLayout    = 2
)

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
