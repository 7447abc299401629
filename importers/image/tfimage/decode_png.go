package tfimage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/color"
	"image/png"

	"parity/googlenet/tensor"
)

// DecodePNG decodes a file to 1, 3 or 4 channels, or for 0 to its own, of 8 or 16 bits, with libpng's conversions: colours
// to grey in 2^-15 without a gamma, 16 bits to 8 by dropping the lower ones, 8 bits to 16 by writing them twice.
func DecodePNG(data []byte, channels, bits int) (Picture, error) {
	if channels < 0 || channels == 2 || channels > 4 || bits != 8 && bits != 16 {
		return nil, fmt.Errorf("a PNG file is decoded to 1, 3 or 4 channels, or 0 for its own, of 8 or 16 bits, not to %d of %d", channels, bits)
	}
	h, err := readPNGHeader(data)
	if err != nil {
		return nil, err
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if channels == 0 {
		channels = h.channels()
	}
	b := m.Bounds()
	out := tensor.New[float32](b.Dy(), b.Dx(), channels)
	for i := range b.Dx() * b.Dy() {
		p := h.pixel(straight(m.At(b.Min.X+i%b.Dx(), b.Min.Y+i/b.Dx())), channels)
		for c := range channels {
			out.Data[i*channels+c] = h.sized(p[c], bits)
		}
	}
	return out, nil
}

// pngHeader is what a file says of its pixels.
type pngHeader struct {
	depth, kind int
	transparent bool // a palette with alpha, or a colour that is see-through (tRNS)
}

// The kinds of pixels (PNG specification, 11.2.2) are sums of these.
const (
	pngPalette = 1
	pngColours = 2
	pngAlpha   = 4
)

// readPNGHeader goes through the chunks up to the pixels. png.Decode checks them.
func readPNGHeader(data []byte) (h pngHeader, err error) {
	const start, frame = 8, 12 // signature; length, name and checksum of a chunk
	for at := start; at+frame <= len(data); {
		n, name := int(binary.BigEndian.Uint32(data[at:])), string(data[at+4:at+8])
		if n > len(data)-at-frame {
			break
		}
		body := data[at+8 : at+8+n]
		switch {
		case name == "IHDR" && n >= 10:
			h.depth, h.kind = int(body[8]), int(body[9])
		case name == "tRNS":
			h.transparent = true
		case name == "IDAT":
			return h, nil
		}
		at += frame + n
	}
	return h, fmt.Errorf("not a PNG file with pixels")
}

func (h pngHeader) has(property int) bool { return h.kind&property != 0 }

// channels are those of the file; a see-through colour alone makes none.
func (h pngHeader) channels() int {
	n := 1
	if h.has(pngColours) {
		n = 3
	}
	if h.has(pngAlpha) || h.has(pngPalette) && h.transparent {
		n++
	}
	return n
}

// wide reports whether numbers have 16 bits in the file.
func (h pngHeader) wide() bool { return h.depth == 16 }

// straight returns red, green, blue and alpha in 16 bits, colours not multiplied by alpha.
func straight(c color.Color) [4]int {
	switch c := c.(type) {
	case color.NRGBA64:
		return [4]int{int(c.R), int(c.G), int(c.B), int(c.A)}
	case color.NRGBA:
		return [4]int{twice(c.R), twice(c.G), twice(c.B), twice(c.A)}
	}
	r, g, b, a := c.RGBA() // all others are opaque
	return [4]int{int(r), int(g), int(b), int(a)}
}

func twice(v byte) int { return int(v) * 0x101 }

// pixel converts to so many channels, in the file's number of bits.
func (h pngHeader) pixel(p [4]int, channels int) (out [4]int) {
	if !h.wide() {
		for i := range p {
			p[i] >>= 8
		}
	}
	if channels%2 == 0 && !h.has(pngAlpha) && !h.transparent {
		p[3] = 1<<h.depth - 1 // libpng fills in as many bits as the file has, even where it widens the colours
	}
	if channels > 2 {
		return p
	}
	out[0], out[1] = h.grey(p), p[3]
	return out
}

// grey has the fractions 0.299, 0.587 and 0.114 in 2^-15. 16 bits are rounded, 8 are cut off.
func (h pngHeader) grey(p [4]int) int {
	half := 0
	if h.wide() {
		half = 1 << 14
	}
	return (p[0]*9797 + p[1]*19234 + p[2]*3737 + half) >> 15
}

func (h pngHeader) sized(v, bits int) float32 {
	switch {
	case h.wide() && bits == 8:
		return float32(v >> 8)
	case !h.wide() && bits == 16:
		return float32(twice(byte(v)))
	}
	return float32(v)
}
