package image

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/image/jpeg"
)

// Preprocess says how a photo becomes an input. What it asks for is done in this order: decoding, unit, central, resize or
// shorter, crop, standardise, order of the channels, minus mean, times scale, divided by std. Caffe's transform_param has
// the same order: (pixel - mean) * scale.
type Preprocess struct {
	Unit bool // bytes become floats in [0, 1]
	// Central is the fraction of either side that is kept, 0 for all.
	Central      float64
	Resize, Crop Size // zero: not asked for
	// Shorter is the shorter side that the photo is resized to, the longer one in proportion; 0: not asked for.
	Shorter int
	Filter  string // of resizing; empty for OpenCV's
	// Standardise subtracts the mean of all numbers and divides by their deviation.
	Standardise bool
	BGR         bool
	// Mean and Std have one number for all channels or one for each, in the order the channels have in the input.
	Mean, Std []float64
	Scale     float64
	// MeanFile names a mean image, which is subtracted before the crop. Whoever calls Input reads it into MeanImage
	// first: 3xHxW or 1x3xHxW, as large as the resized photo, channels in the input's order.
	MeanFile  string
	MeanImage *tensor.Tensor[float32]
	Decoding  Decoding // how the photo's file is to be read
	// Corner places the crop, given how many pixels there are over; nil: in the centre. Mirror turns left and right round after
	// it. Both are for training; the text form has neither.
	Corner func(over Size) (top, left int)
	Mirror bool
	set    []string
}

// Size is an extent in pixels.
type Size struct{ Height, Width int }

// String writes the size as height x width.
func (s Size) String() string { return fmt.Sprintf("%dx%d", s.Height, s.Width) }

// presets are names for what well-known networks were trained with.
var presets = []struct{ name, text string }{
	{"caffe", "bgr,mean=104:117:123"},             // the BVLC models; the mean of ILSVRC 2012
	{"inception", "rgb,mean=127.5,scale=1/127.5"}, // TensorFlow's Inception models: [-1, 1]
	// What TensorFlow's image classification models in slim are evaluated with.
	{"inception-eval", "rgb,unit,central=0.875,filter=bilinear-legacy,mean=0.5,scale=2"},
	{"vgg-eval", "rgb,shorter=256,filter=bilinear-legacy,crop=224x224,mean=123.68:116.78:103.94"},
	{"none", "rgb"}, // bytes as they are
}

// word is one word of the text form.
type word struct {
	name, example string
	about         string
	parse         func(p *Preprocess, value string) error
}

var words = []word{
	{"rgb", "rgb", "the channels are red, green, blue (the default)", func(p *Preprocess, _ string) error { return nil }},
	{"bgr", "bgr", "the channels are blue, green, red", func(p *Preprocess, _ string) error { p.BGR = true; return nil }},
	{"unit", "unit", "bytes are divided by 255 before anything else", func(p *Preprocess, _ string) error { p.Unit = true; return nil }},
	{"central", "central=f", "keep this fraction of either side, as central_crop does", parseCentral},
	{"resize", "resize=HxW", "stretch to this size", func(p *Preprocess, v string) (err error) { p.Resize, err = parseSize(v); return }},
	{"shorter", "shorter=n", "stretch so that the shorter side has n pixels, in proportion", parseShorter},
	{"filter", "filter=NAME", "of resize and shorter, below (default: opencv)", parseFilter},
	{"crop", "crop=HxW", "cut out the centre", func(p *Preprocess, v string) (err error) { p.Crop, err = parseSize(v); return }},
	{"standardise", "standardise", "minus the mean of all numbers, divided by their deviation, in the place of mean, scale and std", func(p *Preprocess, _ string) error { p.Standardise = true; return nil }},
	{"mean", "mean=a:b:c", "subtract; one number or one a channel", func(p *Preprocess, v string) (err error) { p.Mean, err = parseNumbers(v); return }},
	{"scale", "scale=s", "multiply; may be a quotient such as 1/255", parseScale},
	{"std", "std=a:b:c", "divide; one number or one a channel", parseStd},
	{"mean_file", "mean_file=PATH", "subtract a mean image (.npy), which is cropped as the photo is", parseMeanFile},
	{"dct", "dct=fast", "decode JPEG as TensorFlow does unless told otherwise; dct=accurate is the default here", parseTransform},
	{"upsampling", "upsampling=plain", "enlarge the colours of JPEG by repetition; upsampling=fancy is the default", parseUpsampling},
}

// Parse reads a text such as "bgr,mean=104:117:123" or "caffe,resize=256x256,crop=224x224".
func Parse(text string) (Preprocess, error) {
	p := Preprocess{Scale: 1}
	err := p.parse(text)
	if err == nil && p.Standardise && slices.ContainsFunc(p.set, func(s string) bool { return s == "mean" || s == "scale" || s == "std" }) {
		err = errors.New("standardise takes the place of mean, scale and std")
	}
	if err != nil {
		return Preprocess{}, fmt.Errorf("preprocess %q: %w", text, err)
	}
	return p, nil
}

func (p *Preprocess) parse(text string) error {
	for _, part := range strings.Split(text, ",") {
		name, value, hasValue := strings.Cut(strings.TrimSpace(part), "=")
		if i := slices.IndexFunc(words, func(w word) bool { return w.name == name }); i >= 0 {
			if err := p.apply(words[i], value, hasValue); err != nil {
				return err
			}
			continue
		}
		i := slices.IndexFunc(presets, func(s struct{ name, text string }) bool { return s.name == name })
		if i < 0 || hasValue {
			return fmt.Errorf("unknown word %q; expected %s", name, known())
		}
		if err := p.parse(presets[i].text); err != nil {
			return fmt.Errorf("%s stands for %s: %w", name, presets[i].text, err)
		}
	}
	return nil
}

func (p *Preprocess) apply(w word, value string, hasValue bool) error {
	kind := w.name
	switch kind {
	case "bgr", "rgb":
		kind = "the channel order"
	case "mean_file":
		kind = "mean"
	case "shorter":
		kind = "resize"
	}
	if slices.Contains(p.set, kind) {
		return fmt.Errorf("%s is given twice", kind)
	}
	p.set = append(p.set, kind)
	if strings.Contains(w.example, "=") != hasValue {
		return fmt.Errorf("expected %s, found %q", w.example, strings.TrimSuffix(w.name+"="+value, "="))
	}
	if err := w.parse(p, value); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	return nil
}

func known() string {
	var list []string
	for _, w := range words {
		list = append(list, w.example)
	}
	for _, s := range presets {
		list = append(list, s.name)
	}
	return strings.Join(list, ", ")
}

// Usage lists the words, the filters and the presets, for people.
func Usage() string {
	var b strings.Builder
	for _, w := range words {
		fmt.Fprintf(&b, "  %-18s %s\n", w.example, w.about)
	}
	filters := Filters()
	fmt.Fprintf(&b, "\nFilters: opencv is OpenCV's bilinear on bytes; pil-* are Pillow's up to version 12, pil13-* those of 13, which begins\n"+
		"with the height where it shrinks much more than the width. The others are TensorFlow's, on floats: with antialias\n"+
		"where that is said; -legacy and -corners (align_corners) count places as version 1 does.\n%s", wrapped(filters))
	b.WriteString("\nShort for several words:\n")
	for _, s := range presets {
		fmt.Fprintf(&b, "  %-18s %s\n", s.name, s.text)
	}
	return b.String()
}

// Filters lists the names that filter= takes.
func Filters() (names []string) {
	for _, r := range resamplings() {
		names = append(names, r.name)
	}
	return names
}

// wrapped writes names in lines of at most 100 characters.
func wrapped(names []string) string {
	const width = 100
	var b strings.Builder
	line := " "
	for _, name := range names {
		if len(line)+1+len(name) > width {
			b.WriteString(line + "\n")
			line = " "
		}
		line += " " + name
	}
	b.WriteString(line + "\n")
	return b.String()
}

func parseSize(text string) (Size, error) {
	h, w, _ := strings.Cut(text, "x")
	height, errH := strconv.Atoi(h)
	width, errW := strconv.Atoi(w)
	if errH != nil || errW != nil || height < 1 || width < 1 || height > MaxPixels/width {
		return Size{}, fmt.Errorf("expected HxW, height and width in pixels as in 224x224, found %q", text)
	}
	return Size{height, width}, nil
}

func parseCentral(p *Preprocess, text string) error {
	v, err := parseNumber(text)
	if err == nil && !(v > 0 && v <= 1) {
		err = fmt.Errorf("expected the fraction of either side to keep, more than 0 and at most 1, found %q", text)
	}
	p.Central = v
	return err
}

func parseShorter(p *Preprocess, text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > MaxPixels/n {
		return fmt.Errorf("expected the shorter side in pixels, found %q", text)
	}
	p.Shorter = n
	return nil
}

func parseFilter(p *Preprocess, text string) error {
	with, err := resamplingNamed(text)
	p.Filter = with.name
	return err
}

// parseNumbers reads one number or three.
func parseNumbers(text string) ([]float64, error) {
	var numbers []float64
	for _, part := range strings.Split(text, ":") {
		v, err := parseNumber(part)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, v)
	}
	if len(numbers) != 1 && len(numbers) != 3 {
		return nil, fmt.Errorf("expected one number or three, a channel each, found %d", len(numbers))
	}
	return numbers, nil
}

// parseNumber reads a number or a quotient such as 1/255.
func parseNumber(text string) (float64, error) {
	over, under, quotient := strings.Cut(text, "/")
	v, err := strconv.ParseFloat(over, 64)
	if quotient && err == nil {
		var d float64
		d, err = strconv.ParseFloat(under, 64)
		v /= d
	}
	// Past the range of float32 the input would be infinite.
	if err != nil || !(math.Abs(v) <= math.MaxFloat32) {
		return 0, fmt.Errorf("expected a finite number, found %q", text)
	}
	return v, nil
}

func parseScale(p *Preprocess, text string) error {
	v, err := parseNumber(text)
	if err == nil && float32(v) == 0 {
		err = fmt.Errorf("expected a number other than zero, found %q: every input would be the same", text)
	}
	p.Scale = v
	return err
}

func parseStd(p *Preprocess, text string) error {
	numbers, err := parseNumbers(text)
	for _, v := range numbers {
		if !(float32(v) > 0) {
			err = fmt.Errorf("expected positive numbers, found %q", text)
		}
	}
	p.Std = numbers
	return err
}

func parseMeanFile(p *Preprocess, path string) error {
	if path == "" {
		return errors.New("expected the path of a mean image")
	}
	p.MeanFile = path
	return nil
}

func parseTransform(p *Preprocess, text string) error {
	switch text {
	case "accurate":
	case "fast":
		p.Decoding.Transform = jpeg.Fast
	default:
		return fmt.Errorf("expected accurate or fast, found %q", text)
	}
	return nil
}

func parseUpsampling(p *Preprocess, text string) error {
	switch text {
	case "fancy":
	case "plain":
		p.Decoding.Plain = true
	default:
		return fmt.Errorf("expected fancy or plain, found %q", text)
	}
	return nil
}

// String writes the text that Parse reads, without presets.
func (p Preprocess) String() string {
	parts := []string{"rgb"}
	if p.BGR {
		parts[0] = "bgr"
	}
	if p.Decoding.Transform == jpeg.Fast {
		parts = append(parts, "dct=fast")
	}
	if p.Decoding.Plain {
		parts = append(parts, "upsampling=plain")
	}
	parts = append(parts, p.geometry()...)
	if p.Standardise {
		parts = append(parts, "standardise")
	}
	parts = append(parts, list("mean", p.Mean)...)
	if p.MeanFile != "" {
		parts = append(parts, "mean_file="+p.MeanFile)
	}
	if p.Scale != 1 {
		parts = append(parts, list("scale", []float64{p.Scale})...)
	}
	return strings.Join(append(parts, list("std", p.Std)...), ",")
}

// geometry lists the words about what comes before the arithmetic.
func (p Preprocess) geometry() []string {
	var parts []string
	add := func(when bool, text string) {
		if when {
			parts = append(parts, text)
		}
	}
	add(p.Unit, "unit")
	add(p.Central != 0, "central="+strconv.FormatFloat(p.Central, 'g', -1, 64))
	add(p.Resize != Size{}, "resize="+p.Resize.String())
	add(p.Shorter != 0, "shorter="+strconv.Itoa(p.Shorter))
	add(p.Filter != "", "filter="+p.Filter)
	add(p.Crop != Size{}, "crop="+p.Crop.String())
	return parts
}

func list(name string, numbers []float64) []string {
	if len(numbers) == 0 {
		return nil
	}
	texts := make([]string, len(numbers))
	for i, v := range numbers {
		texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return []string{name + "=" + strings.Join(texts, ":")}
}
