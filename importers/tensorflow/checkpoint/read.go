package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/tensorflow/tensorproto"
)

// Read returns a tensor as numbers: see tensorproto.Elements for the types. It may be called from several goroutines.
func (c *Checkpoint) Read(name string) (tensor.Any, error) {
	e, ok := c.Entry(name)
	if !ok {
		return nil, source.Errorf(c.index(), "", "expected the tensor %q, found %d tensors without it", name, len(c.entries))
	}
	if len(e.Slices) > 0 {
		return c.assemble(e)
	}
	return c.readWhole(e, name)
}

// readWhole reads the bytes of one entry. The space is taken only after it is known that the shard has as many.
func (c *Checkpoint) readWhole(e *Entry, name string) (tensor.Any, error) {
	size := int64(e.DType.Size())
	if size == 0 {
		return nil, source.Errorf(c.index(), "", "%q holds elements of type %v, which are not numbers that are read here", name, e.DType)
	}
	if n := int64(e.Shape.Len()); n > e.size || n*size != e.size {
		return nil, source.Errorf(c.index(), "", "%q of shape %v and type %v takes %d bytes for each element, the index gives it %d in all", name, e.Shape, e.DType, size, e.size)
	}
	data, err := c.bytes(e, name)
	if err != nil {
		return nil, err
	}
	return tensorproto.Elements(e.DType, e.Shape, data)
}

// bytes reads the bytes of an entry and verifies them.
func (c *Checkpoint) bytes(e *Entry, name string) ([]byte, error) {
	data, err := c.raw(e, name)
	if err == nil && checksum(data) != e.crc {
		err = c.damaged(e, name)
	}
	return data, err
}

func (c *Checkpoint) damaged(e *Entry, name string) error {
	return source.Errorf(c.shard(e.shard), source.Offset(int(e.offset)), "the checksum of the %d bytes of %q is wrong: the file is damaged or belongs to another index; copy both again", e.size, name)
}

// raw reads the bytes of an entry as they are.
func (c *Checkpoint) raw(e *Entry, name string) ([]byte, error) {
	path := c.shard(e.shard)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, source.Errorf(path, "", "expected this shard of the checkpoint, which holds %q, found no such file; copy all %d shards", name, c.shards)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if e.size > info.Size() || e.offset > info.Size()-e.size {
		return nil, source.Errorf(path, source.Offset(int(e.offset)), "expected the %d bytes of %q, found a file of %d bytes: it is cut short; copy it again", e.size, name, info.Size())
	}
	data := make([]byte, e.size)
	if _, err := f.ReadAt(data, e.offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}

func (c *Checkpoint) shard(i int64) string {
	return fmt.Sprintf("%s.data-%05d-of-%05d", c.Prefix, i, c.shards)
}

// index is the file that lists the tensors.
func (c *Checkpoint) index() string {
	if c.Version == 1 {
		return c.files[0]
	}
	return c.Prefix + ".index"
}

// Shards lists the names of the files that hold the elements, without their folder.
func (c *Checkpoint) Shards() []string {
	var list []string
	for _, file := range c.files {
		list = append(list, filepath.Base(file))
	}
	if c.Version == 1 {
		return list
	}
	seen := map[int64]bool{}
	for _, e := range c.entries {
		if !seen[e.shard] {
			seen[e.shard] = true
			list = append(list, filepath.Base(c.shard(e.shard)))
		}
	}
	return list
}
