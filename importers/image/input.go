package image

import (
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/image/tfimage"
	"parity/importers/source"
)

// Input is a photo as a network takes it.
type Input struct {
	Tensor *tensor.Tensor[float32] // 1x3xHxW
	steps  []string
	whole  Size // before a crop was taken out; zero if none was or the crop was stretched
	corner Size // of the crop in the whole
}

// String says what was done to the photo.
func (in *Input) String() string { return strings.Join(in.steps, ", ") }

// Input makes the input of a network that takes pictures of the given size. Where neither resize nor a fitting crop
// was asked for, the photo is stretched to that size. A size of zero takes the photo as it comes.
func (p Preprocess) Input(photo *Photo, height, width int) (*Input, error) {
	in := &Input{steps: []string{fmt.Sprintf("%s of %v", photo.File, photo.size())}}
	f := newFrame(photo)
	if err := p.fit(in, f, Size{height, width}); err != nil {
		return nil, err
	}
	mean, err := p.mean(in, f.size())
	if err != nil {
		return nil, err
	}
	if p.Standardise {
		if err := f.standardise(); err != nil {
			return nil, err
		}
	}
	in.Tensor = p.normalise(f, mean)
	in.steps = append(in.steps, p.arithmetic()...)
	if p.Mirror {
		mirror(in.Tensor)
		in.steps = append(in.steps, "mirrored")
	}
	return in, nil
}

// mirror turns the rows of all channels round.
func mirror(t *tensor.Tensor[float32]) {
	width := t.Shape[3]
	for from := 0; from < len(t.Data); from += width {
		slices.Reverse(t.Data[from:][:width])
	}
}

// Resized does what comes before the crop, if that leaves bytes, so that it can be done once for several inputs: Input makes
// the same of what it returns as of the photo.
func (p Preprocess) Resized(photo *Photo) (*Photo, error) {
	with, err := resamplingNamed(p.Filter)
	if err != nil || p.Unit || p.Central != 0 || with.onBytes == nil {
		return photo, err
	}
	to := p.Resize
	if p.Shorter > 0 {
		to = shorterSide(photo.size(), p.Shorter)
	}
	if to == (Size{}) || to == photo.size() {
		return photo, nil
	}
	return with.onBytes(photo, to), nil
}

func (p *Photo) size() Size { return Size{p.Height, p.Width} }

// fit scales, resizes and crops.
func (p Preprocess) fit(in *Input, f *frame, network Size) error {
	if err := p.open(in, f); err != nil {
		return err
	}
	to := p.Resize
	if p.Shorter > 0 {
		to = shorterSide(f.size(), p.Shorter)
	}
	if to != (Size{}) {
		if err := p.resize(in, f, to); err != nil {
			return err
		}
	}
	if err := p.crop(in, f); err != nil {
		return err
	}
	switch {
	case network.Height <= 0 || network.Width <= 0 || f.size() == network:
		return nil
	case to != (Size{}):
		return source.Errorf(f.file, "", "%v leaves %v, but the network takes %v; change resize, or add crop=%v", p, f.size(), network, network)
	}
	in.whole, in.corner = Size{}, Size{}
	return p.resize(in, f, network)
}

// open does what comes before any resizing.
func (p Preprocess) open(in *Input, f *frame) error {
	if p.Unit {
		in.steps = append(in.steps, "divided by 255")
		if err := f.unit(); err != nil {
			return err
		}
	}
	if p.Central == 0 {
		return nil
	}
	top, left := tfimage.CutOff(f.size().Height, p.Central), tfimage.CutOff(f.size().Width, p.Central)
	to := Size{f.size().Height - 2*top, f.size().Width - 2*left}
	in.steps = append(in.steps, fmt.Sprintf("the central %v of %v", p.Central, f.size()))
	return f.crop(top, left, to)
}

func (p Preprocess) crop(in *Input, f *frame) error {
	c := p.Crop
	if c == (Size{}) {
		return nil
	}
	if c.Height > f.size().Height || c.Width > f.size().Width {
		return source.Errorf(f.file, "", "cannot crop %v from %v; add resize=HxW", c, f.size())
	}
	in.whole = f.size()
	over := Size{f.size().Height - c.Height, f.size().Width - c.Width}
	if p.Corner != nil {
		in.corner.Height, in.corner.Width = p.Corner(over)
		in.steps = append(in.steps, fmt.Sprintf("%v from row %d, column %d", c, in.corner.Height, in.corner.Width))
	} else {
		// An odd margin leaves the larger part at the end, as Caffe's crop_size does.
		in.corner = Size{over.Height / 2, over.Width / 2}
		in.steps = append(in.steps, fmt.Sprintf("central %v", c))
	}
	return f.crop(in.corner.Height, in.corner.Width, c)
}

func (p Preprocess) resize(in *Input, f *frame, to Size) error {
	with, err := resamplingNamed(p.Filter)
	if err != nil {
		return err
	}
	if f.size() == to {
		return nil
	}
	if f.photo == nil && with.onBytes != nil {
		return source.Errorf(f.file, "", "the filter %s works on bytes, after unit there are none; name a filter of TensorFlow's, such as bilinear, or write scale=1/255 for unit", with.name)
	}
	in.steps = append(in.steps, fmt.Sprintf("resized to %v (%s)", to, with.name))
	return f.resize(to, with)
}

// mean returns what is subtracted from each pixel, 3xHxW, or nil where no mean image was asked for. The photo was cropped
// from the middle; so is the mean image.
func (p Preprocess) mean(in *Input, photo Size) ([]float32, error) {
	if p.MeanFile == "" {
		return nil, nil
	}
	whole := in.whole
	if whole == (Size{}) {
		whole = photo
	}
	shape := tensor.Shape{3, whole.Height, whole.Width}
	if p.MeanImage == nil || len(p.MeanImage.Data) != shape.Len() || !shape.Equal(p.MeanImage.Shape[max(0, len(p.MeanImage.Shape)-3):]) {
		found := "nothing"
		if p.MeanImage != nil {
			found = p.MeanImage.Shape.String()
		}
		return nil, source.Errorf(p.MeanFile, "", "expected a mean image of %v, as large as the photo before a crop, found %s", shape, found)
	}
	top, left := in.corner.Height, in.corner.Width
	var out []float32
	for c := range 3 {
		for y := range photo.Height {
			row := p.MeanImage.Data[(c*whole.Height+top+y)*whole.Width+left:]
			out = append(out, row[:photo.Width]...)
		}
	}
	return out, nil
}

// normalise computes in float32, as the frameworks do: then the bits agree with theirs.
func (p Preprocess) normalise(f *frame, means []float32) *tensor.Tensor[float32] {
	out := tensor.New[float32](1, 3, f.size().Height, f.size().Width)
	plane, pixels := len(out.Data)/3, f.picture().Data
	for c := range 3 {
		from := c
		if p.BGR {
			from = 2 - c
		}
		mean, std, scale := channel(p.Mean, c, 0), channel(p.Std, c, 1), float32(p.Scale)
		to := out.Data[c*plane:][:plane]
		for i := range to {
			if means != nil {
				mean = means[c*plane+i]
			}
			to[i] = (pixels[3*i+from] - mean) * scale / std
		}
	}
	return out
}

func channel(numbers []float64, c int, none float32) float32 {
	switch len(numbers) {
	case 0:
		return none
	case 1:
		return float32(numbers[0])
	}
	return float32(numbers[c])
}

// arithmetic words what normalise does.
func (p Preprocess) arithmetic() []string {
	words := strings.NewReplacer("standardise", "minus the mean of all numbers and divided by their deviation", "mean=", "minus ", "mean_file=", "minus ", "scale=", "times ", "std=", "divided by ",
		"dct=fast", "fast inverse transform", "upsampling=plain", "colours enlarged by repetition")
	p.Resize, p.Crop, p.Shorter, p.Central, p.Unit, p.Filter = Size{}, Size{}, 0, 0, false, ""
	return strings.Split(words.Replace(strings.ToUpper(p.String()[:3])+p.String()[3:]), ",")
}
