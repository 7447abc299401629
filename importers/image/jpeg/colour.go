package jpeg

import (
	"runtime"

	"parity/googlenet/parallel"
)

// colourFunc turns a row of each component into pixels.
type colourFunc func(to []byte, rows [][]byte)

// picture enlarges the planes and converts the colours, row by row.
func (d *decoder) picture() (*Picture, error) {
	p := &Picture{Width: divUp(d.width, d.options.Ratio), Height: divUp(d.height, d.options.Ratio), Inverted: len(d.components) == 4 && d.adobe}
	convert, used, err := d.conversion(p)
	if err != nil {
		return nil, err
	}
	p.Pixels = make([]byte, p.Height*p.Width*p.Channels)
	upsamplers := make([]upsampler, used)
	for i := range upsamplers {
		upsamplers[i] = d.upsampler(d.components[i])
	}
	const rowsAtOnce = 8
	parallel.Ranges(runtime.GOMAXPROCS(0), p.Height, rowsAtOnce, func(lo, hi int) {
		buffer := make([]byte, used*p.Width)
		rows := make([][]byte, used)
		for y := lo; y < hi; y++ {
			for i, up := range upsamplers {
				rows[i] = up(y, buffer[i*p.Width:][:p.Width])
			}
			convert(p.Pixels[y*p.Width*p.Channels:][:p.Width*p.Channels], rows)
		}
	})
	return p, nil
}

// conversion chooses the arithmetic, sets the number of channels and tells how many components it needs.
func (d *decoder) conversion(p *Picture) (colourFunc, int, error) {
	stored := len(d.components)
	p.Channels = stored
	if d.options.Colours == Grey {
		p.Channels = 1
	}
	luma := d.lumaFirst()
	switch {
	case stored == 4 && p.Channels == 1:
		return nil, 0, errorf(len(d.data), "libjpeg does not turn CMYK into grey")
	case stored == 4 && luma:
		return cmykFromYCCK, 4, nil
	case stored == 3 && luma && p.Channels == 3:
		return rgbFromYCC, 3, nil
	case stored == 3 && !luma && p.Channels == 1:
		return greyFromRGB, 3, nil
	}
	return interleave, p.Channels, nil
}

// lumaFirst tells whether the first component is the lightness, as libjpeg guesses from the markers: a JFIF file always
// is YCbCr; Adobe's marker says; then the components' names.
func (d *decoder) lumaFirst() bool {
	named := func(i int, id byte) bool { return d.components[i].id == id }
	switch {
	case len(d.components) == 4:
		return d.adobe && d.adobeTransform != 0
	case len(d.components) == 1 || d.jfif:
		return true
	case d.adobe:
		return d.adobeTransform != 0
	}
	return !(named(0, 'R') && named(1, 'G') && named(2, 'B'))
}

func interleave(to []byte, rows [][]byte) {
	for i, row := range rows {
		for x := i; x < len(to); x += len(rows) {
			to[x] = row[x/len(rows)]
		}
	}
}

// Fractions of the conversions, in 2^-16.
const (
	half      = 1 << 15
	redOfCr   = 91881  // 1.402
	blueOfCb  = 116130 // 1.772
	greenOfCb = 22554  // 0.34414
	greenOfCr = 46802  // 0.71414
	greyOfR   = 19595  // 0.299
	greyOfG   = 38470  // 0.587
	greyOfB   = 7471   // 0.114
)

// rgb is the conversion of JFIF.
func rgb(y, cb, cr byte) (r, g, b byte) {
	l, u, v := int(y), int(cb)-128, int(cr)-128
	return limit(l + (redOfCr*v+half)>>16), limit(l + (-greenOfCb*u-greenOfCr*v+half)>>16), limit(l + (blueOfCb*u+half)>>16)
}

func limit(v int) byte { return byte(max(0, min(255, v))) }

func rgbFromYCC(to []byte, rows [][]byte) {
	for x, y := range rows[0] {
		to[3*x], to[3*x+1], to[3*x+2] = rgb(y, rows[1][x], rows[2][x])
	}
}

// cmykFromYCCK takes YCbCr for the complement of CMY; black is stored as it is.
func cmykFromYCCK(to []byte, rows [][]byte) {
	for x, y := range rows[0] {
		r, g, b := rgb(y, rows[1][x], rows[2][x])
		to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = 255-r, 255-g, 255-b, rows[3][x]
	}
}

func greyFromRGB(to []byte, rows [][]byte) {
	for x, r := range rows[0] {
		to[x] = byte((greyOfR*int(r) + greyOfG*int(rows[1][x]) + greyOfB*int(rows[2][x]) + half) >> 16)
	}
}

// RGB converts the picture to three channels. CMYK is converted as TensorFlow does, without a colour profile: ink
// removes light in proportion, and fractions are cut off.
func (p *Picture) RGB() []byte {
	if p.Channels == 3 {
		return p.Pixels
	}
	out := make([]byte, 0, 3*p.Width*p.Height)
	for i := 0; i < len(p.Pixels); i += p.Channels {
		if p.Channels == 1 {
			out = append(out, p.Pixels[i], p.Pixels[i], p.Pixels[i])
			continue
		}
		var light [4]int
		for c, v := range p.Pixels[i : i+4] {
			light[c] = int(v)
			if !p.Inverted {
				light[c] = 255 - int(v)
			}
		}
		for _, v := range light[:3] {
			out = append(out, byte(v*light[3]/255))
		}
	}
	return out
}
