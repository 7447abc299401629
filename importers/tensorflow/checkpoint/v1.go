package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/proto"
	"parity/importers/source"
	"parity/importers/tensorflow/tensorproto"
)

// The messages of tensorflow/core/util/saved_tensor_slice.proto.
var (
	slicesSchema    = proto.Schema{Name: "SavedTensorSlices", Fields: map[protowire.Number]string{1: "meta", 2: "data"}}
	metaSchema      = proto.Schema{Name: "SavedTensorSliceMeta", Fields: map[protowire.Number]string{1: "tensor", 2: "versions"}}
	sliceMetaSchema = proto.Schema{Name: "SavedSliceMeta", Fields: map[protowire.Number]string{1: "name", 2: "shape", 3: "type", 4: "slice"}}
	savedSchema     = proto.Schema{Name: "SavedSlice", Fields: map[protowire.Number]string{1: "name", 2: "slice", 3: "data"}}
)

// v1Shard is how the files of a sharded V1 checkpoint are named.
var v1Shard = regexp.MustCompile(`-[0-9]{5}-of-[0-9]{5}$`)

// v1Files finds the files of a V1 checkpoint: one that is named like the prefix, or shards.
func v1Files(prefix string) []string {
	if isTable(prefix) {
		return []string{prefix}
	}
	near, _ := os.ReadDir(filepath.Dir(prefix))
	var files []string
	for _, e := range near {
		path := filepath.Join(filepath.Dir(prefix), e.Name())
		if v1Shard.ReplaceAllString(path, "") == filepath.Clean(prefix) && v1Shard.MatchString(path) && isTable(path) {
			files = append(files, path)
		}
	}
	return files
}

// openV1 reads a V1 checkpoint, whose tables hold the elements themselves: under the empty key the names, types and shapes of
// all tensors and the slices that the file has of each, and under every slice's key its elements.
func openV1(prefix string, files []string) (*Checkpoint, error) {
	c := newV1(prefix, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := c.addV1(file, data); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(c.entries, func(a, b *Entry) int { return slices.Compare([]byte(a.Name), []byte(b.Name)) })
	return c, nil
}

func newV1(prefix string, files []string) *Checkpoint {
	return &Checkpoint{Prefix: prefix, Version: 1, byName: map[string]*Entry{}, parts: map[string]*Entry{}, files: files}
}

func (c *Checkpoint) addV1(file string, data []byte) error {
	headed := false
	err := table{file, data}.each(func(key, value []byte) error {
		m := proto.Binary(file, slices.Clone(value))
		if len(key) == 0 {
			headed = true
			return c.readMeta(m)
		}
		p, err := readSaved(m)
		if err == nil {
			c.parts[string(key)] = p
		}
		return err
	})
	if err == nil && !headed {
		err = source.Errorf(file, "", "expected the list of tensors of a V1 checkpoint under the empty key, found none")
	}
	return err
}

// eachMessage calls f for the messages in fields of one name.
func eachMessage(m proto.Message, s proto.Schema, name string, f func(proto.Message) error) error {
	for field, err := range m.Fields(s) {
		if err == nil && field.Name == name {
			var inner proto.Message
			if inner, err = field.Message(); err == nil {
				err = f(inner)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Checkpoint) readMeta(m proto.Message) error {
	return eachMessage(m, slicesSchema, "meta", func(m proto.Message) error {
		return eachMessage(m, metaSchema, "tensor", func(m proto.Message) error {
			e, err := readSliceMeta(m)
			if err != nil {
				return err
			}
			return c.addSlices(m.File(), e)
		})
	})
}

// addSlices files a tensor, of which each shard may have some slices.
func (c *Checkpoint) addSlices(file string, e *Entry) error {
	first := c.byName[e.Name]
	if first == nil {
		c.byName[e.Name] = e
		c.entries = append(c.entries, e)
		return nil
	}
	if !first.Shape.Equal(e.Shape) || first.DType != e.DType {
		return source.Errorf(file, "", "%q is of type %v and shape %v here, and of %v and %v in another shard", e.Name, e.DType, e.Shape, first.DType, first.Shape)
	}
	first.Slices = append(first.Slices, e.Slices...)
	return nil
}

func readSliceMeta(m proto.Message) (*Entry, error) {
	e := &Entry{Shape: tensor.Shape{}}
	for f, err := range m.Fields(sliceMetaSchema) {
		switch {
		case err != nil:
		case f.Name == "name":
			e.Name, err = f.String()
		case f.Name == "shape":
			err = e.readShape(f)
		case f.Name == "type":
			var v int
			v, err = f.Enum(tensorproto.DTypes)
			e.DType = tensorproto.DType(v)
		case f.Name == "slice":
			var s Slice
			s, err = readSlice(f)
			e.Slices = append(e.Slices, s)
		}
		if err != nil {
			return nil, err
		}
	}
	return e, nil
}

// readSaved reads the elements of one slice. Their shape follows from the slice's key, under which they are looked for.
func readSaved(m proto.Message) (*Entry, error) {
	p := &Entry{}
	err := eachMessage(m, slicesSchema, "data", func(m proto.Message) error {
		return eachMessage(m, savedSchema, "data", func(m proto.Message) (err error) {
			p.elements, err = tensorproto.Read(m)
			return err
		})
	})
	if err == nil && p.elements == nil {
		err = source.Errorf(m.File(), "", "expected the elements of a tensor, found an entry without any")
	}
	return p, err
}

// readElements reads a slice of a V1 checkpoint, whose writer leaves out its type and shape.
func (c *Checkpoint) readElements(e, p *Entry, size tensor.Shape) (tensor.Any, error) {
	t := *p.elements
	t.DType, t.Shape = e.DType, size
	if t.Filled() > 0 {
		return nil, fmt.Errorf("a part of shape %v has too few elements", size)
	}
	return t.Value()
}
