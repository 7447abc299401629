package image

import (
	"fmt"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/source"
)

// Input is a photo as a network takes it.
type Input struct {
	Tensor *tensor.Tensor[float32] // 1x3xHxW
	steps  []string
	whole  Size // before a crop was taken out of the centre; zero if none was or the crop was stretched
}

// String says what was done to the photo.
func (in *Input) String() string { return strings.Join(in.steps, ", ") }

// Input makes the input of a network that takes pictures of the given size. Where neither resize nor a fitting crop
// was asked for, the photo is stretched to that size. A size of zero takes the photo as it comes.
func (p Preprocess) Input(photo *Photo, height, width int) (*Input, error) {
	in := &Input{steps: []string{fmt.Sprintf("%s of %v", photo.File, photo.size())}}
	photo, err := p.fit(in, photo, Size{height, width})
	if err != nil {
		return nil, err
	}
	mean, err := p.mean(in, photo.size())
	if err != nil {
		return nil, err
	}
	in.Tensor = p.normalise(photo, mean)
	in.steps = append(in.steps, p.arithmetic()...)
	return in, nil
}

func (p *Photo) size() Size { return Size{p.Height, p.Width} }

// fit resizes and crops.
func (p Preprocess) fit(in *Input, photo *Photo, network Size) (*Photo, error) {
	if p.Resize != (Size{}) {
		photo = in.resize(photo, p.Resize)
	}
	if c := p.Crop; c != (Size{}) {
		if c.Height > photo.Height || c.Width > photo.Width {
			return nil, source.Errorf(photo.File, "", "cannot crop %v from %v; add resize=HxW", c, photo.size())
		}
		in.whole = photo.size()
		photo = photo.crop(c.Height, c.Width)
		in.steps = append(in.steps, fmt.Sprintf("central %v", c))
	}
	switch {
	case network.Height <= 0 || network.Width <= 0 || photo.size() == network:
		return photo, nil
	case p.Resize != (Size{}):
		return nil, source.Errorf(photo.File, "", "%v leaves %v, but the network takes %v; change resize, or add crop=%v", p, photo.size(), network, network)
	}
	in.whole = Size{}
	return in.resize(photo, network), nil
}

func (in *Input) resize(photo *Photo, to Size) *Photo {
	if photo.size() != to {
		in.steps = append(in.steps, fmt.Sprintf("resized to %v (bilinear)", to))
	}
	return photo.Resize(to.Height, to.Width)
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
	top, left := (whole.Height-photo.Height)/2, (whole.Width-photo.Width)/2
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
func (p Preprocess) normalise(photo *Photo, means []float32) *tensor.Tensor[float32] {
	out := tensor.New[float32](1, 3, photo.Height, photo.Width)
	plane := photo.Height * photo.Width
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
			to[i] = (float32(photo.Pixels[3*i+from]) - mean) * scale / std
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
	words := strings.NewReplacer("mean=", "minus ", "mean_file=", "minus ", "scale=", "times ", "std=", "divided by ",
		"dct=fast", "fast inverse transform", "upsampling=plain", "colours enlarged by repetition")
	p.Resize, p.Crop = Size{}, Size{}
	return strings.Split(words.Replace(strings.ToUpper(p.String()[:3])+p.String()[3:]), ",")
}
