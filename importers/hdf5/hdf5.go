// Package hdf5 reads HDF5 files behind guards: the library that does it believes what a file claims, so sizes are checked
// before it allocates, and what it does with a damaged file is an error here. Where it stops short of what Keras writes, the
// file is read here: groups of many members, and the elements of arrays of numbers, in one piece or in chunks.
//
// Only the oldest format is read, with a superblock of version 0, whose structures can be checked. It is what HDF5 and h5py
// write unless told otherwise, and what Caffe's and Keras's files have.
package hdf5

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"

	"github.com/scigolib/hdf5"

	"parity/importers/source"
)

// Is tells whether a file's bytes are HDF5.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte("\x89HDF\r\n\x1a\n")) }

// Visitor is called for the contents of a file, from the root down; a nil function for nothing. An error ends the visit.
type Visitor struct {
	// Group gets a group's path, such as /data/conv1, and those of its attributes that are text.
	Group func(path string, attributes map[string]string) error
	// Dataset gets an array that is not read yet.
	Dataset func(d *Dataset) error
}

// Visit opens a file and shows what it holds.
func Visit(path string, v Visitor) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return visit(path, path, data, v)
}

// VisitBytes is Visit for a file that is part of another, under the name that errors call it by.
func VisitBytes(name string, data []byte, v Visitor) error { return visitBytes(name, data, v) }

func visitBytes(name string, data []byte, v Visitor) error {
	f, err := os.CreateTemp("", "parity-*.h5") // the library opens files by their path only
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return visit(name, f.Name(), data, v)
}

func visit(name, path string, data []byte, v Visitor) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = source.Errorf(name, "", "the HDF5 file is damaged: %v", p)
		}
	}()
	if err := checkHeaps(name, data); err != nil {
		return err
	}
	flat, err := levelled(name, data)
	if err != nil {
		return err
	}
	if len(flat) != len(data) {
		return visitBytes(name, flat, v)
	}
	file, err := hdf5.Open(path)
	if err != nil {
		return source.Errorf(name, "", "expected an HDF5 file: %v", err)
	}
	defer file.Close()
	w := walk{Visitor: v, contents: contents{name, data}}
	file.Walk(func(path string, o hdf5.Object) {
		if err == nil {
			err = w.object(path, o)
		}
	})
	return err
}

type walk struct {
	Visitor
	contents
}

func (w walk) object(path string, o hdf5.Object) error {
	switch o := o.(type) {
	case *hdf5.Group:
		if w.Group == nil {
			return nil
		}
		attributes, err := w.texts(path, o)
		if err != nil {
			return err
		}
		return w.Group(strings.TrimSuffix(path, "/"), attributes)
	case *hdf5.Dataset:
		if w.Dataset == nil {
			return nil
		}
		d := &Dataset{library: o, File: w.name, Path: path, contents: w.contents}
		if err := d.describe(); err != nil {
			return err
		}
		return w.Dataset(d)
	}
	return nil
}

// texts reads the attributes that are one string.
func (w walk) texts(path string, g *hdf5.Group) (map[string]string, error) {
	list, err := g.Attributes()
	if err != nil {
		return nil, source.Errorf(w.name, path, "its attributes cannot be read: %v", err)
	}
	texts := map[string]string{}
	for _, a := range list {
		if a.Datatype == nil || !a.Datatype.IsString() && !a.Datatype.IsVariableString() || a.Dataspace == nil || a.Dataspace.TotalElements() != 1 {
			continue
		}
		v, err := a.ReadValue()
		if err != nil {
			return nil, source.Errorf(w.name, path, "the attribute %q cannot be read: %v", a.Name, err)
		}
		if s, ok := v.(string); ok {
			texts[a.Name] = s
		}
	}
	return texts, nil
}

// checkHeaps refuses what the library believes: the sizes that heaps claim, local ones, where names are kept, and global
// ones, where attributes of any length are.
func checkHeaps(file string, data []byte) error {
	const version = 8
	if !Is(data) || len(data) <= version || data[version] != 0 {
		return source.Errorf(file, "", "expected an HDF5 file with a superblock of version 0, which HDF5 writes unless told otherwise")
	}
	for _, signature := range []string{localHeap, globalHeap} {
		for at := 0; ; at++ {
			next := bytes.Index(data[at:], []byte(signature))
			if next < 0 {
				break
			}
			at += next
			if err := checkHeap(file, signature, data, at); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	localHeap  = "HEAP"
	globalHeap = "GCOL"
)

func checkHeap(file, signature string, data []byte, at int) error {
	const header = 16 // signature, version and the heap's size
	if len(data)-at < header {
		return nil
	}
	size := binary.LittleEndian.Uint64(data[at+8:])
	if size > uint64(len(data)) || signature == globalHeap && size > uint64(len(data)-at) {
		return source.Errorf(file, source.Offset(at), "a heap claims %d bytes of a file that has %d", size, len(data))
	}
	if signature == localHeap || size < header {
		return nil
	}
	return checkObjects(file, data[:at+int(size)], at+header)
}

// checkObjects walks through the objects of a global heap: number, references, size, bytes. Number 0 is what is left over.
func checkObjects(file string, heap []byte, at int) error {
	const header = 16
	for len(heap)-at >= header {
		size := binary.LittleEndian.Uint64(heap[at+8:])
		if free := binary.LittleEndian.Uint16(heap[at:]) == 0; free {
			if size > uint64(len(heap)-at) {
				return source.Errorf(file, source.Offset(at), "the rest of a heap claims %d bytes of %d", size, len(heap)-at)
			}
			return nil
		}
		if size > uint64(len(heap)-at-header) {
			return source.Errorf(file, source.Offset(at), "an object of a heap claims %d bytes of %d", size, len(heap)-at-header)
		}
		at += header + int(size+7)&^7
	}
	return nil
}
