package hdf5

import "parity/googlenet/tensor"

// grid is how an array is cut into chunks: all of one shape, those at the far borders with cells beyond them.
type grid struct {
	array, chunk tensor.Shape
	size         int // of an element in bytes
}

// chunk is one as it is stored.
type chunk struct {
	place   tensor.Shape // of its first element
	address uint64
	stored  uint32 // bytes
	skipped uint32 // a bit for each filter that was left out
}

// chunked puts together the n bytes of an array that is stored in chunks, each filtered by itself.
func (p *properties) chunked(n int) ([]byte, error) {
	g, err := p.grid()
	if err != nil {
		return nil, err
	}
	chunks, err := p.chunks(g)
	if err != nil {
		return nil, err
	}
	if want := g.count(); len(chunks) != want || n > maxRatio*len(p.data) {
		return nil, p.errorf(p.header, "expected %d chunks of %v for an array of %v in a file of %d bytes, found %d", want, g.chunk, g.array, len(p.data), len(chunks))
	}
	out := make([]byte, n)
	for _, c := range chunks {
		data, err := p.unfiltered(c, g.bytes())
		if err != nil {
			return nil, err
		}
		g.copy(out, data, c.place)
	}
	return out, nil
}

// maxRatio is the most that deflate can save.
const maxRatio = 1032

// chunks lists what the B-tree of a dataset leads to. Its keys have the stored size, the filters that were left out and the chunk's
// place, with an axis more for the bytes of an element.
func (p *properties) chunks(g grid) (list []chunk, err error) {
	keySize, root := 8+8*(len(g.array)+1), u64(p.layout.data[3:])
	if root == undefined {
		return nil, nil
	}
	err = p.leaves(root, 1, keySize, func(node treeNode) error {
		for i := range node.entries {
			entry := node.body[i*(keySize+8):]
			place, ok := g.place(entry[8:])
			if !ok {
				return p.errorf(node.at, "a chunk stands outside of its array of shape %v", g.array)
			}
			list = append(list, chunk{place: place, stored: u32(entry), skipped: u32(entry[4:]), address: u64(entry[keySize:])})
		}
		return nil
	})
	return list, err
}

func (p *properties) grid() (grid, error) {
	g, d := grid{array: p.shape, size: p.size}, p.layout.data
	for i := range int(d[2]) {
		g.chunk = append(g.chunk, int(u32(d[11+4*i:])))
	}
	rank := len(g.chunk) - 1
	if rank < 1 || rank != len(g.array) || g.chunk[rank] != g.size {
		return g, p.errorf(p.layout.at, "expected chunks of %d axes and elements of %d bytes, found %v", len(g.array), g.size, g.chunk)
	}
	g.chunk = g.chunk[:rank]
	if n, ok := g.chunk.CheckedLen(); !ok || n < 1 || n > maxChunk/g.size {
		return g, p.errorf(p.layout.at, "expected chunks of up to %d bytes, found %v elements of %d", maxChunk, g.chunk, g.size)
	}
	return g, nil
}

// maxChunk is the most bytes that HDF5 lets a chunk have.
const maxChunk = 1<<32 - 1

// bytes is the size of an unfiltered chunk.
func (g grid) bytes() int { return g.chunk.Len() * g.size }

// count is how many chunks cover the array.
func (g grid) count() int {
	n := 1
	for a, extent := range g.array {
		n *= (extent + g.chunk[a] - 1) / g.chunk[a]
	}
	return n
}

// place reads a chunk's first element, which must be within the array.
func (g grid) place(key []byte) (tensor.Shape, bool) {
	place := make(tensor.Shape, len(g.array))
	for a := range place {
		v := u64(key[8*a:])
		if v >= uint64(g.array[a]) || int(v)%g.chunk[a] != 0 {
			return nil, false
		}
		place[a] = int(v)
	}
	return place, true
}

// copy puts a chunk where it belongs, row by row, and leaves out what is beyond the borders.
func (g grid) copy(to, chunk []byte, place tensor.Shape) {
	last := len(g.array) - 1
	row := min(g.chunk[last], g.array[last]-place[last]) * g.size
	at := make([]int, last) // within the chunk
	for {
		from, into, inside := 0, 0, true
		for a, i := range at {
			from, into = from*g.chunk[a]+i, into*g.array[a]+place[a]+i
			inside = inside && place[a]+i < g.array[a]
		}
		if inside {
			from, into = from*g.chunk[last]*g.size, (into*g.array[last]+place[last])*g.size
			copy(to[into:into+row], chunk[from:])
		}
		a := last - 1
		for ; a >= 0; a-- {
			if at[a]++; at[a] < g.chunk[a] {
				break
			}
			at[a] = 0
		}
		if a < 0 {
			return
		}
	}
}
