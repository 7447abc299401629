package jpeg

// component is one plane of the picture.
type component struct {
	id   byte
	h, v int // sampling factors

	quantiser     byte
	table         *[64]uint16 // latched at the component's first scan
	width, height int         // in samples after the transform
	blocksWide    int         // blocks that hold samples
	blocksHigh    int
	stride        int // blocks a row with those that fill up the last minimal coded unit
	rows          int
	size          int // samples a side that the transform makes of a block: 8, 4, 2 or 1

	samples      []byte  // rows*size x stride*size
	coefficients []int16 // progressive: rows x stride x 64
	known        [64]int // progressive: lowest bit of each coefficient that was read, -1 for none; in the file's order
	scanned      bool
	inverse      inverse
}

// maxSide is the largest side that libjpeg takes.
const maxSide = 65500

// readFrame reads a frame header (ITU T.81, B.2.2).
func (d *decoder) readFrame(marker byte, body []byte, start int) error {
	if err := checkFrame(marker, body, start); err != nil {
		return err
	}
	if d.components != nil {
		return errorf(start, "the file has two frames")
	}
	d.progressive = marker == markSOF2
	d.height, d.width = int(body[1])<<8|int(body[2]), int(body[3])<<8|int(body[4])
	if d.width == 0 || d.height == 0 || d.width > maxSide || d.height > maxSide {
		return errorf(start, "the picture is %dx%d; expected 1 to %d a side", d.height, d.width, maxSide)
	}
	components, err := readComponents(body[6:], start)
	if err != nil {
		return err
	}
	for _, c := range components {
		d.maxH, d.maxV = max(d.maxH, c.h), max(d.maxV, c.v)
	}
	d.components = components
	return d.layOut(start)
}

// checkFrame refuses what is not an 8-bit sequential or progressive frame with Huffman codes.
func checkFrame(marker byte, body []byte, start int) error {
	switch {
	case marker > markJPG:
		return errorf(start, "arithmetic codes are not read (FF %02X); save the picture with Huffman codes", marker)
	case marker > markSOF2:
		return errorf(start, "lossless and hierarchical frames are not read (FF %02X); save the picture as baseline JPEG", marker)
	case len(body) < 6 || len(body) != 6+3*int(body[5]):
		return errorf(start, "bad length of the frame header")
	case body[0] != 8:
		return errorf(start, "%d bits a sample are not read; expected 8", body[0])
	case body[5] != 1 && body[5] != 3 && body[5] != 4:
		return errorf(start, "expected 1, 3 or 4 components, found %d", body[5])
	}
	return nil
}

func readComponents(body []byte, start int) ([]*component, error) {
	var list []*component
	for ; len(body) > 0; body = body[3:] {
		c := &component{id: body[0], h: int(body[1] >> 4), v: int(body[1] & 15), quantiser: body[2]}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quantiser > 3 {
			return nil, errorf(start, "component %d has sampling %dx%d and quantiser %d; expected 1 to 4 and 0 to 3", c.id, c.h, c.v, c.quantiser)
		}
		for _, other := range list {
			if other.id == c.id {
				return nil, errorf(start, "two components are called %d", c.id)
			}
		}
		for i := range c.known {
			c.known[i] = -1
		}
		list = append(list, c)
	}
	return list, nil
}

// layOut computes the sizes of the planes and allocates them. Every block takes at least a bit of the file: a few
// bytes must not claim a picture that fills the memory.
func (d *decoder) layOut(start int) error {
	blocks := 0
	for _, c := range d.components {
		c.blocksWide = divUp(d.width*c.h, 8*d.maxH)
		c.blocksHigh = divUp(d.height*c.v, 8*d.maxV)
		c.stride = divUp(d.width, 8*d.maxH) * c.h
		c.rows = divUp(d.height, 8*d.maxV) * c.v
		blocks += c.blocksWide * c.blocksHigh
	}
	if d.headerOnly {
		return nil
	}
	if left := len(d.data) - d.at; blocks > 8*left {
		return errorf(start, "the picture claims %dx%d pixels; the %d bytes left of the file cannot hold so many", d.height, d.width, left)
	}
	for _, c := range d.components {
		c.size = d.scaledSize(c)
		if d.maxH*8/d.options.Ratio%(c.h*c.size) != 0 || d.maxV*8/d.options.Ratio%(c.v*c.size) != 0 {
			return errorf(start, "component %d has %dx%d of %dx%d samples: libjpeg has no upsampling by fractions", c.id, c.h, c.v, d.maxH, d.maxV)
		}
		c.width = divUp(d.width*c.h*c.size, 8*d.maxH)
		c.height = divUp(d.height*c.v*c.size, 8*d.maxV)
		c.samples = make([]byte, c.rows*c.size*c.stride*c.size)
		if d.progressive {
			c.coefficients = make([]int16, c.rows*c.stride*64)
		}
	}
	return nil
}

// scaledSize is 8 by the ratio. Where a plane is to be enlarged afterwards, libjpeg takes a larger transform instead.
func (d *decoder) scaledSize(c *component) int {
	least := 8 / d.options.Ratio
	size := least
	for size < 8 && d.maxH*least%(c.h*size*2) == 0 && d.maxV*least%(c.v*size*2) == 0 {
		size *= 2
	}
	return size
}

func divUp(a, b int) int { return (a + b - 1) / b }
