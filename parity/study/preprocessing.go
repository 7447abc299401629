package study

import (
	"fmt"
	"slices"
	"strings"
)

// SetMean is the name in mean_file= of the mean image of the pictures that are studied.
const SetMean = "@set"

// preprocessing is what is done to a photo before the network sees it.
var preprocessing = Factor{
	Name:     "preprocessing",
	About:    "how a photo is decoded, resized and cropped, and the arithmetic on its channels",
	Variants: slices.Concat(colours, geometries, filters, decoders),
}

// colours are about the order of the channels and the arithmetic on them.
var colours = []Variant{
	{ID: "base", Title: "as the model is fed"},
	{ID: "order", Title: "channels in the other order, means with them", Prepare: func(p Preparation) (Preparation, error) {
		return reversedMean(otherOrder(p)), nil
	}},
	{ID: "order-only", Title: "channels in the other order, means as they were", Prepare: func(p Preparation) (Preparation, error) {
		return otherOrder(p), nil
	}},
	{ID: "mean-order", Title: "means in the other order", Prepare: func(p Preparation) (Preparation, error) {
		if m := p.numbers("mean"); len(m) < 3 || m[0] == m[2] {
			return p, Absent("the first mean is the last one")
		}
		return reversedMean(p), nil
	}},
	{ID: "mean-none", Title: "no mean", Prepare: func(p Preparation) (Preparation, error) {
		if _, ok := p.value("mean"); !ok {
			return p, Absent("no mean is subtracted as it is")
		}
		return p.without("mean"), nil
	}},
	{ID: "mean-grey", Title: "one mean for all channels", Prepare: greyMean},
	{ID: "mean-pixel", Title: "a mean image, of the pictures studied", Prepare: func(p Preparation) (Preparation, error) {
		return p.without("mean", "standardise").with("mean_file=" + SetMean), nil
	}},
	{ID: "scale-255", Title: "divided by 255 after the mean", Prepare: func(p Preparation) (Preparation, error) {
		for _, name := range []string{"unit", "scale", "std", "standardise"} {
			if _, ok := p.value(name); ok {
				return p, Absent("the numbers are scaled by " + name + " as it is")
			}
		}
		return p.with("scale=1/255"), nil
	}},
	{ID: "unit", Title: "in [0, 1], no mean", Prepare: arithmetic("scale=1/255")},
	{ID: "signed", Title: "in [-1, 1]", Prepare: arithmetic("mean=127.5", "scale=1/127.5")},
	{ID: "imagenet", Title: "means and deviations of torchvision", Prepare: func(p Preparation) (Preparation, error) {
		q := p.without(arithmeticWords...).with("mean=123.675:116.28:103.53", "std=58.395:57.12:57.375")
		if _, bgr := p.value("bgr"); bgr {
			q = q.with("mean=103.53:116.28:123.675", "std=57.375:57.12:58.395")
		}
		return q, nil
	}},
}

// geometries are about which part of the photo is shown, and how large.
var geometries = []Variant{
	{ID: "isotropic", Title: "the shorter side resized, in proportion", Prepare: func(p Preparation) (Preparation, error) {
		h, w, ok := p.size("resize")
		if !ok {
			return p, Absent("the photo is not resized to a size of its own")
		}
		return p.without("resize").with(fmt.Sprintf("shorter=%d", min(h, w))), nil
	}},
	{ID: "stretched", Title: "the whole photo stretched to the network's size", Prepare: func(p Preparation) (Preparation, error) {
		return p.without("resize", "shorter", "crop", "central"), nil
	}},
	{ID: "central-0.875", Title: "the central 87.5 % stretched", Prepare: central("0.875")},
	{ID: "central-0.7", Title: "the central 70 % stretched", Prepare: central("0.7")},
	{ID: "larger", Title: "resized an eighth larger, the same crop", Prepare: func(p Preparation) (Preparation, error) {
		h, w, ok := p.size("resize")
		if _, _, cropped := p.size("crop"); !ok || !cropped {
			return p, Absent("nothing is cropped")
		}
		return p.with(fmt.Sprintf("resize=%dx%d", h+h/8, w+w/8)), nil
	}},
}

// Filters lists the ways of resizing that are studied: all there are. Those without antialias in their name do not smooth where
// they shrink, -legacy and -corners count coordinates as TensorFlow 1 does without and with align_corners, pil- are Pillow's.
var Filters = []string{
	"opencv", "pil-nearest", "pil-box", "pil-bilinear", "pil-hamming", "pil-bicubic", "pil-lanczos",
	"pil13-nearest", "pil13-box", "pil13-bilinear", "pil13-hamming", "pil13-bicubic", "pil13-lanczos",
	"nearest", "nearest-legacy", "nearest-corners",
	"bilinear", "bilinear-antialias", "bilinear-legacy", "bilinear-corners",
	"bicubic", "bicubic-antialias", "bicubic-legacy", "bicubic-corners", "area", "area-corners",
	"lanczos3", "lanczos3-antialias", "lanczos5", "lanczos5-antialias", "gaussian", "gaussian-antialias", "mitchellcubic", "mitchellcubic-antialias",
}

var filters = func() (list []Variant) {
	for _, name := range Filters {
		list = append(list, Variant{ID: "filter-" + name, Title: "resized by " + name, Prepare: filtered(name)})
	}
	return list
}()

// filtered resizes by a filter. OpenCV's and Pillow's work on bytes, which there are none of once they are divided by 255.
func filtered(name string) func(Preparation) (Preparation, error) {
	return func(p Preparation) (Preparation, error) {
		if _, unit := p.value("unit"); unit && (name == "opencv" || strings.HasPrefix(name, "pil")) {
			return p, Absent("it resizes bytes, and the photo is divided by 255 before")
		}
		return p.with("filter=" + name), nil
	}
}

var decoders = []Variant{
	{ID: "dct-fast", Title: "JPEG by the fast inverse transform, as TensorFlow unless told otherwise", Prepare: set("dct=fast")},
	{ID: "upsampling-plain", Title: "JPEG colours enlarged by repetition", Prepare: set("upsampling=plain")},
	{ID: "dct-fast-plain", Title: "fast inverse transform and repetition", Prepare: set("dct=fast", "upsampling=plain")},
}

// set puts words in.
func set(words ...string) func(Preparation) (Preparation, error) {
	return func(p Preparation) (Preparation, error) { return p.with(words...), nil }
}

// arithmeticWords are about the numbers alone.
var arithmeticWords = []string{"unit", "mean", "mean_file", "scale", "std", "standardise"}

// arithmetic puts words in the place of all arithmetic.
func arithmetic(words ...string) func(Preparation) (Preparation, error) {
	return func(p Preparation) (Preparation, error) {
		return p.without(arithmeticWords...).with(words...), nil
	}
}

func central(fraction string) func(Preparation) (Preparation, error) {
	return func(p Preparation) (Preparation, error) {
		return p.without("resize", "shorter", "crop").with("central=" + fraction), nil
	}
}

func otherOrder(p Preparation) Preparation {
	if _, bgr := p.value("bgr"); bgr {
		return p.without("bgr").with("rgb")
	}
	return p.without("rgb").with("bgr")
}

func reversedMean(p Preparation) Preparation {
	for _, name := range []string{"mean", "std"} {
		if m := p.numbers(name); len(m) == 3 {
			p = p.with(numbered(name, m[2], m[1], m[0]))
		}
	}
	return p
}

func greyMean(p Preparation) (Preparation, error) {
	m := p.numbers("mean")
	if len(m) != 3 || m[0] == m[1] && m[1] == m[2] {
		return p, Absent("there is one mean for all channels as it is")
	}
	return p.with(numbered("mean", (m[0]+m[1]+m[2])/3)), nil
}
