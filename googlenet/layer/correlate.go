package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// correlate is the plan of a convolution, for the maps of one image, as products of matrices. A row of the
// left matrix is what one output cell sees; it lies as it is in a padded map, in stretches of neighbouring elements.
// The right one are the weights. The work is the same for every image.
type correlate[T tensor.Float] struct {
	window        Window
	set           *kernel.Set[T]
	in, out       [2]int // extents of the maps
	inner, outer  int    // channels of the maps
	top, left     int
	spread        [2]int        // from one cell of the map to the next in the padded one
	padded        [2]int        // extents of the padded map
	pitch         int           // elements of a cell of the padded map
	terms         int           // of an output
	lines         []kernel.Line // the stretches of the first output cell
	strips        []strip
	wholeMap      bool // the padded map is the map itself
	channelsInner bool // a line is as wide as a cell: channels lie in blocks
}

// strip is a group of output cells that one tile computes.
type strip struct{ a, c, rows, second, cSecond int }

func newCorrelate[T tensor.Float](w Window, inner, outer int, in, out [2]int) *correlate[T] {
	p := &correlate[T]{window: w, in: in, out: out, inner: inner, outer: outer, spread: [2]int{1, 1}}
	p.top, p.left, _, _ = w.Padding.For(in[0], in[1], w)
	return p.planned()
}

// transposed is the plan that takes gradients of what p computes to those of what it reads: the same windows, turned round,
// over the gradients, which stand as far apart as the windows did.
func (p *correlate[T]) transposed() *correlate[T] {
	w := p.window
	w.Stride = [2]int{1, 1}
	q := &correlate[T]{window: w, in: p.out, out: p.in, inner: p.outer, outer: p.inner, spread: p.window.Stride}
	q.top, q.left = w.extent(0)-1-p.top, w.extent(1)-1-p.left
	return q.planned()
}

// planned completes a plan that knows its window and its maps.
func (p *correlate[T]) planned() *correlate[T] {
	w, line := p.window, kernel.LineOf[T]()
	p.set, p.terms = kernel.For[T](), p.inner*w.Kernel[0]*w.Kernel[1]
	for axis := range p.padded {
		p.padded[axis] = (p.out[axis]-1)*w.Stride[axis] + w.extent(axis)
	}
	p.channelsInner = p.inner >= line
	p.pitch = min(p.inner, line)
	p.wholeMap = p.channelsInner && p.padded == p.in && p.top == 0 && p.left == 0 && p.spread == [2]int{1, 1}
	p.lay()
	p.place()
	return p
}

// paddedLen is the number of elements of the padded map.
func (p *correlate[T]) paddedLen() int {
	n := p.padded[0] * p.padded[1] * p.pitch
	if p.channelsInner {
		n *= lines[T](p.inner)
	}
	return n
}

// lay lists the stretches: the channels of a block of each cell of the window or, where there are few channels, those of all
// cells in a row of it.
func (p *correlate[T]) lay() {
	row, b := p.padded[1]*p.pitch, 0
	add := func(at, steps int) {
		p.lines = append(p.lines, kernel.Line{A: at, B: b, Steps: steps})
		b += steps * kernel.LineOf[T]()
	}
	for first := 0; first < p.inner; first += p.pitch {
		block := first / p.pitch * p.padded[0] * row
		for u := range p.window.Kernel[0] {
			at := block + u*p.window.Dilation[0]*row
			if !p.channelsInner && p.window.Dilation[1] == 1 {
				add(at, p.window.Kernel[1]*p.pitch)
				continue
			}
			for v := range p.window.Kernel[1] {
				add(at+v*p.window.Dilation[1]*p.pitch, min(p.pitch, p.inner-first))
			}
		}
	}
}

// place cuts the output into strips of at most the height of a tile. Rows that follow one another without a gap count as
// one; two rows that are half as long as a tile is high share one.
func (p *correlate[T]) place() {
	line, half := kernel.LineOf[T](), p.set.Rows/2
	step, rowStep := p.window.Stride[1]*p.pitch, p.window.Stride[0]*p.padded[1]*p.pitch
	rows, width := p.out[0], p.out[1]
	if rowStep == width*step {
		rows, width = 1, rows*width
	}
	count := (width + p.set.Rows - 1) / p.set.Rows
	for i := 0; i < rows; i++ {
		if width == half && i+1 < rows {
			p.strips = append(p.strips, strip{i * rowStep, i * width * line, 2 * half, rowStep, half * line})
			i++
			continue
		}
		for s := range count {
			lo, hi := s*width/count, (s+1)*width/count
			p.strips = append(p.strips, strip{i*rowStep + lo*step, (i*width + lo) * line, hi - lo, half * step, half * line})
		}
	}
}

// weights lays the rows of weights, [outer, inner, kernel...], out as the products read them: for each block of outputs the
// terms in the order of the lines.
func (p *correlate[T]) weights(w []T, workers int) []T {
	line := kernel.LineOf[T]()
	return p.pack(workers, func(block int, rows []T) {
		p.set.Interleave(rows, w[block*line*p.terms:], p.terms, min(line, p.outer-block*line), p.terms)
	}, func(term int) int { return term })
}

// transposedWeights does the same for a transposed plan, from the weights of the original one, [inner, outer, kernel...]:
// the window is turned round.
func (p *correlate[T]) transposedWeights(w []T, workers int) []T {
	line, cells := kernel.LineOf[T](), p.window.Kernel[0]*p.window.Kernel[1]
	return p.pack(workers, func(block int, rows []T) {
		full := min(line, p.outer-block*line)
		for c := range p.inner {
			from := w[(c*p.outer+block*line)*cells:]
			if cells == 1 && full == line {
				copy(rows[c*line:(c+1)*line], from) // a line already
				continue
			}
			p.set.Interleave(rows[c*cells*line:(c+1)*cells*line], from, cells, full, cells)
		}
	}, func(term int) int { return term/cells*cells + cells - 1 - term%cells })
}

// pack calls fill for every block of outputs to write the lines of its terms, channel by channel, and puts them in order: where
// says which of them a term is.
func (p *correlate[T]) pack(workers int, fill func(block int, rows []T), where func(term int) int) []T {
	line := kernel.LineOf[T]()
	packed := tensor.Scratch[T](lines[T](p.outer) * p.terms * line)
	order := p.order()
	parallel.For(workers, lines[T](p.outer), func(i int) {
		rows := tensor.Scratch[T](p.terms * line)
		defer tensor.Release(rows)
		fill(i, rows)
		to := packed[i*p.terms*line:]
		for k, term := range order {
			from := where(term)
			copy(to[k*line:(k+1)*line], rows[from*line:])
		}
	})
	return packed
}

// unpack is the way back from packed weights: it writes w.
func (p *correlate[T]) unpack(packed, w []T, workers int) {
	line, order := kernel.LineOf[T](), p.order()
	parallel.For(workers, lines[T](p.outer), func(i int) {
		rows := tensor.Scratch[T](p.terms * line)
		defer tensor.Release(rows)
		from := packed[i*p.terms*line:]
		for k, term := range order {
			copy(rows[term*line:(term+1)*line], from[k*line:])
		}
		p.set.Deinterleave(w[i*line*p.terms:], p.terms, min(line, p.outer-i*line), p.terms, rows)
	})
}

// order lists which term of a row of weights each term of the lines is.
func (p *correlate[T]) order() []int {
	kh, kw := p.window.Kernel[0], p.window.Kernel[1]
	list := make([]int, 0, p.terms)
	for first := 0; first < p.inner; first += p.pitch {
		for cell := range kh * kw {
			for c := first; c < min(first+p.pitch, p.inner); c++ {
				list = append(list, c*kh*kw+cell)
			}
		}
	}
	return list
}

// bias is padded to whole lines; no bias is zeros.
func (p *correlate[T]) bias(b []T) []T {
	out := make([]T, lines[T](p.outer)*kernel.LineOf[T]())
	copy(out, b)
	return out
}

// frame copies a map of cells into the padded one.
func (p *correlate[T]) frame(from, to []T) {
	width, row := p.in[1]*p.pitch, p.padded[1]*p.pitch
	for r := range p.padded[0] {
		line, i := to[r*row:][:row], r-p.top
		if i < 0 || i%p.spread[0] != 0 || i/p.spread[0] >= p.in[0] {
			clear(line)
			continue
		}
		p.frameRow(from[i/p.spread[0]*width:][:width], line)
	}
}

// frameRow copies a row.
func (p *correlate[T]) frameRow(from, to []T) {
	if p.spread[1] == 1 {
		before := min(max(p.left, 0)*p.pitch, len(to))
		clear(to[:before])
		n := copy(to[before:], from[min(max(-p.left, 0)*p.pitch, len(from)):])
		clear(to[before+n:])
		return
	}
	clear(to)
	for j := range p.in[1] {
		if at := j*p.spread[1] + p.left; at >= 0 && at < p.padded[1] {
			copy(to[at*p.pitch:(at+1)*p.pitch], from[j*p.pitch:])
		}
	}
}

// cells interleaves the planes of few channels.
func (p *correlate[T]) cells(planes, to []T) {
	area := p.in[0] * p.in[1]
	for c := range p.inner {
		for i, v := range planes[c*area:][:area] {
			to[i*p.inner+c] = v
		}
	}
}

// compute multiplies what the strips see with the weights of some blocks of outputs.
func (p *correlate[T]) compute(t *kernel.Tile[T], padded, weights, bias, out []T, strips []strip, first, blocks int) {
	line, cells := kernel.LineOf[T](), p.out[0]*p.out[1]
	t.Blocks, t.Step, t.Next = blocks, p.window.Stride[1]*p.pitch, 1
	t.BNext, t.BBlock, t.CStep, t.CBlock = line, p.terms*line, line, cells*line
	for _, s := range strips {
		t.Rows, t.Second, t.CSecond = s.rows, s.second, s.cSecond
		p.set.Multiply(t, padded[s.a:], weights[first*p.terms*line:], out[first*cells*line+s.c:], bias[first*line:], p.lines)
	}
}

// run computes all outputs of an image. Each task is a block of outputs as wide as a tile, in some of the strips.
func (p *correlate[T]) run(padded, weights, bias, out []T, workers int, floor bool) {
	blocks := lines[T](p.outer)
	wide := (blocks + p.set.Blocks - 1) / p.set.Blocks
	parts := min(len(p.strips), max(1, 6*workers/wide))
	if workers == 1 {
		parts = 1
	}
	parallel.For(workers, wide*parts, func(i int) {
		first, part := i/parts*p.set.Blocks, i%parts
		lo, hi := part*len(p.strips)/parts, (part+1)*len(p.strips)/parts
		var t kernel.Tile[T]
		t.Floor(floor)
		p.compute(&t, padded, weights, bias, out, p.strips[lo:hi], first, min(p.set.Blocks, blocks-first))
	})
}
