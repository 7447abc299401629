package jpeg

import (
	"runtime"

	"parity/googlenet/parallel"
)

// inverse multiplies a block of coefficients by the quantisers, transforms it and writes size x size samples.
type inverse func(block *[64]int16, to []byte, stride int)

func newInverse(size int, t Transform, table *[64]uint16) inverse {
	switch {
	case size == 8 && t == Fast:
		return newFast(table)
	case size == 8:
		return func(b *[64]int16, to []byte, stride int) {
			in := dequantise(b, table)
			accurate(&in, to, stride)
		}
	case size == 4:
		return func(b *[64]int16, to []byte, stride int) {
			in := dequantise(b, table)
			quarter(&in, to, stride)
		}
	case size == 2:
		return func(b *[64]int16, to []byte, stride int) {
			in := dequantise(b, table)
			sixteenth(&in, to, stride)
		}
	}
	return func(b *[64]int16, to []byte, _ int) { to[0] = sample(descale(int32(b[0]*int16(table[0])), 3)) }
}

// dequantise multiplies in 16 bits, as libjpeg-turbo's vector code does. Only coefficients that no picture has overflow.
func dequantise(block *[64]int16, table *[64]uint16) (out [64]int32) {
	for i, v := range block {
		out[i] = int32(v * int16(table[i]))
	}
	return out
}

// descale divides by 2^n and rounds, halves up.
func descale(v int32, n int) int32 { return (v + 1<<(n-1)) >> n }

// sample moves the middle from 0 to 128 and limits. For values past 512 libjpeg's portable code wraps; its vector code,
// which runs everywhere in practice, limits.
func sample(v int32) byte { return byte(max(0, min(255, v+128))) }

// transformBlocks transforms the coefficients that a progressive file spread over its scans.
func (d *decoder) transformBlocks() {
	if !d.progressive {
		return
	}
	for _, c := range d.components {
		parallel.Ranges(runtime.GOMAXPROCS(0), c.blocksHigh, 1, func(lo, hi int) {
			for row := lo; row < hi; row++ {
				for column := range c.blocksWide {
					c.inverse(c.block(column, row), c.at(column, row), c.stride*c.size)
				}
			}
		})
		c.coefficients = nil
	}
}
