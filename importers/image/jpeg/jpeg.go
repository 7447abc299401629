// Package jpeg decodes JPEG files to the bytes that libjpeg-turbo makes of them, to the last bit: it is the library
// behind Pillow, OpenCV and TensorFlow. Baseline, extended sequential and progressive files of 8 bits with Huffman codes
// are read.
//
// A JPEG file does not fix its pixels: decoders differ by a few grey levels in the inverse transform, and by tens at
// edges in how they enlarge the colour planes. Two networks that were fed by different decoders differ in their inputs.
package jpeg

import "fmt"

// Transform is the arithmetic of the inverse cosine transform.
type Transform int

// Accurate is libjpeg's default (islow); Fast has fewer bits (ifast) and is what TensorFlow takes unless told otherwise.
const (
	Accurate Transform = iota
	Fast
)

// Colours says which channels are wanted.
type Colours int

// Stored gives grey files one channel, RGB and YCbCr files RGB, and CMYK and YCCK files CMYK. Grey gives the lightness.
const (
	Stored Colours = iota
	Grey
)

// Options are the choices that a program has when it calls libjpeg. The zero value is libjpeg's default.
type Options struct {
	Transform Transform
	// Plain enlarges colour planes by repeating samples, not with a triangle filter ("fancy upsampling").
	Plain bool
	// Ratio is 2, 4 or 8 for a picture that many times smaller, computed from fewer frequencies. 0 and 1: full size.
	Ratio   int
	Colours Colours
}

// Picture is a decoded file.
type Picture struct {
	Width, Height int
	Channels      int    // 1 grey, 3 RGB, 4 CMYK
	Pixels        []byte // Height x Width x Channels
	// Inverted is set for CMYK of Adobe's programs, where 255 is no ink.
	Inverted bool
}

// Config is what a file's header tells.
type Config struct{ Width, Height, Components int }

// Error is a fault in a file.
type Error struct {
	Offset  int // in bytes
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("offset %d: %s", e.Offset, e.Message) }

func errorf(offset int, format string, args ...any) error {
	return &Error{offset, fmt.Sprintf(format, args...)}
}

// DecodeConfig reads as far as the picture's size. Nothing is allocated for the pixels.
func DecodeConfig(data []byte) (Config, error) {
	d := &decoder{data: data, headerOnly: true}
	if err := d.read(); err != nil {
		return Config{}, err
	}
	return Config{d.width, d.height, len(d.components)}, nil
}

// Decode reads a whole file. A file that ends early or holds an impossible code is an error that tells the offset;
// libjpeg would warn and fill the rest with grey. Bytes between segments are skipped as libjpeg skips them.
func Decode(data []byte, o Options) (*Picture, error) {
	switch o.Ratio {
	case 0:
		o.Ratio = 1
	case 1, 2, 4, 8:
	default:
		return nil, fmt.Errorf("the ratio %d is none of 1, 2, 4 and 8", o.Ratio)
	}
	d := &decoder{data: data, options: o}
	if err := d.read(); err != nil {
		return nil, err
	}
	d.transformBlocks()
	return d.picture()
}
