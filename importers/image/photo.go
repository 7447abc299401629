// Package image turns a photo into the input of a network: decoding, resizing, cropping and the arithmetic on its
// channels, spelled out so that both sides of a comparison get the same numbers.
package image

import (
	stdimage "image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Photo is a picture of 8-bit RGB pixels, row by row.
type Photo struct {
	File          string
	Height, Width int
	Pixels        []byte // Height x Width x 3
}

// format is a kind of picture file. inflation is the most pixels that a bit of the file can stand for: a few bytes
// must not claim a picture that fills the memory.
type format struct {
	name, magic string
	config      func(io.Reader) (stdimage.Config, error)
	decode      func(io.Reader) (stdimage.Image, error)
	inflation   int64
}

var formats = []format{
	// Deflate makes at most 1032 bits of one, and a pixel takes at least one.
	{"PNG", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode, 1032},
	// Every block of 8x8 pixels takes at least one bit.
	{"JPEG", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode, 64},
}

// MaxPixels is the largest picture that is decoded.
const MaxPixels = 1 << 26

// Load reads a PNG or JPEG file, or a .npy file of RGB bytes (height x width x 3, or height x width if grey). Colours are
// taken as they are stored: an alpha channel is dropped, colour profiles and EXIF orientation are not applied.
func Load(file string) (*Photo, error) {
	if strings.EqualFold(filepath.Ext(file), ".npy") {
		return loadArray(file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return decode(file, f, info.Size())
}

func decode(file string, r io.ReadSeeker, size int64) (*Photo, error) {
	form, err := recognise(file, r)
	if err != nil {
		return nil, err
	}
	config, err := form.config(r)
	if err != nil {
		return nil, source.Errorf(file, "", "not a readable %s file: %v", form.name, err)
	}
	if err := form.check(file, config, size); err != nil {
		return nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, err := form.decode(r)
	if err != nil {
		return nil, source.Errorf(file, "", "not a readable %s file: %v", form.name, err)
	}
	return fromImage(file, m), nil
}

// recognise goes by the first bytes: photos with the wrong extension are common.
func recognise(file string, r io.ReadSeeker) (format, error) {
	var start [8]byte
	n, err := io.ReadFull(r, start[:])
	if _, seekErr := r.Seek(0, io.SeekStart); seekErr != nil {
		return format{}, seekErr
	}
	if n == 0 && err != nil {
		return format{}, source.Errorf(file, "", "expected a photo, found an empty file")
	}
	for _, f := range formats {
		if strings.HasPrefix(string(start[:n]), f.magic) {
			return f, nil
		}
	}
	return format{}, source.Errorf(file, "", "expected a PNG, JPEG or .npy photo, found a file that begins with %q", start[:n])
}

func (f format) check(file string, c stdimage.Config, size int64) error {
	pixels := int64(c.Width) * int64(c.Height)
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return source.Errorf(file, "", "the picture is empty: %dx%d", c.Height, c.Width)
	case int64(c.Width) > MaxPixels || int64(c.Height) > MaxPixels || pixels > MaxPixels:
		return source.Errorf(file, "", "the picture claims %dx%d pixels; expected at most %d, scale it down first", c.Height, c.Width, MaxPixels)
	case pixels > size*8*f.inflation:
		return source.Errorf(file, "", "the picture claims %dx%d pixels, but the %d bytes of the file cannot hold so many", c.Height, c.Width, size)
	}
	return nil
}

func fromImage(file string, m stdimage.Image) *Photo {
	b := m.Bounds()
	p := &Photo{file, b.Dy(), b.Dx(), make([]byte, 0, 3*b.Dx()*b.Dy())}
	pixels := straight(m)
	for i := 0; i < len(pixels); i += 4 {
		p.Pixels = append(p.Pixels, pixels[i], pixels[i+1], pixels[i+2])
	}
	return p
}

// straight returns the pixels with four bytes each, colours not multiplied by alpha.
func straight(m stdimage.Image) []byte {
	b := m.Bounds()
	target := stdimage.Rect(0, 0, b.Dx(), b.Dy())
	if o, ok := m.(interface{ Opaque() bool }); ok && o.Opaque() {
		out := stdimage.NewRGBA(target)
		draw.Draw(out, target, m, b.Min, draw.Src)
		return out.Pix
	}
	out := stdimage.NewNRGBA(target)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.SetNRGBA(x, y, color.NRGBAModel.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA))
		}
	}
	return out.Pix
}

func loadArray(file string) (*Photo, error) {
	infos, err := npz.List(file)
	if err != nil {
		return nil, err
	}
	shape := infos[0].Shape
	grey := len(shape) == 2 || len(shape) == 3 && shape[2] == 1
	if infos[0].Dtype != "|u1" || !grey && (len(shape) != 3 || shape[2] != 3) {
		return nil, source.Errorf(file, "", "expected a photo of uint8 in height x width x 3, found %s in %v; a finished network input belongs into inputs.npz", infos[0].Dtype, shape)
	}
	if n, ok := shape.CheckedLen(); !ok || n == 0 || n > 3*MaxPixels {
		return nil, source.Errorf(file, "", "the picture is %v; expected 1 to %d pixels", shape, MaxPixels)
	}
	t, err := npz.ReadNpy(file)
	if err != nil {
		return nil, err
	}
	p := &Photo{File: file, Height: shape[0], Width: shape[1]}
	for _, v := range tensor.As[float32](t).Data {
		p.Pixels = append(p.Pixels, byte(v))
		if grey {
			p.Pixels = append(p.Pixels, byte(v), byte(v))
		}
	}
	return p, nil
}
