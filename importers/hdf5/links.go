package hdf5

// linked lists the members of a group that holds its links in its header, as one does where a name is not ASCII. Too many of them
// stand in a heap of another kind, which is not read.
func (w *walk) linked(path string, info message, list []message) ([]child, error) {
	at := 2 // version and flags
	if len(info.data) > 1 && info.data[1]&1 != 0 {
		at += 8 // the order of creation
	}
	if len(info.data) < at+8 {
		return nil, w.errorf(info.at, "a group's links are cut short: the file is damaged")
	}
	if u64(info.data[at:]) != undefined {
		return nil, w.errorf(info.at, "the group %s has more than a few members, of which one's name is not ASCII: they stand in a heap that is not read; rename that layer", path)
	}
	var more []child
	for _, m := range list {
		if m.kind != linkMessage {
			continue
		}
		name, header, err := w.link(m)
		if err != nil {
			return nil, err
		}
		if header != undefined {
			more = append(more, child{path + "/" + name, header})
		}
	}
	return more, nil
}

// link reads a link: version, flags, what the flags say is there, the name's length and name, and the address of a header; undefined
// for a link that only names another object.
func (w *walk) link(m message) (name string, header uint64, err error) {
	rest, flags := m.data, byte(0)
	take := func(n int) (b []byte) {
		if len(rest) >= n {
			b, rest = rest[:n], rest[n:]
		} else {
			b, err = make([]byte, n), w.errorf(m.at, "a link is cut short: the file is damaged")
		}
		return b
	}
	flags = take(2)[1]
	soft := false
	if flags&8 != 0 {
		soft = take(1)[0] != 0
	}
	if flags&4 != 0 {
		take(8) // the order of creation
	}
	if flags&16 != 0 {
		take(1) // how the name is encoded
	}
	length := 0
	for i, b := range take(1 << (flags & 3)) {
		length |= int(b) << (8 * i)
	}
	if err != nil || length < 0 || length > len(rest) {
		return "", 0, w.errorf(m.at, "a link is cut short: the file is damaged")
	}
	name = string(take(length))
	if soft {
		return name, undefined, err
	}
	return name, u64(take(8)), err
}
