package hdf5

import "bytes"

// texts reads those of an object's attributes that are one string.
func (c contents) texts(list []message) (map[string]string, error) {
	found := map[string]string{}
	for _, m := range list {
		if m.kind == attributeInfo && len(m.data) >= 10 && m.data[1] == 0 && u64(m.data[2:]) != undefined {
			return nil, c.errorf(m.at, "the attributes stand in a heap, which is not read")
		}
		if m.kind != attributeMessage {
			continue
		}
		name, value, ok, err := c.attribute(m)
		if err != nil {
			return nil, err
		}
		if ok {
			found[name] = value
		}
	}
	return found, nil
}

// attribute reads name, type, shape and value; ok is false for what is not one string. In version 1 each of the first three is
// padded to eight bytes, and version 3 says how the name is encoded.
func (c contents) attribute(m message) (name, value string, ok bool, err error) {
	const head = 8
	bad := func() error { return c.errorf(m.at, "an attribute is cut short: the file is damaged") }
	if len(m.data) < head || m.data[0] < 1 || m.data[0] > 3 {
		return "", "", false, bad()
	}
	version, shared := m.data[0], m.data[0] > 1 && m.data[1] != 0
	rest, at := m.data[head:], m.at+head
	if version == 3 && len(rest) > 0 {
		rest, at = rest[1:], at+1
	}
	var parts [3]message // name, type, shape
	for i := range parts {
		size := u16(m.data[2+2*i:])
		padded := size
		if version == 1 {
			padded = (size + 7) &^ 7
		}
		if len(rest) < padded {
			return "", "", false, bad()
		}
		parts[i] = message{at: at, data: rest[:size]}
		rest, at = rest[padded:], at+uint64(padded)
	}
	if shared { // its type stands elsewhere
		return "", "", false, nil
	}
	kind, err := c.datatype(parts[1])
	if err != nil {
		return "", "", false, err
	}
	shape, err := c.dataspace(parts[2])
	if err != nil || kind.class != "string" || shape.Len() != 1 {
		return "", "", false, err
	}
	name = string(bytes.TrimRight(parts[0].data, "\x00"))
	value, err = c.text(kind, rest, at)
	return name, value, true, err
}

// text is a string: of fixed length with what follows a zero byte left out, or in a heap.
func (c contents) text(kind datatype, data []byte, at uint64) (string, error) {
	if len(data) < kind.size || kind.open && kind.size < 16 {
		return "", c.errorf(at, "expected a string of %d bytes, found %d: the file is damaged", kind.size, len(data))
	}
	if kind.open {
		return c.heapText(u32(data), u64(data[4:]), int(u32(data[12:])))
	}
	value, _, _ := bytes.Cut(data[:kind.size], []byte{0})
	return string(value), nil
}

// heapText finds a string in a global heap, whose objects have number, references, size and bytes, padded to eight.
func (c contents) heapText(length uint32, address uint64, index int) (string, error) {
	const header = 16
	b, err := c.at(address, header, "a heap of strings")
	if err != nil {
		return "", err
	}
	size := u64(b[8:])
	if !bytes.HasPrefix(b, []byte("GCOL")) || size < header || size > uint64(len(c.data)) {
		return "", c.errorf(address, "expected a heap of strings (GCOL), found %q with %d bytes of a file of %d: the file is damaged", b[:4], size, len(c.data))
	}
	if b, err = c.at(address, int(size), "a heap of strings"); err != nil {
		return "", err
	}
	for at := uint64(header); at+header <= size; {
		number, n := u16(b[at:]), u64(b[at+8:])
		if n > size-at-header {
			break
		}
		if number == index {
			if uint64(length) > n {
				break
			}
			value, _, _ := bytes.Cut(b[at+header:][:length], []byte{0})
			return string(value), nil
		}
		if number == 0 { // what is left over
			break
		}
		at += header + (n+7)&^7
	}
	return "", c.errorf(address, "a heap has no string %d of %d bytes: the file is damaged", index, length)
}
