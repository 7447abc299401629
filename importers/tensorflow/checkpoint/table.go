package checkpoint

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/golang/snappy"

	"parity/importers/source"
)

// The index is a table in LevelDB's format, which TensorFlow took over: sorted keys and values in blocks, an index block
// with the place of every block, and a footer with the place of the index block and a magic number.
const (
	tableMagic   = 0xdb4775248b80fb57
	footerSize   = 48
	trailerSize  = 5 // after every block: how it is compressed, and its checksum
	noCompressed = 0
	snappyPacked = 1
)

// table is a whole table in memory.
type table struct {
	file string
	data []byte
}

// handle is the place of a block without its trailer.
type handle struct{ offset, size uint64 }

// each calls f with every key and value, in the order of keys. Both are only valid during the call.
func (t table) each(f func(key, value []byte) error) error {
	index, err := t.indexBlock()
	if err != nil {
		return err
	}
	return index.each(func(_, value []byte) error {
		h, n := readHandle(value)
		if n == 0 {
			return index.errorf("expected the place of a block, found %d bytes that are none", len(value))
		}
		b, err := t.block(h)
		if err != nil {
			return err
		}
		return b.each(f)
	})
}

// indexBlock finds the index block through the footer: two handles, filled up with zeros, and the magic number.
func (t table) indexBlock() (block, error) {
	at := len(t.data) - footerSize
	if at < 0 || binary.LittleEndian.Uint64(t.data[len(t.data)-8:]) != tableMagic {
		return block{}, source.Errorf(t.file, "", "expected the index of a TensorFlow checkpoint, which ends in a magic number, found %d bytes of something else; is the file cut short?", len(t.data))
	}
	footer := t.data[at:]
	_, n := readHandle(footer) // of the table's own properties, which are empty here
	h, m := readHandle(footer[n:])
	if n == 0 || m == 0 {
		return block{}, source.Errorf(t.file, source.Offset(at), "the footer of the index is damaged")
	}
	return t.block(h)
}

// readHandle returns a handle and its length in bytes, 0 if there is none.
func readHandle(b []byte) (handle, int) {
	offset, n := binary.Uvarint(b)
	if n <= 0 {
		return handle{}, 0
	}
	size, m := binary.Uvarint(b[n:])
	if m <= 0 {
		return handle{}, 0
	}
	return handle{offset, size}, n + m
}

// block returns the contents of a block, verified and unpacked.
func (t table) block(h handle) (block, error) {
	b := block{file: t.file, offset: int(min(h.offset, uint64(len(t.data))))}
	if room := uint64(len(t.data)); h.offset > room || h.size > room || room-h.offset-h.size < trailerSize || h.offset+h.size > room {
		return b, b.errorf("expected a block of %d bytes at offset %d, found %d bytes in the whole file", h.size, h.offset, room)
	}
	whole := t.data[h.offset : h.offset+h.size+trailerSize]
	summed, stored := whole[:h.size+1], binary.LittleEndian.Uint32(whole[h.size+1:])
	if checksum(summed) != stored {
		return b, b.errorf("the checksum of this block of the index is wrong: the file is damaged; copy it again")
	}
	var err error
	b.data, err = b.unpack(whole[:h.size], whole[h.size])
	return b, err
}

// maxRatio is the most that snappy can gain: 64 bytes from a copy of 3.
const maxRatio = 22

func (b block) unpack(data []byte, kind byte) ([]byte, error) {
	switch kind {
	case noCompressed:
		return data, nil
	case snappyPacked:
		n, err := snappy.DecodedLen(data)
		if err != nil || n > maxRatio*len(data) {
			return nil, b.errorf("this block of the index is not compressed as it claims")
		}
		out, err := snappy.Decode(make([]byte, n), data)
		if err != nil {
			return nil, b.errorf("this block of the index cannot be unpacked: %v", err)
		}
		return out, nil
	}
	return nil, b.errorf("this block of the index is compressed in a way (%d) that is not known", kind)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is LevelDB's: a CRC-32C, turned and moved so that the sum of data that holds sums stays sound.
func checksum(data []byte) uint32 { return mask(crc32.Checksum(data, castagnoli)) }

func mask(crc uint32) uint32 { return (crc>>15 | crc<<17) + 0xa282ead8 }
