package image

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
	"parity/importers/image/pillow"
	"parity/importers/image/tfimage"
)

// frame is a photo on its way to the input: bytes, until a filter of TensorFlow's or unit makes them floats.
type frame struct {
	photo  *Photo          // nil once there are floats
	floats tfimage.Picture // height x width x RGB
	file   string
}

func newFrame(p *Photo) *frame { return &frame{photo: p, file: p.File} }

func (f *frame) size() Size {
	if f.photo != nil {
		return f.photo.size()
	}
	return Size{f.floats.Shape[0], f.floats.Shape[1]}
}

// picture returns the numbers as floats.
func (f *frame) picture() tfimage.Picture {
	if f.photo == nil {
		return f.floats
	}
	out := tensor.New[float32](f.photo.Height, f.photo.Width, 3)
	for i, v := range f.photo.Pixels {
		out.Data[i] = float32(v)
	}
	return out
}

func (f *frame) set(x tfimage.Picture) { f.photo, f.floats = nil, x }

// unit brings bytes into [0, 1].
func (f *frame) unit() error {
	x, err := tfimage.Convert(f.picture(), tfimage.Uint8, tfimage.Float32, false)
	f.set(x)
	return err
}

// standardise is per_image_standardization, which brings bytes into [0, 1] first.
func (f *frame) standardise() error {
	if f.photo != nil {
		if err := f.unit(); err != nil {
			return err
		}
	}
	f.set(tfimage.Standardize(f.floats))
	return nil
}

// crop cuts a piece out.
func (f *frame) crop(top, left int, to Size) error {
	if f.photo != nil {
		f.photo = f.photo.piece(top, left, to)
		return nil
	}
	x, err := tfimage.Crop(f.floats, top, left, to.Height, to.Width)
	f.set(x)
	return err
}

// piece cuts pixels out.
func (p *Photo) piece(top, left int, to Size) *Photo {
	if to == p.size() {
		return p
	}
	out := &Photo{p.File, to.Height, to.Width, make([]byte, 0, 3*to.Height*to.Width), p.Grey}
	for y := range to.Height {
		row := p.Pixels[3*(p.Width*(top+y)+left):]
		out.Pixels = append(out.Pixels, row[:3*to.Width]...)
	}
	return out
}

// resampling is a way of resizing.
type resampling struct {
	name string
	// onBytes resizes bytes to bytes, onFloats anything to floats; one of them is nil.
	onBytes  func(p *Photo, to Size) *Photo
	onFloats tfimage.Resizer
}

func (f *frame) resize(to Size, with resampling) error {
	if with.onBytes != nil {
		f.photo = with.onBytes(f.photo, to)
		return nil
	}
	x, err := with.onFloats.Resize(f.picture(), to.Height, to.Width)
	f.set(x)
	return err
}

// openCV is the filter when none is named.
const openCV = "opencv"

// resamplings lists the filters that resize may use.
func resamplings() []resampling {
	list := []resampling{{name: openCV, onBytes: func(p *Photo, to Size) *Photo { return p.Resize(to.Height, to.Width) }}}
	list = append(list, pillows("pil-", pillow.WidthFirst)...)
	list = append(list, pillows("pil13-", pillow.HeightIfMuchLess)...)
	for _, r := range tfimage.Resizers() {
		list = append(list, resampling{name: r.Name, onFloats: r.Resizer})
	}
	return list
}

// pillows are Pillow's filters.
func pillows(prefix string, order pillow.Order) []resampling {
	var list []resampling
	for _, f := range pillow.Filters {
		list = append(list, resampling{name: prefix + f.Name, onBytes: func(p *Photo, to Size) *Photo {
			out := pillow.Picture{Height: p.Height, Width: p.Width, Channels: 3, Pixels: p.Pixels}.Resize(to.Height, to.Width, f, order)
			return &Photo{p.File, to.Height, to.Width, out.Pixels, p.Grey}
		}})
	}
	return list
}

func resamplingNamed(name string) (resampling, error) {
	if name == "" {
		name = openCV
	}
	names := ""
	for _, r := range resamplings() {
		if r.name == name {
			return r, nil
		}
		names += ", " + r.name
	}
	return resampling{}, fmt.Errorf("expected one of %s; found %q", names[2:], name)
}

// shorterSide is the size whose shorter side is n, with the sides' proportion kept as far as whole pixels allow.
func shorterSide(from Size, n int) Size {
	scale := float32(n) / float32(min(from.Height, from.Width))
	side := func(v int) int { return max(1, int(math.RoundToEven(float64(float32(v)*scale)))) }
	return Size{side(from.Height), side(from.Width)}
}
