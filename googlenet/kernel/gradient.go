package kernel

import (
	"math"
	"unsafe"

	"parity/googlenet/tensor"
)

// plusFunc adds src to dst; n is a multiple of the lanes.
type plusFunc[T tensor.Float] func(dst, src *T, n int)

// Plus adds src to dst.
func (s *Set[T]) Plus(dst, src []T) {
	n := len(src) / s.lanes * s.lanes
	dst = dst[:len(src)]
	if n > 0 {
		s.plus(&dst[0], &src[0], n)
	}
	for i, v := range src[n:] {
		dst[n+i] += v
	}
}

func portablePlus[T tensor.Float](dst, src *T, n int) {
	addScaled(unsafe.Slice(dst, n), 1, unsafe.Slice(src, n))
}

// blendFunc writes a x + b y in place of y; factors are a and b, and n is a multiple of the lanes.
type blendFunc[T tensor.Float] func(y, x *T, n int, factors *T)

// Blend writes a x + b y in place of y. The product with b is rounded, the other is not: what BLAS' axpby does on vector units
// that multiply and add at once.
func (s *Set[T]) Blend(a T, x []T, b T, y []T) {
	n := len(x) / s.lanes * s.lanes
	y = y[:len(x)]
	if n > 0 {
		factors := []T{a, b}
		s.blend(&y[0], &x[0], n, &factors[0])
	}
	blendSlice(y[n:], x[n:], a, b)
}

func portableBlend[T tensor.Float](y, x *T, n int, factors *T) {
	f := unsafe.Slice(factors, 2)
	blendSlice(unsafe.Slice(y, n), unsafe.Slice(x, n), f[0], f[1])
}

// blendSlice rounds a float32 sum to float64 first, which once in some 2^29 times changes the result.
func blendSlice[T tensor.Float](y, x []T, a, b T) {
	for i, v := range x {
		y[i] = T(math.FMA(float64(a), float64(v), float64(T(b*y[i]))))
	}
}

// gateFunc writes d where x is above zero, and zero times d elsewhere; n is a multiple of the lanes.
type gateFunc[T tensor.Float] func(dst, x, d *T, n int)

// Gate writes d where x is above zero, and zero times d elsewhere.
func (s *Set[T]) Gate(dst, x, d []T) {
	n := len(d) / s.lanes * s.lanes
	dst, x = dst[:len(d)], x[:len(d)]
	if n > 0 {
		s.gate(&dst[0], &x[0], &d[0], n)
	}
	gateSlice(dst[n:], x[n:], d[n:])
}

func portableGate[T tensor.Float](dst, x, d *T, n int) {
	gateSlice(unsafe.Slice(dst, n), unsafe.Slice(x, n), unsafe.Slice(d, n))
}

func gateSlice[T tensor.Float](dst, x, d []T) {
	for i, v := range d {
		if !(x[i] > 0) {
			v *= 0
		}
		dst[i] = v
	}
}

// poolBackwardFunc is MaximumBackward; constants are the lowest value and one.
type poolBackwardFunc[T tensor.Float] func(to, x, d *T, count, next, rows, rowStep, cells int, constants *T)

// MaximumBackward adds the gradient d of each window of x to the cell of to that has the value that Maximum finds, to no cell
// where that is lowest alone.
func (s *Set[T]) MaximumBackward(to, x, d []T, w Windows, lowest T) {
	if w.Count < 1 || w.Rows < 1 || w.Cells < 1 {
		panic("kernel: no window")
	}
	line := LineOf[T]()
	_, _, _ = d[w.Count*line-1], x[w.reach(line)-1], to[w.reach(line)-1]
	constants := []T{lowest, 1}
	s.maximumBackward(&to[0], &x[0], &d[0], w.Count, w.Next, w.Rows, w.RowStep, w.Cells, &constants[0])
}

func portableMaximumBackward[T tensor.Float](to, x, d *T, count, next, rows, rowStep, cells int, constants *T) {
	line := LineOf[T]()
	w := Windows{count, next, rows, rowStep, cells}
	in, out := unsafe.Slice(x, w.reach(line)), unsafe.Slice(to, w.reach(line))
	for i, grad := range unsafe.Slice(d, count*line) {
		best, where := *constants, -1
		for row := range rows {
			for cell := range cells {
				at := i/line*next + row*rowStep + cell*line + i%line
				if v := in[at]; v > best || v != v {
					best, where = v, at
				}
			}
		}
		if where >= 0 {
			out[where] += grad
		}
	}
}

// normalised is NormaliseBackward. squares and shares have a line of zeros before the first block and one behind the last, and
// begin with the first block; lengths are in bytes but for the numbers of cells and blocks.
type normalised[T tensor.Float] struct {
	to, x, d, squares, shares, constants  *T
	cells, blocks, plane, down, up, bytes int
}

// NormaliseBackward writes the gradient of Normalise: with s the normaliser k + alpha sum x^2 and the sum over the channels
// whose window has this one,
//
//	to = d s^-3/4 - 3/2 alpha x sum d' x' s'^-7/4
func (s *Set[T]) NormaliseBackward(to, x, d []T, cells, blocks, plane, down, size int, alpha, k T) {
	line := LineOf[T]()
	if cells < 1 || blocks < 1 || size < 1 || down < 0 || down >= size || size > line {
		panic("kernel: no such window of channels")
	}
	end := (blocks-1)*plane + cells*line - 1
	_, _, _ = to[end], x[end], d[end]
	scratch := make([]T, 2*(blocks+2)*line)
	constants := []T{alpha, k, -1.5 * alpha}
	n := &normalised[T]{
		to: &to[0], x: &x[0], d: &d[0], squares: &scratch[line], shares: &scratch[(blocks+3)*line], constants: &constants[0],
		cells: cells, blocks: blocks,
	}
	bytes := int(unsafe.Sizeof(alpha))
	n.plane, n.down, n.up, n.bytes = plane*bytes, down*bytes, (size-1-down)*bytes, size*bytes
	s.normaliseBackward(n)
}

func portableNormaliseBackward[T tensor.Float](n *normalised[T]) {
	line := LineOf[T]()
	one := lineBytes / line
	plane, down, up, size, channels := n.plane/one, n.down/one, n.up/one, n.bytes/one, n.blocks*line
	end := (n.blocks-1)*plane + n.cells*line
	to, x, d, c := unsafe.Slice(n.to, end), unsafe.Slice(n.x, end), unsafe.Slice(n.d, end), unsafe.Slice(n.constants, 3)
	window := func(of *T, channel, below int) (sum T) {
		first := unsafe.Add(unsafe.Pointer(of), (channel-below)*one)
		for _, v := range unsafe.Slice((*T)(first), size) {
			sum += v
		}
		return sum
	}
	squares, shares := unsafe.Slice(n.squares, channels), unsafe.Slice(n.shares, channels)
	for cell := range n.cells {
		at := func(channel int) int { return channel/line*plane + cell*line + channel%line }
		for channel := range channels {
			v := x[at(channel)]
			squares[channel] = v * v
		}
		for channel := range channels {
			i, s := at(channel), c[1]+c[0]*window(n.squares, channel, down)
			root := T(math.Sqrt(float64(s)))
			to[i] = d[i] / (root * T(math.Sqrt(float64(root))))
			shares[channel] = to[i] * x[i] / s
		}
		for channel := range channels {
			i := at(channel)
			to[i] += c[2] * window(n.shares, channel, up) * x[i]
		}
	}
}
