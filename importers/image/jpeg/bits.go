package jpeg

// bits reads entropy-coded data bit by bit up to the next marker. The first fault is kept; after it all bits are zero.
type bits struct {
	data  []byte
	at    int    // offset of the next byte to load; at a marker it stays there
	store uint64 // loaded bits, the next one on top, zeros below
	count int    // how many of them are from the file
	err   error
}

// load fills the store to more than 48 bits, unless a marker or the end comes first.
func (b *bits) load() {
	for b.count <= 48 && b.at < len(b.data) {
		v := b.data[b.at]
		next := b.at + 1
		if v == 0xff {
			for next < len(b.data) && b.data[next] == 0xff {
				next++
			}
			if next == len(b.data) || b.data[next] != 0 {
				return
			}
			next++
		}
		b.store |= uint64(v) << (56 - b.count)
		b.count += 8
		b.at = next
	}
}

func (b *bits) skip(n int) {
	if n > b.count {
		b.fail("the compressed data ends early")
		return
	}
	b.store <<= n
	b.count -= n
}

func (b *bits) fail(message string) {
	if b.err == nil {
		b.err = errorf(b.at, "%s", message)
	}
	b.store, b.count, b.data = 0, 0, nil
}

// take returns the next n bits, at most 16.
func (b *bits) take(n int) int {
	if b.count < n {
		b.load()
	}
	v := int(b.store >> (64 - n))
	b.skip(n)
	return v
}

// signed reads a number of n bits that begins with a 1, or its complement if negative (ITU T.81, F.2.2.1).
func (b *bits) signed(n int) int {
	v := b.take(n)
	if n > 0 && v < 1<<(n-1) {
		v -= 1<<n - 1
	}
	return v
}

// symbol reads a Huffman code.
func (b *bits) symbol(h *huffman) int {
	if b.count < 16 {
		b.load()
	}
	if e := h.look[b.store>>(64-lookBits)]; e != 0 {
		b.skip(int(e >> 8))
		return int(e & 0xff)
	}
	next := int(b.store >> 48)
	for length := 1; length <= 16; length++ {
		if next < h.limit[length] {
			b.skip(length)
			return int(h.symbols[next>>(16-length)+h.offset[length]])
		}
	}
	if b.count < 16 {
		b.fail("the compressed data ends early")
	} else {
		b.fail("impossible Huffman code")
	}
	return 0
}

// restart drops the bits before the next marker and returns it.
func (b *bits) restart() (byte, bool) {
	b.store, b.count = 0, 0
	for b.at+1 < len(b.data) {
		if m := b.data[b.at+1]; b.data[b.at] == 0xff && m != 0 && m != 0xff {
			b.at += 2
			return m, true
		}
		b.at++
	}
	return 0, false
}
