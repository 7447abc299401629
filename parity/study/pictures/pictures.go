// Package pictures draws small photos-to-be of a few classes, for trying a study out without any data: coloured patterns of
// random size, angle and place with noise over them, as JPEG files. The same class and number give the same picture.
//
// They are no substitute for photos: what a study finds on them holds for them.
package pictures

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// pattern is what a class looks like: a value in [0, 1] at a place, in units of the pattern's size.
type pattern struct {
	name string
	at   func(x, y float64) float64
}

var patterns = []pattern{
	{"stripes", func(x, _ float64) float64 { return wave(x) }},
	{"checks", func(x, y float64) float64 { return step(wave(x)-0.5) * step(wave(y)-0.5) }},
	{"rings", func(x, y float64) float64 { return wave(math.Hypot(x, y)) }},
	{"discs", func(x, y float64) float64 { return step(0.35 - math.Hypot(x-math.Round(x), y-math.Round(y))) }},
	{"crosses", func(x, y float64) float64 {
		return max(step(0.12-math.Abs(x-math.Round(x))), step(0.12-math.Abs(y-math.Round(y))))
	}},
	{"rays", func(x, y float64) float64 { return wave(math.Atan2(y, x) * 5 / math.Pi) }},
	{"waves", func(x, y float64) float64 { return wave(x + 0.4*math.Sin(3*y)) }},
	{"triangles", func(x, y float64) float64 { return step(x - math.Floor(x) - y + math.Floor(y)) }},
}

// Classes is how many classes there are.
func Classes() int { return len(patterns) }

// Class is the name of a class.
func Class(class int) string { return patterns[class].name }

// wave goes up and down between 0 and 1 with period 1.
func wave(x float64) float64 { return 0.5 + 0.5*math.Sin(2*math.Pi*x) }

// step rises from 0 to 1 within a tenth, so that edges have a few shades.
func step(x float64) float64 { return max(0, min(1, 0.5+10*x)) }

// scene is how a picture shows its pattern.
type scene struct {
	height, width          int
	size, angle            float64
	top, left              float64
	front, back, lightness [3]float64
}

// draw chooses a scene.
func draw(r *rand.Rand) scene {
	s := scene{height: 240 + r.IntN(100), width: 240 + r.IntN(100), size: 25 + 50*r.Float64(), angle: 0.6 * (r.Float64() - 0.5)}
	s.top, s.left = float64(s.height)*(0.3+0.4*r.Float64()), float64(s.width)*(0.3+0.4*r.Float64())
	for c := range 3 {
		s.front[c], s.back[c], s.lightness[c] = 120+135*r.Float64(), 100*r.Float64(), 80*(r.Float64()-0.5)
	}
	return s
}

// JPEG returns a picture of a class.
func JPEG(class, number int) ([]byte, error) {
	if class < 0 || class >= len(patterns) || number < 0 {
		return nil, fmt.Errorf("there is no picture %d of class %d: expected one of %d classes", number, class, len(patterns))
	}
	r := rand.New(rand.NewPCG(uint64(class), uint64(number)))
	s := draw(r)
	m := image.NewRGBA(image.Rect(0, 0, s.width, s.height))
	sin, cos := math.Sincos(s.angle)
	for y := range s.height {
		for x := range s.width {
			u, v := (float64(x)-s.left)/s.size, (float64(y)-s.top)/s.size
			t := patterns[class].at(u*cos-v*sin, u*sin+v*cos)
			m.SetRGBA(x, y, s.colour(r, t, float64(y)/float64(s.height)))
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90})
	return b.Bytes(), err
}

// colour mixes front and back, with light from above and noise.
func (s scene) colour(r *rand.Rand, t, down float64) color.RGBA {
	var rgb [3]byte
	for c := range rgb {
		v := s.back[c] + t*(s.front[c]-s.back[c]) + s.lightness[c]*down + 12*r.NormFloat64()
		rgb[c] = byte(max(0, min(255, v)))
	}
	return color.RGBA{rgb[0], rgb[1], rgb[2], 255}
}
