package caffeio

import (
	"parity/googlenet/tensor"
	"parity/importers/image"
)

// ImageData is how Caffe's ImageData layer reads a picture file: with OpenCV, in the order blue, green, red.
type ImageData struct {
	Height, Width int  // new_height and new_width; the picture is stretched (INTER_LINEAR) where both are positive
	Grey          bool // is_color: false
}

// Read returns the bytes of a picture, channels x height x width.
func (r ImageData) Read(file string) (*tensor.Tensor[float32], error) {
	photo, err := image.LoadWith(file, image.Decoding{Grey: r.Grey})
	if err != nil {
		return nil, err
	}
	if r.Height > 0 && r.Width > 0 {
		photo = photo.Resize(r.Height, r.Width)
	}
	return planes(photo, r.Grey), nil
}

// Decode reads an encoded picture of a database: with as many channels as the file has unless force_color or force_gray
// says otherwise. An alpha channel, which Caffe would keep without force_color, is dropped.
func (t DataTransform) Decode(file string) (*tensor.Tensor[float32], error) {
	photo, err := image.LoadWith(file, image.Decoding{Grey: t.ForceGrey})
	if err != nil {
		return nil, err
	}
	return planes(photo, t.ForceGrey || photo.Grey && !t.ForceColor), nil
}

// planes returns blue, green and red, or one channel of a grey picture.
func planes(photo *image.Photo, grey bool) *tensor.Tensor[float32] {
	channels := 3
	if grey {
		channels = 1
	}
	out := tensor.New[float32](channels, photo.Height, photo.Width)
	plane := photo.Height * photo.Width
	for c := range channels {
		for i := range plane {
			out.Data[c*plane+i] = float32(photo.Pixels[3*i+2-c])
		}
	}
	return out
}
