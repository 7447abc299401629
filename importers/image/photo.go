// Package image turns a photo into the input of a network: decoding, resizing, cropping and the arithmetic on its
// channels, spelled out so that both sides of a comparison get the same numbers.
package image

import (
	"bytes"
	"errors"
	stdimage "image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/importers/image/jpeg"
	"parity/importers/source"
)

// Photo is a picture of 8-bit RGB pixels, row by row.
type Photo struct {
	File          string
	Height, Width int
	Pixels        []byte // Height x Width x 3
	Grey          bool   // the file has one channel
}

// format is a kind of picture file.
type format struct {
	name, magic string
	decode      func(file string, r io.ReadSeeker, size int64, d Decoding) (*Photo, error)
}

var formats = []format{
	{"PNG", "\x89PNG\r\n\x1a\n", decodePNG},
	{"JPEG", "\xff\xd8\xff", decodeJPEG},
}

// Decoding are the choices in reading a file that change pixels. The zero value is what Pillow and OpenCV do.
type Decoding struct {
	Transform jpeg.Transform // of JPEG files; TensorFlow takes the fast one unless told otherwise
	Plain     bool           // colour planes of JPEG files are enlarged by repetition
	// Grey reads the lightness into all three channels as OpenCV's IMREAD_GRAYSCALE does.
	Grey bool
}

// MaxPixels is the largest picture that is decoded.
const MaxPixels = 1 << 26

// Load reads a PNG or JPEG file, or a .npy file of RGB bytes (height x width x 3, or height x width if grey). Colours are
// taken as they are stored: an alpha channel is dropped, colour profiles and EXIF orientation are not applied.
func Load(file string) (*Photo, error) { return LoadWith(file, Decoding{}) }

// LoadWith is Load with the choices of a decoder.
func LoadWith(file string, d Decoding) (*Photo, error) {
	if strings.EqualFold(filepath.Ext(file), ".npy") {
		return loadArray(file, d)
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
	return decode(file, f, info.Size(), d)
}

// Decode reads a PNG or JPEG picture from memory; file names it in errors.
func Decode(file string, data []byte, d Decoding) (*Photo, error) {
	return decode(file, bytes.NewReader(data), int64(len(data)), d)
}

func decode(file string, r io.ReadSeeker, size int64, d Decoding) (*Photo, error) {
	form, err := recognise(file, r)
	if err != nil {
		return nil, err
	}
	return form.decode(file, r, size, d)
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

func checkSize(file string, height, width int) error {
	switch {
	case width <= 0 || height <= 0:
		return source.Errorf(file, "", "the picture is empty: %dx%d", height, width)
	case width > MaxPixels || height > MaxPixels || int64(width)*int64(height) > MaxPixels:
		return source.Errorf(file, "", "the picture claims %dx%d pixels; expected at most %d, scale it down first", height, width, MaxPixels)
	}
	return nil
}

// deflation is the most bits that deflate makes of one. A pixel of a PNG takes at least one bit: a few bytes must not
// claim a picture that fills the memory.
const deflation = 1032

func decodePNG(file string, r io.ReadSeeker, size int64, d Decoding) (*Photo, error) {
	config, err := png.DecodeConfig(r)
	if err != nil {
		return nil, unreadable(file, "PNG", err)
	}
	if err := checkSize(file, config.Height, config.Width); err != nil {
		return nil, err
	}
	if int64(config.Width)*int64(config.Height) > size*8*deflation {
		return nil, source.Errorf(file, "", "the picture claims %dx%d pixels, but the %d bytes of the file cannot hold so many", config.Height, config.Width, size)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, err := png.Decode(r)
	if err != nil {
		return nil, unreadable(file, "PNG", err)
	}
	p := fromImage(file, m)
	if d.Grey {
		p.grey()
	}
	return p, nil
}

// maxJPEG is the largest JPEG file that is read. Even noise takes less for MaxPixels.
const maxJPEG = 1 << 29

func decodeJPEG(file string, r io.ReadSeeker, size int64, d Decoding) (*Photo, error) {
	if size > maxJPEG {
		return nil, source.Errorf(file, "", "the file has %d bytes; expected a picture of at most %d", size, maxJPEG)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	config, err := jpeg.DecodeConfig(data)
	if err != nil {
		return nil, unreadable(file, "JPEG", err)
	}
	if err := checkSize(file, config.Height, config.Width); err != nil {
		return nil, err
	}
	o := jpeg.Options{Transform: d.Transform, Plain: d.Plain}
	if d.Grey && config.Components < 4 {
		o.Colours = jpeg.Grey
	}
	m, err := jpeg.Decode(data, o)
	if err != nil {
		return nil, unreadable(file, "JPEG", err)
	}
	p := &Photo{file, m.Height, m.Width, m.RGB(), config.Components == 1}
	if d.Grey && m.Channels > 1 {
		p.grey()
	}
	return p, nil
}

func unreadable(file, format string, err error) error {
	if e, ok := errors.AsType[*jpeg.Error](err); ok {
		return source.Errorf(file, source.Offset(e.Offset), "not a readable %s file: %s", format, e.Message)
	}
	return source.Errorf(file, "", "not a readable %s file: %v", format, err)
}

// grey replaces colours by their lightness with the fractions of libpng, which OpenCV lets do it: 0.299, 0.587 and
// 0.114 in 2^-15, cut off.
func (p *Photo) grey() {
	for i := 0; i < len(p.Pixels); i += 3 {
		v := byte((int(p.Pixels[i])*9797 + int(p.Pixels[i+1])*19234 + int(p.Pixels[i+2])*3737) >> 15)
		p.Pixels[i], p.Pixels[i+1], p.Pixels[i+2] = v, v, v
	}
}

func fromImage(file string, m stdimage.Image) *Photo {
	b := m.Bounds()
	grey := m.ColorModel() == color.GrayModel || m.ColorModel() == color.Gray16Model
	p := &Photo{file, b.Dy(), b.Dx(), make([]byte, 0, 3*b.Dx()*b.Dy()), grey}
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

func loadArray(file string, d Decoding) (*Photo, error) {
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
	p := &Photo{File: file, Height: shape[0], Width: shape[1], Grey: grey}
	for _, v := range tensor.As[float32](t).Data {
		p.Pixels = append(p.Pixels, byte(v))
		if grey {
			p.Pixels = append(p.Pixels, byte(v), byte(v))
		}
	}
	if d.Grey && !grey {
		p.grey()
	}
	return p, nil
}

// IsPicture reports whether a file begins as a PNG or JPEG does.
func IsPicture(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = recognise(file, f)
	return err == nil
}
