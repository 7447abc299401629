package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// blocked is one image in the layout that the kernels work on: its channels in blocks of a line (64 bytes), block by
// block, and for every cell the channels of the block side by side, with zeros behind the last channel.
type blocked[T tensor.Float] struct {
	channels, cells int
	data            []T
}

func newBlocked[T tensor.Float](channels, cells int) blocked[T] {
	b := blocked[T]{channels: channels, cells: cells}
	b.data = tensor.Scratch[T](b.blocks() * b.plane())
	return b
}

func (b blocked[T]) release() { tensor.Release(b.data) }

// blocks is the number of blocks of channels.
func (b blocked[T]) blocks() int { return lines[T](b.channels) }

// plane is the number of elements of a block.
func (b blocked[T]) plane() int { return b.cells * kernel.LineOf[T]() }

// block returns the lines of a block and how many of its channels there are.
func (b blocked[T]) block(i int) (data []T, channels int) {
	line := kernel.LineOf[T]()
	return b.data[i*b.plane():][:b.plane()], min(line, b.channels-i*line)
}

// lines is the number of lines that hold n elements.
func lines[T tensor.Float](n int) int {
	line := kernel.LineOf[T]()
	return (n + line - 1) / line
}

// from fills the image from the planes of its channels.
func (b blocked[T]) from(planes []T, workers int) {
	line, set := kernel.LineOf[T](), kernel.For[T]()
	parallel.For(workers, b.blocks(), func(i int) {
		data, channels := b.block(i)
		set.Interleave(data, planes[i*line*b.cells:], b.cells, channels, b.cells)
	})
}

// to writes the planes of its channels.
func (b blocked[T]) to(planes []T, workers int) {
	line, set := kernel.LineOf[T](), kernel.For[T]()
	parallel.For(workers, b.blocks(), func(i int) {
		data, channels := b.block(i)
		set.Deinterleave(planes[i*line*b.cells:], b.cells, channels, b.cells, data)
	})
}
