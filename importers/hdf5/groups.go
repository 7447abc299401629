package hdf5

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// levelled returns the file with every group's index in a single node, as the library reads no other; a group of more than some
// 250 members has an index of several levels. It is the same bytes where there is no such group. What the library passes over in
// silence, an index that is damaged, is an error here.
func levelled(name string, data []byte) ([]byte, error) {
	g := groups{contents: contents{name, data}, seen: map[uint64]bool{}}
	if err := g.checkSuperblock(); err != nil {
		return nil, err
	}
	g.queue = []uint64{rootEntryAt}
	for len(g.queue) > 0 {
		entry := g.queue[len(g.queue)-1]
		g.queue = g.queue[:len(g.queue)-1]
		if err := g.object(entry); err != nil {
			return nil, err
		}
	}
	if g.mended == nil {
		return data, nil
	}
	binary.LittleEndian.PutUint64(g.mended[endOfFileAt:], uint64(len(g.mended)))
	return g.mended, nil
}

// groups walks through all objects.
type groups struct {
	contents
	seen   map[uint64]bool // headers
	queue  []uint64        // symbol table entries to go to
	mended []byte          // nil as long as nothing had to be
}

// A symbol table entry has the address of the object's header, and for a group those of its index and names once more.
const (
	entrySize  = 40
	headerAt   = 8
	cacheAt    = 16
	scratchAt  = 24
	groupCache = 1
)

// object visits what a symbol table entry leads to.
func (g *groups) object(entry uint64) error {
	b, err := g.at(entry, entrySize, "a group's entry")
	if err != nil {
		return err
	}
	header := u64(b[headerAt:])
	if g.seen[header] || header == undefined {
		return nil
	}
	g.seen[header] = true
	list, err := g.messages(header)
	if err != nil {
		return err
	}
	var pointers []uint64 // where the address of the index stands
	if u32(b[cacheAt:]) == groupCache {
		pointers = append(pointers, entry+scratchAt)
	}
	for _, m := range list {
		if m.kind == symbolTableMessage && len(m.data) >= 16 {
			pointers = append(pointers, m.at)
		}
	}
	if len(pointers) == 0 {
		return nil
	}
	return g.group(pointers)
}

// group visits the members of a group.
func (g *groups) group(pointers []uint64) error {
	const keySize, kind = 8, 0
	index := u64(g.data[pointers[len(pointers)-1]:])
	root, err := g.tree(index, kind, keySize)
	if err != nil {
		return err
	}
	var leaf []byte
	entries := 0
	err = g.leaves(index, kind, keySize, func(n treeNode) error {
		used := n.entries * (keySize + 8)
		leaf, entries = append(leaf, n.body[:used]...), entries+n.entries
		for i := range n.entries {
			if err := g.members(u64(n.body[i*(keySize+8)+keySize:])); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || root.level == 0 {
		return err
	}
	if entries > 1<<16-1 {
		return g.errorf(index, "the index of a group has %d nodes, more than are read", entries)
	}
	g.replace(pointers, leaf, entries)
	return nil
}

// members notes the entries of a symbol table node.
func (g *groups) members(address uint64) error {
	const header = 8
	b, err := g.at(address, header, "a symbol table")
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(b, []byte("SNOD")) {
		return g.errorf(address, "expected a symbol table (SNOD), found %q: the file is damaged", b[:4])
	}
	n := u16(b[6:])
	if _, err := g.at(address+header, n*entrySize, "a symbol table"); err != nil {
		return err
	}
	for i := range n {
		g.queue = append(g.queue, address+header+uint64(i*entrySize))
	}
	return nil
}

// replace appends a leaf to the file and lets the pointers lead to it.
func (g *groups) replace(pointers []uint64, body []byte, entries int) {
	if g.mended == nil {
		g.mended = slices.Clone(g.data)
	}
	at := uint64(len(g.mended))
	node := make([]byte, treeHeader, treeHeader+len(body)+8)
	copy(node, "TREE")
	binary.LittleEndian.PutUint16(node[6:], uint16(entries))
	binary.LittleEndian.PutUint64(node[8:], undefined)
	binary.LittleEndian.PutUint64(node[16:], undefined)
	node = append(node, body...)
	g.mended = append(g.mended, binary.LittleEndian.AppendUint64(node, 0)...) // the last key is not read
	for _, p := range pointers {
		binary.LittleEndian.PutUint64(g.mended[p:], at)
	}
}
