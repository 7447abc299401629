package caffe

import (
	"fmt"
	"math"
	"os"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Model is a caffemodel whose weights can be replaced. Everything else in it stays as it is, byte for byte: fields that
// Caffe does not know, their order, and shapes in the older form.
type Model struct {
	*Net
	data   []byte
	values map[int]tensor.Any // what was replaced, by the offset of its blob
}

// ReadModel reads a caffemodel.
func ReadModel(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseModel(path, data)
}

// ParseModel reads a caffemodel; file is what errors call it.
func ParseModel(file string, data []byte) (*Model, error) {
	n, err := ParseBinary(file, data)
	if err != nil {
		return nil, err
	}
	return &Model{n, data, map[int]tensor.Any{}}, nil
}

// Take replaces the weights by those of a graph that has the file's layers; layers that the graph does not have stay.
func (m *Model) Take(g *graph.Graph) error {
	asRead, err := ParseBinary(m.File, m.data) // the graph may have been made of m.Net, and share its memory
	if err != nil {
		return err
	}
	for _, w := range asRead.Weights() {
		node := g.Node(w.Layer)
		if node == nil || w.Index >= len(node.Params) {
			continue
		}
		if err := m.set(w, stored(node.Params[w.Index])); err != nil {
			return err
		}
	}
	return nil
}

// set replaces one blob. Numbers that are what the file's round to in float32 stay as the file has them.
func (m *Model) set(w Weight, v tensor.Any) error {
	if v.Dims().Len() != w.Shape.Len() {
		return fmt.Errorf("%s: the graph has shape %v, the file %v", w.Name(), v.Dims(), w.Shape)
	}
	var changed tensor.Any
	var differs bool
	switch old := w.Value.(type) {
	case *tensor.Tensor[float32]:
		changed, differs = merged(old, v)
	case *tensor.Tensor[float64]:
		changed, differs = merged(old, v)
	}
	delete(m.values, w.offset)
	if differs {
		m.values[w.offset] = changed
	}
	return nil
}

// merged returns the new numbers in the file's precision, and whether any differs.
func merged[T tensor.Float](old *tensor.Tensor[T], v tensor.Any) (*tensor.Tensor[T], bool) {
	out, next := old.Clone(), tensor.As[float64](v)
	differs := false
	for i, x := range next.Data {
		if !same(float32(x), float32(old.Data[i])) || x != float64(float32(x)) && !same(T(x), old.Data[i]) {
			out.Data[i], differs = T(x), true
		}
	}
	return out, differs
}

// same tells zeros of different sign apart, and not one NaN from another.
func same[T tensor.Float](a, b T) bool {
	return a == b && math.Signbit(float64(a)) == math.Signbit(float64(b)) || a != a && b != b
}

// Bytes returns the file with what was replaced.
func (m *Model) Bytes() []byte {
	if len(m.values) == 0 {
		return m.data
	}
	r := &rewriter{m.values}
	return r.message("NetParameter", 0, m.data)
}

// rewriter copies a message with the numbers of some blobs, by their offset, replaced.
type rewriter struct{ values map[int]tensor.Any }

// message copies one whose fields begin at an offset of the file. The file was read before, so that it is well formed.
func (r *rewriter) message(kind string, offset int, b []byte) []byte {
	var out []byte
	for at := 0; at < len(b); {
		number, typ, n := protowire.ConsumeField(b[at:])
		raw := b[at : at+n]
		d, known := numbered(kind, int(number))
		_, nested := messages[d.elem()]
		if !known || !nested || typ != protowire.BytesType {
			out = append(out, raw...)
		} else {
			out = append(out, r.field(d, number, offset+at, raw)...)
		}
		at += n
	}
	return out
}

// field copies a field that holds a message, as it is if nothing in it is replaced.
func (r *rewriter) field(d definition, number protowire.Number, offset int, raw []byte) []byte {
	_, _, tag := protowire.ConsumeTag(raw)
	content, n := protowire.ConsumeBytes(raw[tag:])
	begin := offset + tag + n - len(content)
	if !r.within(begin, begin+len(content)) {
		return raw
	}
	if v, ok := r.values[begin]; ok && d.elem() == "BlobProto" {
		return appendBytes(nil, number, replaced(content, v))
	}
	return appendBytes(nil, number, r.message(d.elem(), begin, content))
}

func (r *rewriter) within(from, to int) bool {
	for offset := range r.values {
		if offset >= from && offset < to {
			return true
		}
	}
	return false
}

// replaced copies a BlobProto with other numbers where the old ones stood first.
func replaced(b []byte, v tensor.Any) []byte {
	var out []byte
	done := false
	for len(b) > 0 {
		number, _, n := protowire.ConsumeField(b)
		switch {
		case number != blobData && number != blobDoubles:
			out = append(out, b[:n]...)
		case !done:
			out, done = appendNumbers(out, v), true
		}
		b = b[n:]
	}
	return out
}
