package cases

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/image"
	"parity/importers/image/pillow"
	"parity/importers/image/tfimage"
)

// imageOperations are what entries may ask for. x is the input where it is an array.
var imageOperations = map[string]func(e imageEntry, x tfimage.Picture, expect tensor.Any) (value, error){
	"DecodeJpeg":            decodeJPEG,
	"DecodePng":             decodePNG,
	"PIL":                   decodePIL,
	"PIL.Image.resize":      resizePIL,
	"ResizeArea":            resizeOperation("area"),
	"ResizeBicubic":         resizeOperation("bicubic"),
	"ResizeBilinear":        resizeOperation("bilinear"),
	"ResizeNearestNeighbor": resizeOperation("nearest"),
	"adjust_brightness": func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		return same(tfimage.Brighten(x, e.Delta), nil)
	},
	"adjust_contrast": func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		return same(tfimage.Contrast(x, e.Factor), nil)
	},
	"adjust_hue": func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		return same(tfimage.Turn(x, e.Delta))
	},
	"adjust_saturation": func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		return same(tfimage.Saturate(x, e.Factor))
	},
	"central_crop": func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		return same(tfimage.CentralCrop(x, e.Fraction))
	},
	"convert_image_dtype": convertType,
	"flip_left_right": func(_ imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		return same(tfimage.Mirror(x), nil)
	},
	"image.resize":                  resizeMethod,
	"image.resize_with_crop_or_pad": cropOrPad,
	"image.resize_with_pad":         resizeWithPad,
	"inception_preprocess_for_eval": inceptionEval,
	"per_image_standardization":     standardise,
	"rgb_to_grayscale":              adjust(func(_ imageEntry, x tfimage.Picture) (tfimage.Picture, error) { return tfimage.Grey(x) }),
	"v1.image.resize_images":        resizeImages,
	"vgg_preprocess_for_eval":       vggEval,
}

func decodeJPEG(e imageEntry, _ tfimage.Picture, _ tensor.Any) (value, error) {
	data, err := os.ReadFile(filepath.Join(e.inputs, e.File))
	if err != nil {
		return value{}, err
	}
	o := tfimage.JPEG{Channels: e.Channels, Ratio: e.Ratio, Plain: e.Fancy != nil && !*e.Fancy}
	switch e.DCT {
	case "", "INTEGER_FAST":
	case "INTEGER_ACCURATE":
		o.Accurate = true
	default:
		return value{}, fmt.Errorf("the dct_method %q is not known", e.DCT)
	}
	return same(tfimage.DecodeJPEG(data, o))
}

func decodePNG(e imageEntry, _ tfimage.Picture, _ tensor.Any) (value, error) {
	data, err := os.ReadFile(filepath.Join(e.inputs, e.File))
	if err != nil {
		return value{}, err
	}
	bits := 8
	if e.DType == "uint16" {
		bits = 16
	}
	return same(tfimage.DecodePNG(data, e.Channels, bits))
}

// decodePIL is Image.open(...).convert("RGB").
func decodePIL(e imageEntry, _ tfimage.Picture, _ tensor.Any) (value, error) {
	photo, err := image.Load(filepath.Join(e.inputs, e.File))
	if err != nil {
		return value{}, err
	}
	return same(bytesPicture(photo.Pixels, photo.Height, photo.Width, 3), nil)
}

func bytesPicture(pixels []byte, shape ...int) tfimage.Picture {
	out := tensor.New[float32](shape...)
	for i, v := range pixels {
		out.Data[i] = float32(v)
	}
	return out
}

// resizePIL takes the order of either of Pillow's versions, since entries do not tell theirs.
func resizePIL(e imageEntry, x tfimage.Picture, expect tensor.Any) (value, error) {
	f, known := pillow.FilterByName(e.Method)
	size, err := e.size()
	if err != nil || !known || e.from != "uint8" {
		return value{}, fmt.Errorf("the filter %q on %s is not known, or the size: %v", e.Method, e.from, err)
	}
	p := pillow.Picture{Height: x.Shape[0], Width: x.Shape[1], Channels: x.Shape[2]}
	for _, v := range x.Data {
		p.Pixels = append(p.Pixels, byte(v))
	}
	resized := func(o pillow.Order) tfimage.Picture {
		out := p.Resize(size[0], size[1], f, o)
		return bytesPicture(out.Pixels, out.Height, out.Width, out.Channels)
	}
	later := resized(pillow.HeightIfMuchLess)
	if slices.Equal(later.Data, tensor.As[float32](expect).Data) {
		return same(later, nil)
	}
	return same(resized(pillow.WidthFirst), nil)
}

func (e imageEntry) size() ([2]int, error) {
	if len(e.Size) != 2 || e.Size[0] < 1 || e.Size[1] < 1 {
		return [2]int{}, fmt.Errorf("expected a size of height and width, found %v", e.Size)
	}
	return [2]int(e.Size), nil
}

// coordinates of operations with the attributes align_corners and half_pixel_centers.
func (e imageEntry) coordinates() layer.Coordinates {
	switch {
	case e.Corners:
		return layer.FromCorners
	case e.Centres:
		return layer.FromCentres
	}
	return layer.FromEdges
}

func resizeOperation(filter string) func(imageEntry, tfimage.Picture, tensor.Any) (value, error) {
	return func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		r, err := tfimage.Operation(filter, e.coordinates())
		return e.resized(x, r, err)
	}
}

func resizeImages(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
	r, err := tfimage.Operation(e.Method, e.coordinates())
	return e.resized(x, r, err)
}

func resizeMethod(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
	r, err := tfimage.Method(e.Method, e.Antialias)
	return e.resized(x, r, err)
}

func (e imageEntry) resized(x tfimage.Picture, r tfimage.Resizer, err error) (value, error) {
	if err != nil {
		return value{}, err
	}
	size, err := e.size()
	if err != nil {
		return value{}, err
	}
	if e.Aspect {
		size = tfimage.Fitting([2]int{x.Shape[0], x.Shape[1]}, size)
	}
	v, err := same(r.Resize(x, size[0], size[1]))
	if err == nil {
		v.limit, err = resizeLimit(r, x, size)
	}
	return v, err
}

func resizeWithPad(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
	size, err := e.size()
	if err != nil {
		return value{}, err
	}
	r, err := tfimage.Method(e.Method, e.Antialias)
	if err != nil {
		return value{}, err
	}
	return same(r.ResizeWithPad(x, size[0], size[1]))
}

func cropOrPad(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
	size, err := e.size()
	if err != nil {
		return value{}, err
	}
	return same(tfimage.CropOrPad(x, size[0], size[1]))
}

func convertType(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
	return same(tfimage.Convert(x, tfimage.Type(e.from), tfimage.Type(e.DType), e.Saturate))
}

// adjust is an operation on floats in [0, 1], whose result is turned back to the type of the input.
func adjust(f func(imageEntry, tfimage.Picture) (tfimage.Picture, error)) func(imageEntry, tfimage.Picture, tensor.Any) (value, error) {
	return func(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
		from := tfimage.Type(e.from)
		x, err := tfimage.Convert(x, from, tfimage.Float32, false)
		if err == nil {
			x, err = f(e, x)
		}
		if err != nil {
			return value{}, err
		}
		return same(tfimage.Convert(x, tfimage.Float32, from, true))
	}
}

// standardise turns integers to floats, which the result stays.
func standardise(e imageEntry, x tfimage.Picture, _ tensor.Any) (value, error) {
	x, err := tfimage.Convert(x, tfimage.Type(e.from), tfimage.Float32, false)
	if err != nil {
		return value{}, err
	}
	v, err := same(tfimage.Standardize(x), nil)
	v.limit = standardisationLimit(x, v.got)
	return v, err
}

// inceptionEval and vggEval are what photos go through before TensorFlow's image classification models.
func inceptionEval(e imageEntry, x tfimage.Picture, expect tensor.Any) (value, error) {
	return e.preprocessed(x, "inception-eval", expect)
}

var shorterSide = regexp.MustCompile(`smaller side is (\d+)`)

func vggEval(e imageEntry, x tfimage.Picture, expect tensor.Any) (value, error) {
	side, shape := shorterSide.FindStringSubmatch(e.Steps), expect.Dims()
	if side == nil || len(shape) != 3 {
		return value{}, fmt.Errorf("the steps %q do not tell the smaller side", e.Steps)
	}
	words := fmt.Sprintf("rgb,shorter=%s,filter=bilinear-legacy,crop=%dx%d,mean=123.68:116.78:103.94", side[1], shape[0], shape[1])
	return e.preprocessed(x, words, expect)
}

// preprocessed makes an input of a photo, in TensorFlow's order of axes.
func (e imageEntry) preprocessed(x tfimage.Picture, words string, expect tensor.Any) (value, error) {
	shape := expect.Dims()
	if len(x.Shape) != 3 || x.Shape[2] != 3 || e.from != "uint8" || len(shape) != 3 {
		return value{}, fmt.Errorf("expected a photo of bytes, found %s of %v", e.from, x.Shape)
	}
	how, err := image.Parse(words)
	if err != nil {
		return value{}, err
	}
	photo := &image.Photo{File: e.Input, Height: x.Shape[0], Width: x.Shape[1]}
	for _, v := range x.Data {
		photo.Pixels = append(photo.Pixels, byte(v))
	}
	in, err := how.Input(photo, shape[0], shape[1])
	if err != nil {
		return value{}, err
	}
	return same(tensor.Permute(in.Tensor, 0, 2, 3, 1).Reshaped(shape...), nil)
}
