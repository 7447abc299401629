// Package matlab reads MAT files of version 5, which lists of photos come in: numbers, texts, cells and structures. Anything
// else in them is an error. A file is not trusted: lengths are checked against the bytes that are there.
//
// The format is described in "MAT-File Format", MathWorks, level 5.
package matlab

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf16"

	"parity/importers/source"
)

// Value is an array: exactly one of Numbers, Text, Cells and Fields holds its elements, column by column.
type Value struct {
	Name    string
	Shape   []int
	Numbers []float64
	Text    string // the rows of characters of a single row
	Cells   []*Value
	Fields  map[string][]*Value // of a structure array: the elements' values of each field
	IsText  bool
}

// What a file may claim at most.
const (
	maxBytes = 1 << 30
	maxDepth = 16
)

// The types of data elements.
const (
	miInt8       = 1
	miUint8      = 2
	miInt16      = 3
	miUint16     = 4
	miInt32      = 5
	miUint32     = 6
	miSingle     = 7
	miDouble     = 9
	miInt64      = 12
	miUint64     = 13
	miMatrix     = 14
	miCompressed = 15
	miUTF8       = 16
	miUTF16      = 17
)

// sizes are the bytes of one element of each type.
var sizes = map[uint32]int{miInt8: 1, miUint8: 1, miInt16: 2, miUint16: 2, miInt32: 4, miUint32: 4, miSingle: 4, miDouble: 8, miInt64: 8, miUint64: 8, miUTF8: 1, miUTF16: 2}

// The classes of arrays.
const (
	classCell   = 1
	classStruct = 2
	classChar   = 4
	classDouble = 6
	classUint64 = 15
)

const headerBytes = 128

// Read reads the variables of a file, by name.
func Read(file string) (map[string]*Value, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxBytes {
		return nil, source.Errorf(file, "", "the file has %d bytes; expected at most %d", info.Size(), maxBytes)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file, data: data}
	if err := r.header(); err != nil {
		return nil, err
	}
	vars := map[string]*Value{}
	for r.at < len(r.data) {
		v, err := r.variable()
		if err != nil {
			return nil, err
		}
		if vars[v.Name] != nil {
			return nil, source.Errorf(file, source.Offset(r.at), "the variable %q is there twice", v.Name)
		}
		vars[v.Name] = v
	}
	return vars, nil
}

// reader goes through data elements. base is the file's offset of the first byte, that of the compressed element if they were
// compressed.
type reader struct {
	file  string
	data  []byte
	at    int
	base  int
	order binary.ByteOrder
	depth int
}

func (r *reader) errorf(format string, args ...any) error {
	return source.Errorf(r.file, source.Offset(r.base+r.at), format, args...)
}

func (r *reader) header() error {
	if len(r.data) >= 8 && bytes.HasPrefix(r.data, []byte("\x89HDF")) || bytes.HasPrefix(r.data, []byte("MATLAB 7.3")) {
		return r.errorf("expected a MAT file of version 5, found one of version 7.3; save it with -v7")
	}
	if len(r.data) < headerBytes {
		return r.errorf("expected a MAT file of version 5, found %d bytes, less than its header", len(r.data))
	}
	switch string(r.data[126:128]) {
	case "IM":
		r.order = binary.LittleEndian
	case "MI":
		r.order = binary.BigEndian
	default:
		return r.errorf("expected a MAT file of version 5, found no byte order at offset 126")
	}
	if v := r.order.Uint16(r.data[124:]); v != 0x0100 {
		return r.errorf("expected a MAT file of version 0x0100, found %#04x", v)
	}
	r.at = headerBytes
	return nil
}

// element reads the tag of a data element and returns its bytes. Small elements are within their tag.
func (r *reader) element() (kind uint32, body []byte, err error) {
	if len(r.data)-r.at < 8 {
		return 0, nil, r.errorf("expected a data element, found the end")
	}
	kind = r.order.Uint32(r.data[r.at:])
	if small := kind >> 16; small != 0 {
		if small > 4 {
			return 0, nil, r.errorf("a small data element claims %d bytes; expected at most 4", small)
		}
		body = r.data[r.at+4:][:small]
		r.at += 8
		return kind & 0xffff, body, nil
	}
	n := int64(r.order.Uint32(r.data[r.at+4:]))
	r.at += 8
	if n > int64(len(r.data)-r.at) {
		return 0, nil, r.errorf("a data element claims %d bytes, of which %d are there", n, len(r.data)-r.at)
	}
	body = r.data[r.at:][:n]
	r.at += int(n)
	if kind != miCompressed {
		r.at = min((r.at+7)/8*8, len(r.data))
	}
	return kind, body, nil
}

// variable reads an array, which may be compressed.
func (r *reader) variable() (*Value, error) {
	from := r.at
	kind, body, err := r.element()
	if err != nil {
		return nil, err
	}
	if kind != miCompressed {
		return r.within(body, from+8).matrix(kind)
	}
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, r.errorf("a compressed variable is damaged: %v", err)
	}
	data, err := io.ReadAll(io.LimitReader(z, maxBytes))
	if err != nil {
		return nil, r.errorf("a compressed variable is damaged: %v", err)
	}
	inner := r.within(data, from)
	kind, body, err = inner.element()
	if err != nil {
		return nil, err
	}
	return inner.within(body, 0).matrix(kind)
}

// within reads bytes of this reader; at is where they are.
func (r *reader) within(body []byte, at int) *reader {
	return &reader{file: r.file, data: body, base: r.base + at, order: r.order, depth: r.depth + 1}
}

// matrix reads the elements of an array: its class, shape, name and contents.
func (r *reader) matrix(kind uint32) (*Value, error) {
	if kind != miMatrix {
		return nil, r.errorf("expected an array, found a data element of type %d", kind)
	}
	if r.depth > maxDepth {
		return nil, r.errorf("arrays are more than %d deep within each other", maxDepth)
	}
	if len(r.data) == 0 { // an empty array in a cell or a field
		return &Value{Shape: []int{0, 0}}, nil
	}
	flags, err := r.numbers()
	if err != nil {
		return nil, err
	}
	shape, err := r.numbers()
	if err != nil {
		return nil, err
	}
	_, name, err := r.element()
	if err != nil {
		return nil, err
	}
	if len(flags) != 2 || len(shape) < 2 {
		return nil, r.errorf("expected two words of flags and two extents or more, found %v and %v", flags, shape)
	}
	v := &Value{Name: string(name)}
	n := 1
	for _, d := range shape {
		if d < 0 || d > maxBytes || d > 0 && n > maxBytes/int(d) {
			return nil, r.errorf("%s claims the extents %v", v.Name, shape)
		}
		n *= int(d)
		v.Shape = append(v.Shape, int(d))
	}
	const complexFlag = 0x0800
	if uint32(flags[0])&complexFlag != 0 {
		return nil, r.errorf("%s has complex numbers, which are not read here", v.Name)
	}
	return v, r.contents(v, uint32(flags[0])&0xff, n)
}

func (r *reader) contents(v *Value, class uint32, n int) (err error) {
	switch {
	case class == classCell:
		v.Cells, err = r.values(n)
	case class == classStruct:
		err = r.fields(v, n)
	case class == classChar:
		err = r.text(v, n)
	case class >= classDouble && class <= classUint64:
		if v.Numbers, err = r.numbers(); err == nil && len(v.Numbers) != n {
			err = r.errorf("%s: expected %d numbers, found %d", v.Name, n, len(v.Numbers))
		}
	default:
		err = r.errorf("%s is of the class %d; expected numbers, text, cells or structures", v.Name, class)
	}
	return err
}

// values reads n arrays. Each takes a tag of 8 bytes at least.
func (r *reader) values(n int) ([]*Value, error) {
	if n > (len(r.data)-r.at)/8 {
		return nil, r.errorf("%d elements are claimed, for which %d bytes are too few", n, len(r.data)-r.at)
	}
	list := make([]*Value, n)
	for i := range list {
		from := r.at
		kind, body, err := r.element()
		if err != nil {
			return nil, err
		}
		if list[i], err = r.within(body, from+8).matrix(kind); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// fields reads the names of a structure's fields, and then all fields of each element.
func (r *reader) fields(v *Value, n int) error {
	length, err := r.numbers()
	if err != nil {
		return err
	}
	_, names, err := r.element()
	if err != nil {
		return err
	}
	if len(length) != 1 || length[0] < 1 || length[0] > 1<<10 || len(names)%int(length[0]) != 0 {
		return r.errorf("%s: expected names of fields of equal length, found %d bytes and lengths %v", v.Name, len(names), length)
	}
	var list []string
	for from := 0; from < len(names); from += int(length[0]) {
		name, _, _ := bytes.Cut(names[from:][:int(length[0])], []byte{0})
		list = append(list, string(name))
	}
	if len(list) > 0 && n > maxBytes/len(list) {
		return r.errorf("%s claims %d elements of %d fields", v.Name, n, len(list))
	}
	all, err := r.values(n * len(list))
	if err != nil {
		return err
	}
	v.Fields = map[string][]*Value{}
	for i, field := range all {
		name := list[i%len(list)]
		v.Fields[name] = append(v.Fields[name], field)
	}
	return nil
}

// text reads characters of one row.
func (r *reader) text(v *Value, n int) error {
	kind, body, err := r.element()
	if err != nil {
		return err
	}
	if n > 0 && v.Shape[0] != 1 {
		return r.errorf("%s: expected one row of characters, found %v", v.Name, v.Shape)
	}
	v.IsText = true
	switch kind {
	case miUTF8, miInt8, miUint8:
		v.Text = string(body)
	case miUTF16, miUint16:
		if len(body)%2 != 0 {
			return r.errorf("%s: %d bytes are no characters of two", v.Name, len(body))
		}
		units := make([]uint16, len(body)/2)
		for i := range units {
			units[i] = r.order.Uint16(body[2*i:])
		}
		v.Text = string(utf16.Decode(units))
	default:
		return r.errorf("%s: expected characters, found a data element of type %d", v.Name, kind)
	}
	return nil
}

// numbers reads a data element of numbers of any type.
func (r *reader) numbers() ([]float64, error) {
	kind, body, err := r.element()
	if err != nil {
		return nil, err
	}
	size := sizes[kind]
	if size == 0 || len(body)%size != 0 {
		return nil, r.errorf("expected numbers, found a data element of type %d with %d bytes", kind, len(body))
	}
	list := make([]float64, len(body)/size)
	for i := range list {
		list[i] = r.number(kind, body[i*size:])
	}
	return list, nil
}

func (r *reader) number(kind uint32, b []byte) float64 {
	switch kind {
	case miInt8:
		return float64(int8(b[0]))
	case miInt16:
		return float64(int16(r.order.Uint16(b)))
	case miUint16, miUTF16:
		return float64(r.order.Uint16(b))
	case miInt32:
		return float64(int32(r.order.Uint32(b)))
	case miUint32:
		return float64(r.order.Uint32(b))
	case miSingle:
		return float64(math.Float32frombits(r.order.Uint32(b)))
	case miDouble:
		return math.Float64frombits(r.order.Uint64(b))
	case miInt64:
		return float64(int64(r.order.Uint64(b)))
	case miUint64:
		return float64(r.order.Uint64(b))
	}
	return float64(b[0])
}

// Field returns a field of the structure's only element, or of its i-th.
func (v *Value) Field(name string, i int) (*Value, error) {
	list := v.Fields[name]
	if i >= len(list) {
		return nil, fmt.Errorf("expected a structure with at least %d elements and a field %q", i+1, name)
	}
	return list[i], nil
}

// Whole is the only number of an array.
func (v *Value) Whole() (int, error) {
	if len(v.Numbers) != 1 || v.Numbers[0] != math.Trunc(v.Numbers[0]) || math.Abs(v.Numbers[0]) > 1<<31 {
		return 0, fmt.Errorf("expected a whole number, found %v", v.Numbers)
	}
	return int(v.Numbers[0]), nil
}
