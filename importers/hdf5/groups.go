package hdf5

import (
	"bytes"

	"parity/googlenet/tensor"
)

// walk goes through all objects from the root down.
type walk struct {
	contents
	Visitor
	seen map[uint64]bool // headers of groups
}

// A symbol table entry has where the object's name stands among the group's, and the address of its header.
const (
	entrySize = 40
	headerAt  = 8
)

// child is an object to go to.
type child struct {
	path   string
	header uint64
}

// all visits every object: its own stack, as groups may be deeper than the program's.
func (w *walk) all() error {
	root, err := w.at(rootEntryAt, entrySize, "the root group's entry")
	if err != nil {
		return err
	}
	for stack := []child{{"", u64(root[headerAt:])}}; len(stack) > 0; {
		c := stack[len(stack)-1]
		more, err := w.object(c)
		if err != nil {
			return err
		}
		stack = stack[:len(stack)-1]
		for i := len(more) - 1; i >= 0; i-- {
			stack = append(stack, more[i])
		}
	}
	return nil
}

// object visits one object and returns what it holds.
func (w *walk) object(c child) ([]child, error) {
	list, err := w.messages(c.header)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		switch {
		case m.kind == symbolTableMessage && len(m.data) >= 16:
			return w.group(c, list, func() ([]child, error) { return w.indexed(c.path, u64(m.data), u64(m.data[8:])) })
		case m.kind == linkInfoMessage:
			return w.group(c, list, func() ([]child, error) { return w.linked(c.path, m, list) })
		}
	}
	if w.Dataset == nil {
		return nil, nil
	}
	d, err := w.dataset(c, list)
	if d == nil || err != nil {
		return nil, err
	}
	return nil, w.Dataset(d)
}

// group visits a group; one that several paths lead to only once.
func (w *walk) group(c child, list []message, members func() ([]child, error)) ([]child, error) {
	if w.seen[c.header] {
		return nil, nil
	}
	w.seen[c.header] = true
	if w.Group != nil {
		attributes, err := w.texts(list)
		if err != nil {
			return nil, err
		}
		if err := w.Group(c.path, attributes); err != nil {
			return nil, err
		}
	}
	return members()
}

// indexed lists the members of an ordinary group, which a B-tree leads to.
func (w *walk) indexed(path string, index, names uint64) ([]child, error) {
	heap, err := w.localHeap(names)
	if err != nil {
		return nil, err
	}
	const keySize, kind = 8, 0
	var more []child
	err = w.leaves(index, kind, keySize, func(n treeNode) error {
		for i := range n.entries {
			var err error
			if more, err = w.members(u64(n.body[i*(keySize+8)+keySize:]), heap, path, more); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}

// members appends the entries of a symbol table node. A link that only names another object has no header.
func (w *walk) members(address uint64, heap []byte, path string, to []child) ([]child, error) {
	const header = 8
	b, err := w.at(address, header, "a symbol table")
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(b, []byte("SNOD")) {
		return nil, w.errorf(address, "expected a symbol table (SNOD), found %q: the file is damaged", b[:4])
	}
	entries, err := w.at(address+header, u16(b[6:])*entrySize, "a symbol table")
	if err != nil {
		return nil, err
	}
	for ; len(entries) > 0; entries = entries[entrySize:] {
		at := u64(entries)
		if at >= uint64(len(heap)) {
			return nil, w.errorf(address, "a name stands at %d among %d bytes of names: the file is damaged", at, len(heap))
		}
		name, _, _ := bytes.Cut(heap[at:], []byte{0})
		if u64(entries[headerAt:]) != undefined {
			to = append(to, child{path + "/" + string(name), u64(entries[headerAt:])})
		}
	}
	return to, nil
}

// localHeap is the bytes that a group's names stand in.
func (c contents) localHeap(address uint64) ([]byte, error) {
	b, err := c.at(address, 32, "a group's names")
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(b, []byte("HEAP")) {
		return nil, c.errorf(address, "expected a group's names (HEAP), found %q: the file is damaged", b[:4])
	}
	size := u64(b[8:])
	if size > uint64(len(c.data)) {
		return nil, c.errorf(address, "a group's names claim %d bytes of a file of %d", size, len(c.data))
	}
	return c.at(u64(b[24:]), int(size), "a group's names")
}

// dataset describes an array; nil for an object that is none.
func (w *walk) dataset(c child, list []message) (*Dataset, error) {
	d := &Dataset{File: w.name, Path: c.path, stored: properties{contents: w.contents, header: c.header}}
	var err error
	for _, m := range list {
		switch m.kind {
		case dataspaceMessage:
			d.Shape, err = w.dataspace(m)
		case datatypeMessage:
			d.kind, err = w.datatype(m)
		case layoutMessage:
			d.stored.layout = m
		case filtersMessage:
			d.stored.filters, err = w.parseFilters(m)
		}
		if err != nil {
			return nil, err
		}
	}
	if d.stored.layout.data == nil {
		return nil, nil
	}
	d.Kind, d.Size = d.kind.class, d.kind.size
	d.stored.shape, d.stored.size = d.Shape, d.Size
	return d, nil
}

// dataspace reads a shape; a scalar has no axes.
func (c contents) dataspace(m message) (tensor.Shape, error) {
	bad := func() (tensor.Shape, error) {
		return nil, c.errorf(m.at, "expected the shape of an array, found %d bytes of another kind", len(m.data))
	}
	if len(m.data) < 4 {
		return bad()
	}
	var dims []byte
	switch version := m.data[0]; {
	case version == 1 && len(m.data) >= 8:
		dims = m.data[8:]
	case version == 2:
		dims = m.data[4:]
	default:
		return bad()
	}
	rank := int(m.data[1])
	if len(dims) < 8*rank {
		return bad()
	}
	shape := make(tensor.Shape, rank)
	for i := range shape {
		v := u64(dims[8*i:])
		if v > 1<<48 {
			return nil, c.errorf(m.at, "an array claims an extent of %d", v)
		}
		shape[i] = int(v)
	}
	return shape, nil
}
