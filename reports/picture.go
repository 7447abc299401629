package reports

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"

	"parity/parity"
)

// level puts a ratio between 0 and 1 for colours and bars: 1e-6 and less of the bound at 0, the bound itself at 1/2, a million
// times the bound and whatever is no number at 1.
func level(ratio parity.Number) float64 {
	v := float64(ratio)
	switch {
	case math.IsNaN(v):
		return 1
	case v <= 0:
		return 0
	}
	return min(max((math.Log10(v)+6)/12, 0), 1)
}

// heat is the colour of a level: white over blue to black at the bound's half, then red to yellow. Lightness tells the side of
// the bound as well as the hue does.
func heat(l float64) color.NRGBA {
	mix := func(a, b, t float64) uint8 { return uint8(a + (b-a)*t + 0.5) }
	if l <= 0.5 {
		t := l * 2
		return color.NRGBA{mix(238, 30, t), mix(242, 60, t), mix(248, 110, t), 255}
	}
	t := l*2 - 1
	return color.NRGBA{mix(170, 255, t), mix(20, 214, t), mix(20, 64, t), 255}
}

// heatMap draws a profile's cells as a PNG in a data URI, a pixel a cell; empty where there is no map.
func heatMap(p *parity.Profile) template.URL {
	if p == nil || len(p.Cells) != p.Rows*p.Columns || len(p.Cells) == 0 {
		return ""
	}
	m := image.NewNRGBA(image.Rect(0, 0, p.Columns, p.Rows))
	for i, r := range p.Cells {
		m.SetNRGBA(i%p.Columns, i/p.Columns, heat(level(r)))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil { // a buffer takes everything
		return ""
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
}

// Size of the profile of channels, in the units of its view box.
const (
	barsWidth  = 600
	barsHeight = 60
)

// channelBars is the outline of a bar a channel, as the path of an SVG of barsWidth x barsHeight; a bar over half the height is
// over the bound.
func channelBars(p *parity.Profile) string {
	if p == nil || len(p.Channels) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "M0 %d", barsHeight)
	last := -1.0
	for i, r := range p.Channels {
		if y := math.Round(barsHeight * (1 - level(r))); y != last {
			fmt.Fprintf(&b, "H%.4gV%g", float64(i)*barsWidth/float64(len(p.Channels)), y)
			last = y
		}
	}
	fmt.Fprintf(&b, "H%dV%dZ", barsWidth, barsHeight)
	return b.String()
}

// bar is one bin of a histogram, with its height in percent of the highest.
type bar struct {
	Label  string
	Count  int
	Height float64
	Over   bool // beyond the bound
}

// histogram scales the bins by the logarithm of their counts: one element in a million must be seen.
func histogram(p *parity.Profile) []bar {
	if p == nil {
		return nil
	}
	most := 0
	for _, b := range p.Histogram {
		most = max(most, b.Count)
	}
	var bars []bar
	for _, b := range p.Histogram {
		bars = append(bars, bar{
			Label: binLabel(b.UpTo), Count: b.Count, Over: !b.UpTo.Within(),
			Height: math.Round(100 * math.Log1p(float64(b.Count)) / math.Log1p(float64(most))),
		})
	}
	return bars
}

func binLabel(upTo parity.Number) string {
	switch v := float64(upTo); {
	case v == 0:
		return "equal"
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "more"
	case v >= 1e-2 && v <= 1e3:
		return fmt.Sprintf("≤ %g", v)
	default:
		return fmt.Sprintf("≤ 1e%.0f", math.Log10(v))
	}
}
