package image

import (
	"fmt"
	"math"

	"parity/googlenet/tensor"
	"parity/importers/image/pillow"
	"parity/importers/image/tfimage"
)

// frame is a photo on its way to the input: RGB numbers, bytes until a filter of TensorFlow's or unit makes them floats.
type frame struct {
	file    string
	picture tfimage.Picture
	bytes   bool
}

func newFrame(p *Photo) *frame {
	f := &frame{p.File, tensor.New[float32](p.Height, p.Width, 3), true}
	for i, v := range p.Pixels {
		f.picture.Data[i] = float32(v)
	}
	return f
}

func (f *frame) size() Size { return Size{f.picture.Shape[0], f.picture.Shape[1]} }

// unit brings bytes into [0, 1].
func (f *frame) unit() error {
	x, err := tfimage.Convert(f.picture, tfimage.Uint8, tfimage.Float32, false)
	f.picture, f.bytes = x, false
	return err
}

// crop cuts out the centre; an odd margin leaves the larger part at the end, as Caffe's crop_size does.
func (f *frame) crop(to Size) error {
	x, err := tfimage.Crop(f.picture, (f.size().Height-to.Height)/2, (f.size().Width-to.Width)/2, to.Height, to.Width)
	f.picture = x
	return err
}

// standardise is per_image_standardization, which brings bytes into [0, 1] first.
func (f *frame) standardise() error {
	if f.bytes {
		if err := f.unit(); err != nil {
			return err
		}
	}
	f.picture = tfimage.Standardize(f.picture)
	return nil
}

// photo returns the bytes.
func (f *frame) photo() *Photo {
	p := &Photo{File: f.file, Height: f.size().Height, Width: f.size().Width, Pixels: make([]byte, len(f.picture.Data))}
	for i, v := range f.picture.Data {
		p.Pixels[i] = byte(v)
	}
	return p
}

// resampling is a way of resizing.
type resampling struct {
	name string
	// onBytes resizes bytes to bytes, floats anything to floats; one of them is nil.
	onBytes func(p *Photo, to Size) *Photo
	floats  tfimage.Resizer
}

func (f *frame) resize(to Size, with resampling) error {
	if f.size() == to {
		return nil
	}
	if with.onBytes != nil {
		*f = *newFrame(with.onBytes(f.photo(), to))
		return nil
	}
	x, err := with.floats.Resize(f.picture, to.Height, to.Width)
	f.picture, f.bytes = x, false
	return err
}

// openCV is the filter when none is named.
const openCV = "opencv"

// resamplings lists the filters that resize may use.
func resamplings() []resampling {
	list := []resampling{{name: openCV, onBytes: func(p *Photo, to Size) *Photo { return p.Resize(to.Height, to.Width) }}}
	for _, f := range pillow.Filters {
		list = append(list, resampling{name: "pil-" + f.Name, onBytes: func(p *Photo, to Size) *Photo {
			out := pillow.Picture{Height: p.Height, Width: p.Width, Channels: 3, Pixels: p.Pixels}.Resize(to.Height, to.Width, f)
			return &Photo{p.File, to.Height, to.Width, out.Pixels, p.Grey}
		}})
	}
	for _, r := range tfimage.Resizers() {
		list = append(list, resampling{name: r.Name, floats: r.Resizer})
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
