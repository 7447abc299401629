package hdf5

import (
	"encoding/binary"

	"parity/importers/source"
)

// contents are the bytes of a file, by addresses that the file itself claims. The structures are those of the HDF5 File Format
// Specification 3.0 that files with a superblock of version 0 have; addresses and lengths have eight bytes in it.
type contents struct {
	name string
	data []byte
}

// at returns n bytes at an address.
func (c contents) at(address uint64, n int, what string) ([]byte, error) {
	if address > uint64(len(c.data)) || uint64(n) > uint64(len(c.data))-address {
		return nil, source.Errorf(c.name, source.Offset(int(min(address, uint64(len(c.data))))), "expected %d bytes of %s, found the file's end: it is cut short", n, what)
	}
	return c.data[address : address+uint64(n)], nil
}

// errorf returns an error at an address.
func (c contents) errorf(address uint64, format string, args ...any) error {
	return source.Errorf(c.name, source.Offset(int(address)), format, args...)
}

func u16(b []byte) int    { return int(binary.LittleEndian.Uint16(b)) }
func u32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
func u64(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// Places in the superblock.
const (
	superblockSize = 96
	versionAt      = 8
	offsetSizeAt   = 13
	lengthSizeAt   = 14
	baseAt         = 24
	rootEntryAt    = 56 // the symbol table entry of the root group
)

// checkSuperblock refuses files that are none, or whose addresses are not those of the others.
func (c contents) checkSuperblock() error {
	if !Is(c.data) || len(c.data) <= versionAt || c.data[versionAt] != 0 {
		return source.Errorf(c.name, "", "expected an HDF5 file with a superblock of version 0, which HDF5 writes unless told otherwise")
	}
	b, err := c.at(0, superblockSize, "the superblock")
	if err != nil {
		return err
	}
	if b[offsetSizeAt] != 8 || b[lengthSizeAt] != 8 || u64(b[baseAt:]) != 0 {
		return c.errorf(offsetSizeAt, "expected addresses and lengths of 8 bytes that count from the file's beginning, found %d and %d bytes, from %d", b[offsetSizeAt], b[lengthSizeAt], u64(b[baseAt:]))
	}
	return nil
}

// Kinds of messages in an object's header.
const (
	dataspaceMessage    = 0x01
	linkInfoMessage     = 0x02
	datatypeMessage     = 0x03
	linkMessage         = 0x06
	layoutMessage       = 0x08
	filtersMessage      = 0x0B
	attributeMessage    = 0x0C
	continuationMessage = 0x10
	symbolTableMessage  = 0x11
	attributeInfo       = 0x15
)

// message is one of an object's properties.
type message struct {
	kind int
	at   uint64 // where its data begin
	data []byte
}

// messages lists what a header of version 1 says; another one is of an object that was made with options of newer versions.
func (c contents) messages(header uint64) ([]message, error) {
	const prefix, each = 16, 8
	b, err := c.at(header, prefix, "an object's header")
	if err != nil {
		return nil, err
	}
	if b[0] != 1 {
		return nil, c.errorf(header, "expected an object's header of version 1, found % x: the file is damaged, or was written with libver or track_order set", b[:4])
	}
	type block struct{ address, size uint64 }
	var list []message
	blocks := []block{{header + prefix, uint64(u32(b[8:]))}}
	for left := u16(b[2:]); len(blocks) > 0; blocks = blocks[1:] {
		at, end := blocks[0].address, blocks[0].address+blocks[0].size
		if _, err := c.at(at, int(min(blocks[0].size, 1<<40)), "an object's header"); err != nil {
			return nil, err
		}
		for ; left > 0 && at+each <= end; left-- {
			head := c.data[at:]
			m := message{kind: u16(head), at: at + each}
			size := u16(head[2:])
			if m.at+uint64(size) > end {
				return nil, c.errorf(at, "a message claims %d bytes, %d of its block are left", size, end-m.at)
			}
			m.data = c.data[m.at : m.at+uint64(size)]
			if at = m.at + uint64(size); m.kind == continuationMessage && size >= 16 {
				blocks = append(blocks, block{u64(m.data), u64(m.data[8:])})
			}
			list = append(list, m)
		}
	}
	return list, nil
}

// undefined is the address of what is not there.
const undefined = 1<<64 - 1

// treeHeader is what every node of a B-tree begins with: signature, kind, level, number of entries, siblings.
const treeHeader = 24

// treeNode is a node of a B-tree of version 1.
type treeNode struct {
	level, entries int
	body           []byte // keys and children in turn, one more key than children
	at             uint64 // of the body
}

// tree reads a node, whose keys have a size.
func (c contents) tree(address uint64, kind byte, keySize int) (treeNode, error) {
	b, err := c.at(address, treeHeader, "a B-tree")
	if err != nil {
		return treeNode{}, err
	}
	if string(b[:4]) != "TREE" || b[4] != kind {
		return treeNode{}, c.errorf(address, "expected a B-tree of kind %d, found %q of kind %d: the file is damaged", kind, b[:4], b[4])
	}
	n := treeNode{level: int(b[5]), entries: u16(b[6:]), at: address + treeHeader}
	n.body, err = c.at(n.at, n.entries*(keySize+8)+keySize, "a B-tree")
	return n, err
}

// leaves visits the leaves of a tree in order. A node is visited once, so that a damaged tree has an end.
func (c contents) leaves(root uint64, kind byte, keySize int, visit func(treeNode) error) error {
	seen := map[uint64]bool{}
	var down func(address uint64, below int) error
	down = func(address uint64, below int) error {
		n, err := c.tree(address, kind, keySize)
		if err != nil {
			return err
		}
		if seen[address] || n.level >= below {
			return c.errorf(address, "a B-tree leads back to itself: the file is damaged")
		}
		seen[address] = true
		if n.level == 0 {
			return visit(n)
		}
		for i := range n.entries {
			if err := down(u64(n.body[i*(keySize+8)+keySize:]), n.level); err != nil {
				return err
			}
		}
		return nil
	}
	return down(root, 256)
}
