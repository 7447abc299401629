package caffe

import (
	"fmt"
	"strconv"
	"strings"
)

// writeText writes a message as a prototxt file holds it. Blobs are left out: they belong into a caffemodel.
func (m *Message) writeText(b *strings.Builder, indent string) {
	for _, f := range m.Fields {
		switch v := f.Value.(type) {
		case *Blob:
		case *Message:
			fmt.Fprintf(b, "%s%s {\n", indent, f.Name)
			v.writeText(b, indent+"  ")
			fmt.Fprintf(b, "%s}\n", indent)
		case string:
			if d, ok := named(m.Type, f.Name); ok && enums[d.elem()] == nil {
				v = quoted(v)
			}
			fmt.Fprintf(b, "%s%s: %s\n", indent, f.Name, v)
		case float32:
			fmt.Fprintf(b, "%s%s: %s\n", indent, f.Name, numberText(float64(v), 32))
		case float64:
			fmt.Fprintf(b, "%s%s: %s\n", indent, f.Name, numberText(v, 64))
		default:
			fmt.Fprintf(b, "%s%s: %v\n", indent, f.Name, v)
		}
	}
}

// numberText writes a number as protobuf's text form does, with the names that it has for what is none.
func numberText(v float64, bits int) string {
	return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(v, 'g', -1, bits), "+"))
}

// quoted escapes what a string in quotes cannot hold, byte by byte.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			b.Write([]byte{'\\', c})
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
