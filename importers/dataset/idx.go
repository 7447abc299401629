package dataset

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"parity/importers/source"
)

// idx is an array of bytes as MNIST has it: two zeros, a type, the number of extents, the extents in big-endian order of bytes,
// and the elements.
type idx struct {
	shape []int
	data  []byte
}

// What an idx file may claim at most.
const maxIdx = 1 << 31

// idxByte is the type of bytes.
const idxByte = 8

func readIdx(file string, dimensions int) (*idx, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	var in io.Reader = r
	if magic, _ := r.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, source.Errorf(file, "", "not a readable gzip file: %v", err)
		}
		in = z
	}
	return decodeIdx(file, in, dimensions)
}

func decodeIdx(file string, in io.Reader, dimensions int) (*idx, error) {
	var magic [4]byte
	if _, err := io.ReadFull(in, magic[:]); err != nil || magic[0] != 0 || magic[1] != 0 {
		return nil, source.Errorf(file, source.Offset(0), "expected an idx file, found one that begins with %q", magic[:])
	}
	if magic[2] != idxByte || int(magic[3]) != dimensions {
		return nil, source.Errorf(file, source.Offset(2), "expected bytes (type 8) in %d dimensions, found type %d in %d", dimensions, magic[2], magic[3])
	}
	x, n := &idx{}, 1
	for range dimensions {
		var extent [4]byte
		if _, err := io.ReadFull(in, extent[:]); err != nil {
			return nil, source.Errorf(file, source.Offset(4+4*len(x.shape)), "expected an extent, found the end")
		}
		d := int(binary.BigEndian.Uint32(extent[:]))
		if d < 1 || n > maxIdx/d {
			return nil, source.Errorf(file, source.Offset(4+4*len(x.shape)), "an extent is %d after %v; expected at least 1 and %d bytes at most", d, x.shape, maxIdx)
		}
		n *= d
		x.shape = append(x.shape, d)
	}
	// Read as far as there is something, so that a claim alone allocates nothing.
	data, err := io.ReadAll(io.LimitReader(in, int64(n)+1))
	switch {
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, source.Errorf(file, "", "not a readable idx file: %v", err)
	case len(data) != n:
		return nil, source.Errorf(file, "", "expected %d bytes for %v, found %s", n, x.shape, amount(len(data), n))
	}
	x.data = data
	return x, nil
}

func amount(found, expected int) string {
	if found > expected {
		return "more"
	}
	return source.Offset(found)[len("offset "):]
}
