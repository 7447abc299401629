package checkpoint

import (
	"encoding/binary"

	"parity/importers/source"
)

// block is one block of a table: entries, each of which gives of its key only what differs from the key before, and then
// the places where whole keys stand, which reading in order does not need.
type block struct {
	file   string
	offset int // in the file; positions inside are not given, as the block may have been compressed
	data   []byte
}

func (b block) errorf(format string, args ...any) error {
	return source.Errorf(b.file, source.Offset(b.offset), format, args...)
}

// each calls f with every key and value.
func (b block) each(f func(key, value []byte) error) error {
	rest, err := b.entries()
	if err != nil {
		return err
	}
	var key []byte
	for len(rest) > 0 {
		shared, own, size, n := entryHeader(rest)
		rest = rest[n:]
		if n == 0 || shared > uint64(len(key)) || own > uint64(len(rest)) || size > uint64(len(rest))-own {
			return b.errorf("an entry of this block of the index is malformed")
		}
		key = append(key[:shared], rest[:own]...)
		if err := f(key, rest[own:own+size]); err != nil {
			return err
		}
		rest = rest[own+size:]
	}
	return nil
}

// entries cuts off the restart points: their number stands last.
func (b block) entries() ([]byte, error) {
	const word = 4
	n := len(b.data)
	if n < word {
		return nil, b.errorf("expected a block of the index, found %d bytes", n)
	}
	restarts := uint64(binary.LittleEndian.Uint32(b.data[n-word:]))
	if restarts > uint64(n/word-1) {
		return nil, b.errorf("a block of %d bytes cannot have %d restart points", n, restarts)
	}
	return b.data[:n-word-int(restarts)*word], nil
}

// entryHeader reads the three lengths before an entry and returns how many bytes they take, 0 for a malformed one.
func entryHeader(b []byte) (shared, own, size uint64, n int) {
	for _, v := range []*uint64{&shared, &own, &size} {
		x, k := binary.Uvarint(b[n:])
		if k <= 0 {
			return 0, 0, 0, 0
		}
		*v, n = x, n+k
	}
	return shared, own, size, n
}
