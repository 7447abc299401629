// Package caffeio prepares pictures as Caffe does: the transform_param of its data layers, the reading of its ImageData
// layer, and what its Python module caffe.io offers (load_image, resize_image, Transformer, oversample). Every function
// rounds where Caffe, NumPy and scikit-image round.
//
// Pictures are tensors, channels x height x width for data layers and height x width x channels for caffe.io.
package caffeio

import (
	"fmt"

	"parity/googlenet/tensor"
	"parity/importers/caffe"
	"parity/importers/source"
)

// DataTransform is a transform_param: crop, mirror, (pixel - mean) * scale.
type DataTransform struct {
	Scale float32
	// MeanFile names the mean image, which whoever calls Apply reads into Mean: channels x height x width, as large as
	// the picture before the crop.
	MeanFile   string
	Mean       *tensor.Tensor[float32]
	MeanValues []float32 // one for all channels or one each
	Crop       int       // side of the square, 0 for none
	Mirror     bool      // in half of the draws
	// ForceColor and ForceGrey decide how encoded pictures are decoded. Caffe ignores them for raw ones.
	ForceColor, ForceGrey bool
	Train                 bool // crops are drawn, not central
}

// Draw is what Caffe's random generator decided for one picture.
type Draw struct {
	Top, Left int // of the crop; counts only in training
	Mirror    bool
}

// ParseDataTransform reads the fields of a transform_param in text, without the name and the braces.
func ParseDataTransform(file string, data []byte, train bool) (DataTransform, error) {
	m, err := caffe.ParseSettings("TransformationParameter", file, data)
	if err != nil {
		return DataTransform{}, err
	}
	return NewDataTransform(m, train)
}

// NewDataTransform takes over a transform_param, nil for one that the layer leaves out.
func NewDataTransform(m *caffe.Message, train bool) (DataTransform, error) {
	t := DataTransform{
		Scale: m.Float("scale", 1), MeanFile: m.Text("mean_file", ""), MeanValues: m.Floats("mean_value"),
		Crop: m.Int("crop_size", 0), Mirror: m.Bool("mirror", false),
		ForceColor: m.Bool("force_color", false), ForceGrey: m.Bool("force_gray", false), Train: train,
	}
	switch {
	case m.Has("mean_file") && len(t.MeanValues) > 0:
		return t, m.Errorf("mean_file", "mean_file and mean_value cannot both be given")
	case t.ForceColor && t.ForceGrey:
		return t, m.Errorf("force_gray", "force_color and force_gray cannot both be set")
	}
	return t, nil
}

// Apply transforms one picture, channels x height x width.
func (t DataTransform) Apply(in *tensor.Tensor[float32], d Draw) (*tensor.Tensor[float32], error) {
	if err := t.check(in.Shape); err != nil {
		return nil, err
	}
	channels, height, width := in.Shape[0], in.Shape[1], in.Shape[2]
	top, left, h, w, err := t.window(height, width, d)
	if err != nil {
		return nil, err
	}
	out := tensor.New[float32](channels, h, w)
	for c := range channels {
		for y := range h {
			from := (c*height+top+y)*width + left
			t.row(out.Data[(c*h+y)*w:][:w], in.Data[from:][:w], c, from)
			if t.Mirror && d.Mirror {
				reverse(out.Data[(c*h+y)*w:][:w])
			}
		}
	}
	return out, nil
}

// row computes (pixel - mean) * scale for a row that begins at an offset of the picture.
func (t DataTransform) row(to, from []float32, channel, offset int) {
	mean := t.channelMean(channel)
	for x, v := range from {
		if t.Mean != nil {
			mean = t.Mean.Data[offset+x]
		}
		to[x] = (v - mean) * t.Scale
	}
}

func (t DataTransform) channelMean(c int) float32 {
	switch len(t.MeanValues) {
	case 0:
		return 0
	case 1:
		return t.MeanValues[0]
	}
	return t.MeanValues[c]
}

func reverse(row []float32) {
	for i, j := 0, len(row)-1; i < j; i, j = i+1, j-1 {
		row[i], row[j] = row[j], row[i]
	}
}

func (t DataTransform) check(s tensor.Shape) error {
	switch {
	case len(s) != 3 || s.Len() == 0:
		return fmt.Errorf("expected a picture of channels x height x width, found %v", s)
	case t.MeanFile != "" && t.Mean == nil:
		return source.Errorf(t.MeanFile, "", "the mean image is not read")
	case t.Mean != nil && len(t.MeanValues) > 0:
		return fmt.Errorf("mean_file and mean_value cannot both be given")
	case t.Mean != nil && !(len(t.Mean.Shape) >= 3 && len(t.Mean.Data) == s.Len() && t.Mean.Shape[len(t.Mean.Shape)-3:].Equal(s)):
		return source.Errorf(t.MeanFile, "", "the mean image is %v, the picture %v", t.Mean.Shape, s)
	case len(t.MeanValues) > 1 && len(t.MeanValues) != s[0]:
		return fmt.Errorf("expected 1 mean_value or as many as channels (%d), found %d", s[0], len(t.MeanValues))
	}
	return nil
}

// window tells where the crop lies. An odd margin leaves the larger part at the end.
func (t DataTransform) window(height, width int, d Draw) (top, left, h, w int, err error) {
	switch {
	case t.Crop == 0:
		return 0, 0, height, width, nil
	case t.Crop > height || t.Crop > width:
		return 0, 0, 0, 0, fmt.Errorf("crop_size %d is more than the picture's %dx%d", t.Crop, height, width)
	case !t.Train:
		return (height - t.Crop) / 2, (width - t.Crop) / 2, t.Crop, t.Crop, nil
	case d.Top < 0 || d.Left < 0 || d.Top > height-t.Crop || d.Left > width-t.Crop:
		return 0, 0, 0, 0, fmt.Errorf("a crop of %d at %d, %d leaves the picture of %dx%d", t.Crop, d.Top, d.Left, height, width)
	}
	return d.Top, d.Left, t.Crop, t.Crop, nil
}
