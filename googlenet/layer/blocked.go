package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// Blocked holds the maps of a batch in the layout that the kernels work on: image by image, the channels in blocks of a line
// (64 bytes), block by block, and for every cell the channels of the block side by side. Behind the last channel are zeros.
type Blocked[T tensor.Float] struct {
	Shape  tensor.Shape // NCHW
	Data   []T
	Stride int // elements from one image to the next
}

// NewBlocked returns maps that hold whatever was in memory.
func NewBlocked[T tensor.Float](shape tensor.Shape) *Blocked[T] {
	b := &Blocked[T]{Shape: shape}
	b.Stride = b.Blocks() * b.Plane()
	b.Data = tensor.Scratch[T](shape[0] * b.Stride)
	return b
}

// Release gives the memory back.
func (b *Blocked[T]) Release() { tensor.Release(b.Data) }

// Blocks is the number of blocks of channels.
func (b *Blocked[T]) Blocks() int { return lines[T](b.Shape[1]) }

// Plane is the number of elements of a block.
func (b *Blocked[T]) Plane() int { return b.Shape[2:].Len() * kernel.LineOf[T]() }

// Image returns the blocks of an image.
func (b *Blocked[T]) Image(i int) []T { return b.Data[i*b.Stride:][:b.Blocks()*b.Plane()] }

// Channels returns a view of count channels from first on, a multiple of those of a block.
func (b *Blocked[T]) Channels(first, count int) *Blocked[T] {
	shape := b.Shape.Clone()
	shape[1] = count
	return &Blocked[T]{Shape: shape, Data: b.Data[first/kernel.LineOf[T]()*b.Plane():], Stride: b.Stride}
}

// channels is the number of channels in a block.
func (b *Blocked[T]) channels(block int) int {
	line := kernel.LineOf[T]()
	return min(line, b.Shape[1]-block*line)
}

// each calls f for every block of every image.
func (b *Blocked[T]) each(workers int, f func(image, block int)) {
	parallel.For(workers, b.Shape[0]*b.Blocks(), func(i int) { f(i/b.Blocks(), i%b.Blocks()) })
}

// block returns the lines of a block.
func (b *Blocked[T]) block(image, block int) []T {
	return b.Data[image*b.Stride+block*b.Plane():][:b.Plane()]
}

// lines is the number of lines that hold n elements.
func lines[T tensor.Float](n int) int {
	line := kernel.LineOf[T]()
	return (n + line - 1) / line
}

// fill takes the maps from plain ones.
func (b *Blocked[T]) fill(planes []T, workers int) {
	set, cells, line := kernel.For[T](), b.Shape[2:].Len(), kernel.LineOf[T]()
	b.each(workers, func(image, block int) {
		from := planes[(image*b.Shape[1]+block*line)*cells:]
		set.Interleave(b.block(image, block), from, cells, b.channels(block), cells)
	})
}

// copyTo writes plain maps.
func (b *Blocked[T]) copyTo(planes []T, workers int) {
	set, cells, line := kernel.For[T](), b.Shape[2:].Len(), kernel.LineOf[T]()
	b.each(workers, func(image, block int) {
		to := planes[(image*b.Shape[1]+block*line)*cells:]
		set.Deinterleave(to, cells, b.channels(block), cells, b.block(image, block))
	})
}

// Maps is a value in one or both of its layouts. Whoever reads a layout that is not there makes it.
type Maps[T tensor.Float] struct {
	plain   *tensor.Tensor[T]
	blocked *Blocked[T]
}

// PlainMaps is a tensor.
func PlainMaps[T tensor.Float](t *tensor.Tensor[T]) *Maps[T] { return &Maps[T]{plain: t} }

// BlockedMaps is a batch of maps.
func BlockedMaps[T tensor.Float](b *Blocked[T]) *Maps[T] { return &Maps[T]{blocked: b} }

// Shape is the value's shape.
func (m *Maps[T]) Shape() tensor.Shape {
	if m.plain != nil {
		return m.plain.Shape
	}
	return m.blocked.Shape
}

// Plain returns the value as a tensor.
func (m *Maps[T]) Plain(workers int) *tensor.Tensor[T] {
	if m.plain == nil {
		m.plain = tensor.From(tensor.Scratch[T](m.blocked.Shape.Len()), m.blocked.Shape...)
		m.blocked.copyTo(m.plain.Data, workers)
	}
	return m.plain
}

// Blocked returns the maps of a tensor of four dimensions.
func (m *Maps[T]) Blocked(workers int) *Blocked[T] {
	if m.blocked == nil {
		m.blocked = NewBlocked[T](m.plain.Shape)
		m.blocked.fill(m.plain.Data, workers)
	}
	return m.blocked
}

// Any reports whether f holds for some stretch of the value's elements.
func (m *Maps[T]) Any(f func(elements []T) bool) bool {
	if m.plain != nil {
		return f(m.plain.Data)
	}
	for image := range m.blocked.Shape[0] {
		if f(m.blocked.Image(image)) {
			return true
		}
	}
	return false
}

// OnlyBlocked reports whether the value is in blocks alone.
func (m *Maps[T]) OnlyBlocked() bool { return m.plain == nil }

// Copy returns the same value in memory of its own.
func (m *Maps[T]) Copy(workers int) *Maps[T] {
	if m.blocked == nil {
		c := tensor.New[T](m.plain.Shape...)
		copy(c.Data, m.plain.Data)
		return PlainMaps(c)
	}
	c := NewBlocked[T](m.blocked.Shape)
	eachPart(workers, c.Shape[0], c.Stride, grain, func(image, lo, hi int) {
		copy(c.Image(image)[lo:hi], m.blocked.Image(image)[lo:hi])
	})
	return BlockedMaps(c)
}

// Add adds another value of the same shape, in the layout that this one has, of which it forgets any other.
func (m *Maps[T]) Add(o *Maps[T], workers int) {
	set := kernel.For[T]()
	if m.blocked == nil {
		from := o.Plain(workers).Data
		parallel.Ranges(workers, len(from), grain, func(lo, hi int) { set.Plus(m.plain.Data[lo:hi], from[lo:hi]) })
		return
	}
	m.plain = nil
	from := o.Blocked(workers)
	eachPart(workers, from.Shape[0], from.Blocks()*from.Plane(), grain, func(image, lo, hi int) {
		set.Plus(m.blocked.Image(image)[lo:hi], from.Image(image)[lo:hi])
	})
}

// Drop returns the blocked layout, if there is one, and forgets it: the value's owner gives up its memory.
func (m *Maps[T]) Drop() *Blocked[T] {
	b := m.blocked
	m.blocked = nil
	return b
}

// BlockedCall is one execution on maps in blocks: the outputs have the inferred shapes and hold anything.
type BlockedCall[T tensor.Float] struct {
	In      []*Maps[T]
	Params  []*tensor.Tensor[T]
	Out     []*Blocked[T]
	Packed  *Packed // weights that were laid out before; nil to do it anew
	Workers int
	Floor   bool // replaces what is less than zero by zero: the ReLU behind a convolution
}

// Blockwise is a layer that can work on maps in blocks. The results are the same as on plain ones.
type Blockwise interface {
	Layer
	// InBlocks reports whether it can for inputs of these shapes in lines of some number of elements.
	InBlocks(in []tensor.Shape, line int) bool
	ForwardBlocked32(c *BlockedCall[float32])
	ForwardBlocked64(c *BlockedCall[float64])
}

// areMaps reports whether all shapes are NCHW and hold something.
func areMaps(in []tensor.Shape) bool {
	for _, s := range in {
		if len(s) != 4 || s.Len() == 0 {
			return false
		}
	}
	return true
}

// asBlocked computes a layer with one input and one output on maps in blocks, for a call on plain ones.
func asBlocked[T tensor.Float](c *Call[T], f func(*BlockedCall[T])) {
	in, out := PlainMaps(c.In[0]), NewBlocked[T](c.Out[0].Shape)
	f(&BlockedCall[T]{In: []*Maps[T]{in}, Params: c.Params, Out: []*Blocked[T]{out}, Workers: c.Workers})
	out.copyTo(c.Out[0].Data, c.Workers)
	out.Release()
	if b := in.Drop(); b != nil {
		b.Release()
	}
}
