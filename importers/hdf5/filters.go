package hdf5

import (
	"bytes"
	"compress/zlib"
	"io"
)

// filter is one of the steps that chunks were put through when they were written.
type filter struct {
	id   int
	name string
	data []uint32
}

// The filters that are undone.
const (
	deflate    = 1
	shuffle    = 2
	fletcher32 = 3
)

// parseFilters reads the list of filters, in the order of writing. Version 1 pads names and numbers, version 2 has names for
// filters of others only.
func (c contents) parseFilters(m message) ([]filter, error) {
	bad := func() ([]filter, error) { return nil, c.errorf(m.at, "the list of filters is cut short") }
	if len(m.data) < 2 || m.data[0] != 1 && m.data[0] != 2 {
		return nil, c.errorf(m.at, "expected a list of filters of version 1 or 2")
	}
	version, b := m.data[0], m.data[2:]
	if version == 1 {
		if len(b) < 6 {
			return bad()
		}
		b = b[6:]
	}
	var list []filter
	for range int(m.data[1]) {
		if len(b) < 2 {
			return bad()
		}
		f := filter{id: u16(b)}
		b = b[2:]
		name := 0
		if version == 1 || f.id >= 256 {
			if len(b) < 2 {
				return bad()
			}
			name, b = u16(b), b[2:]
		}
		if len(b) < 4 {
			return bad()
		}
		numbers := u16(b[2:])
		if b = b[4:]; version == 1 {
			name = (name + 7) &^ 7
		}
		padded := numbers
		if version == 1 {
			padded += numbers % 2
		}
		if len(b) < name+4*padded {
			return bad()
		}
		f.name = string(bytes.TrimRight(b[:name], "\x00"))
		for i := range numbers {
			f.data = append(f.data, u32(b[name+4*i:]))
		}
		b = b[name+4*padded:]
		list = append(list, f)
	}
	return list, nil
}

// unfiltered reads a stored chunk and undoes the filters, the last one first. The result has n bytes.
func (p *properties) unfiltered(c chunk, n int) ([]byte, error) {
	data, err := p.at(c.address, int(c.stored), "a chunk")
	if err != nil {
		return nil, err
	}
	for i := len(p.filters) - 1; i >= 0; i-- {
		if i < 32 && c.skipped>>i&1 != 0 {
			continue
		}
		if data, err = p.undo(p.filters[i], c.address, data, n); err != nil {
			return nil, err
		}
	}
	if len(data) != n {
		return nil, p.errorf(c.address, "expected a chunk of %d bytes, found %d", n, len(data))
	}
	return data, nil
}

func (p *properties) undo(f filter, address uint64, data []byte, n int) ([]byte, error) {
	switch f.id {
	case deflate:
		return p.inflate(address, data, n)
	case shuffle:
		return unshuffled(data, p.size), nil
	case fletcher32:
		return p.verified(address, data)
	}
	return nil, p.errorf(p.header, "the array is stored with filter %d (%s), which is not read; deflate (gzip), shuffle and fletcher32 are", f.id, f.name)
}

// sumSize is what fletcher32 adds to a chunk.
const sumSize = 4

// inflate unpacks up to n bytes and a checksum: what claims more is damaged.
func (p *properties) inflate(address uint64, data []byte, n int) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, p.errorf(address, "a chunk cannot be unpacked: %v", err)
	}
	var out bytes.Buffer // grows with what there is
	if _, err := io.Copy(&out, io.LimitReader(r, int64(n)+sumSize+1)); err != nil {
		return nil, p.errorf(address, "a chunk cannot be unpacked: %v", err)
	}
	return out.Bytes(), nil
}

// unshuffled puts the bytes of an element together again: all first bytes were stored before all second ones.
func unshuffled(data []byte, size int) []byte {
	n := len(data) / size
	out := make([]byte, len(data))
	for i := range n {
		for b := range size {
			out[i*size+b] = data[b*n+i]
		}
	}
	copy(out[n*size:], data[n*size:])
	return out
}

// verified takes off the checksum, that of J. G. Fletcher over big-endian words of 16 bits, and compares it.
func (p *properties) verified(address uint64, data []byte) ([]byte, error) {
	n := len(data) - sumSize
	if n < 0 {
		return nil, p.errorf(address, "a chunk of %d bytes has no checksum", len(data))
	}
	const modulus = 65535
	var a, b uint32
	for i := 0; i < n; i += 2 {
		word := uint32(data[i]) << 8
		if i+1 < n {
			word |= uint32(data[i+1])
		}
		a = (a + word) % modulus
		b = (b + a) % modulus
	}
	// Sums are equal modulo 65535: HDF5 folds them, which keeps 65535 for 0.
	if got := u32(data[n:]); got>>16%modulus != b || got&0xFFFF%modulus != a {
		return nil, p.errorf(address, "a chunk has the checksum %08x, its bytes %04x%04x: it is damaged", got, b, a)
	}
	return data[:n], nil
}
