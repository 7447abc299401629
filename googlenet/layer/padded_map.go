package layer

import (
	"parity/googlenet/kernel"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
)

// paddedMap is a layout of feature maps in which neighbouring windows of one output row read neighbouring elements: with
// the padding around it and, at a stride s, every row's columns dealt into s phases: column c is element c/s of phase
// c mod s.
type paddedMap struct {
	top, left     int
	height, width int // of the unpadded map
	rows          int // of the padded map
	phases, phase int // of a row, and the length of each
	channel       int // elements of a channel
	stride        int // rows from one output row to the next
	outWidth      int
}

func newPaddedMap(w Window, in, out tensor.Shape) paddedMap {
	m := paddedMap{height: in[2], width: in[3], stride: w.Stride[0], outWidth: out[3], phases: w.Stride[1]}
	m.top, m.left, _, _ = w.Padding.For(in[2], in[3], w)
	m.rows = (out[2]-1)*w.Stride[0] + w.extent(0)
	m.phase = ((out[3]-1)*w.Stride[1] + w.extent(1) + m.phases - 1) / m.phases
	m.channel = m.rows * m.row()
	return m
}

// row is the number of elements of a row.
func (m paddedMap) row() int { return m.phases * m.phase }

// offsets lists where the window's cells lie, channel by channel, for the first output cell.
func (m paddedMap) offsets(w Window, channels int) []int {
	list := make([]int, 0, channels*w.Kernel[0]*w.Kernel[1])
	for c := range channels {
		for u := range w.Kernel[0] {
			for v := range w.Kernel[1] {
				col := v * w.Dilation[1]
				list = append(list, c*m.channel+u*w.Dilation[0]*m.row()+col%m.phases*m.phase+col/m.phases)
			}
		}
	}
	return list
}

// pieces lists what output cells [from, from+count) read, relative to the offsets, in vectors of at most lanes.
func (m paddedMap) pieces(from, count, lanes int) []kernel.Piece {
	width := m.outWidth
	if m.stride*m.row() == width {
		width = from + count // the rows follow one another without a gap
	}
	var list []kernel.Piece
	for dst := 0; dst < count; {
		i, j := (from+dst)/width, (from+dst)%width
		n := min(lanes, width-j, count-dst)
		list = append(list, kernel.Piece{Src: i*m.stride*m.row() + j, Dst: dst, Len: n})
		dst += n
	}
	return list
}

// paddedMaps returns the padded maps of every image. Maps that are laid out so already are not copied, if there is
// room to read a vector beyond their end.
func paddedMaps[T tensor.Float](m paddedMap, x *tensor.Tensor[T], workers int) [][]T {
	channels, size := x.Shape[1], x.Shape[2:].Len()
	list := make([][]T, x.Shape[0])
	if m.isPlain() && cap(x.Data) >= len(x.Data)+tensor.Slack {
		for i := range list {
			list[i] = x.Data[i*channels*size : len(x.Data)+tensor.Slack]
		}
		return list
	}
	for i := range list {
		list[i] = make([]T, channels*m.channel+tensor.Slack)
	}
	parallel.For(workers, x.Shape[0]*channels, func(i int) {
		fillPadded(m, list[i/channels][i%channels*m.channel:][:m.channel], x.Data[i*size:(i+1)*size])
	})
	return list
}

// isPlain reports whether the padded map is the map itself.
func (m paddedMap) isPlain() bool {
	return m.top == 0 && m.left == 0 && m.phases == 1 && m.rows == m.height && m.phase == m.width
}

// fillPadded copies one channel.
func fillPadded[T tensor.Float](m paddedMap, dst, src []T) {
	for r := m.top; r < min(m.rows, m.top+m.height); r++ {
		from := src[(r-m.top)*m.width:][:m.width]
		to := dst[r*m.row():][:m.row()]
		if m.phases == 1 {
			copy(to[min(m.left, len(to)):], from)
			continue
		}
		for c, v := range from[:max(min(m.width, m.row()-m.left), 0)] {
			at := c + m.left
			to[at%m.phases*m.phase+at/m.phases] = v
		}
	}
}
