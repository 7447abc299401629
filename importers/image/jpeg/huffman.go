package jpeg

// lookBits is how many bits are looked up at once.
const lookBits = 9

// huffman is a table of codes.
type huffman struct {
	look    [1 << lookBits]uint16 // length<<8 | symbol for short codes, 0 for others
	limit   [17]int               // limit[n]: the first code of n bits, left-aligned to 16, that is too large
	offset  [17]int               // index of a symbol less its code, by length
	symbols []byte
}

func (d *decoder) readHuffman(body []byte, start int) error {
	for len(body) > 0 {
		if len(body) < 17 {
			return errorf(start, "a Huffman table is cut off")
		}
		class, to := body[0]>>4, body[0]&15
		total := 0
		for _, n := range body[1:17] {
			total += int(n)
		}
		if class > 1 || to > 3 || total > 256 || len(body) < 17+total {
			return errorf(start, "bad Huffman table")
		}
		table := newHuffman(body[1:17], body[17:17+total], class == 0)
		if table == nil {
			return errorf(start, "the codes of a Huffman table do not fit together")
		}
		if class == 0 {
			d.dc[to] = table
		} else {
			d.ac[to] = table
		}
		body = body[17+total:]
	}
	return nil
}

// newHuffman makes the codes of ITU T.81, annex C, or returns nil if the counts of code lengths are impossible. As in
// libjpeg no code is all ones, and a difference has at most 15 bits.
func newHuffman(counts, symbols []byte, differences bool) *huffman {
	h := &huffman{symbols: symbols}
	code, index := 0, 0
	for length := 1; length <= 16; length++ {
		h.offset[length] = index - code
		for range counts[length-1] {
			if differences && symbols[index] > 15 {
				return nil
			}
			h.enter(code, length, symbols[index])
			code++
			index++
		}
		if counts[length-1] > 0 && code >= 1<<length {
			return nil
		}
		h.limit[length] = code << (16 - length)
		code <<= 1
	}
	return h
}

func (h *huffman) enter(code, length int, symbol byte) {
	if length > lookBits || code >= 1<<length {
		return
	}
	first := code << (lookBits - length)
	for i := range 1 << (lookBits - length) {
		h.look[first+i] = uint16(length)<<8 | uint16(symbol)
	}
}
