package tfimage

import (
	"fmt"

	"parity/googlenet/tensor"
	"parity/importers/image/jpeg"
)

// JPEG are the attributes of DecodeJpeg. The zero value is TensorFlow's default.
type JPEG struct {
	Channels int  // 1, 3, or 0 for those of the file; CMYK gives 3
	Ratio    int  // 1, 2, 4 or 8 times smaller, 0 for 1
	Plain    bool // without fancy_upscaling
	Accurate bool // dct_method INTEGER_ACCURATE; else INTEGER_FAST
}

// DecodeJPEG decodes a file.
func DecodeJPEG(data []byte, o JPEG) (Picture, error) {
	if o.Channels != 0 && o.Channels != 1 && o.Channels != 3 {
		return nil, fmt.Errorf("a JPEG file is decoded to 1 or 3 channels, or 0 for its own, not to %d", o.Channels)
	}
	how := jpeg.Options{Transform: jpeg.Fast, Plain: o.Plain, Ratio: o.Ratio}
	if o.Accurate {
		how.Transform = jpeg.Accurate
	}
	if o.Channels == 1 {
		how.Colours = jpeg.Grey
	}
	m, err := jpeg.Decode(data, how)
	if err != nil {
		return nil, err
	}
	channels, pixels := m.Channels, m.Pixels
	if channels == 4 || o.Channels == 3 {
		channels, pixels = 3, m.RGB()
	}
	out := tensor.New[float32](m.Height, m.Width, channels)
	for i, v := range pixels {
		out.Data[i] = float32(v)
	}
	return out, nil
}
