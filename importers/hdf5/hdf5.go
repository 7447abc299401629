// Package hdf5 reads HDF5 files as Caffe and Keras write them: with a superblock of version 0, which HDF5 and h5py write unless
// told otherwise. Nothing that a file claims is believed: an address or length beyond its end is an error with its place.
//
// It does not use a library. The one that is kept for Go finds no more than some 250 members of a group, loses those behind a
// name that is not ASCII without a word, and reads no half precision; the tests hold this package against it where it can read.
package hdf5

import (
	"bytes"
	"os"
)

// Is tells whether a file's bytes are HDF5.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte("\x89HDF\r\n\x1a\n")) }

// Visitor is called for the contents of a file, from the root down; a nil function for nothing. An error ends the visit.
type Visitor struct {
	// Group gets a group's path, such as /data/conv1 and empty for the root, and those of its attributes that are text.
	Group func(path string, attributes map[string]string) error
	// Dataset gets an array, which may be read when the visit is over too.
	Dataset func(d *Dataset) error
}

// Visit opens a file and shows what it holds.
func Visit(path string, v Visitor) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return VisitBytes(path, data, v)
}

// VisitBytes is Visit for a file that is part of another, under the name that errors call it by.
func VisitBytes(name string, data []byte, v Visitor) error {
	w := walk{contents: contents{name, data}, Visitor: v, seen: map[uint64]bool{}}
	if err := w.checkSuperblock(); err != nil {
		return err
	}
	return w.all()
}
