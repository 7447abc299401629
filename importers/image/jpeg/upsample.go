package jpeg

// upsampler computes a row of the picture from a component's samples.
type upsampler func(y int, to []byte) []byte

// upsampler chooses as libjpeg's jdsample: planes of half the width, height or both are enlarged with a triangle filter
// (3/4 of the nearer and 1/4 of the further sample) unless they are too narrow or Plain is asked for; all others by
// repetition.
func (d *decoder) upsampler(c *component) upsampler {
	wide := d.maxH * 8 / d.options.Ratio / (c.h * c.size)
	high := d.maxV * 8 / d.options.Ratio / (c.v * c.size)
	// libjpeg keeps no neighbouring rows when blocks become single samples.
	fancy := !d.options.Plain && d.options.Ratio < 8
	switch {
	case wide == 1 && high == 1:
		return func(y int, _ []byte) []byte { return c.row(y) }
	case wide == 2 && high == 1 && fancy && c.width > 2:
		return c.fancyWide
	case wide == 1 && high == 2 && fancy:
		return c.fancyHigh
	case wide == 2 && high == 2 && fancy && c.width > 2:
		return c.fancyBoth
	}
	return func(y int, to []byte) []byte { return repeat(c.row(y/high), to, wide) }
}

// row returns a row of samples; past the borders the first and the last row stand.
func (c *component) row(y int) []byte {
	y = max(0, min(y, c.height-1))
	return c.samples[y*c.stride*c.size:][:c.width]
}

func repeat(from, to []byte, times int) []byte {
	for x := range to {
		to[x] = from[x/times]
	}
	return to
}

// Halves are rounded down and up in turn, a little dither.
func (c *component) fancyWide(y int, to []byte) []byte {
	row := c.row(y)
	last := len(row) - 1
	for x, v := range row {
		near := 3 * int(v)
		put(to, 2*x, (near+int(row[max(x-1, 0)])+1)>>2)
		put(to, 2*x+1, (near+int(row[min(x+1, last)])+2)>>2)
	}
	return to
}

// put writes a sample; an odd width leaves no place for the last one.
func put(to []byte, x, v int) {
	if x < len(to) {
		to[x] = byte(v)
	}
}

// nearAndFar returns the two rows of samples around a row of twice as many.
func (c *component) nearAndFar(y int) (near, far []byte) {
	return c.row(y / 2), c.row(y/2 - 1 + y%2*2)
}

func (c *component) fancyHigh(y int, to []byte) []byte {
	near, far := c.nearAndFar(y)
	for x := range to {
		to[x] = byte((3*int(near[x]) + int(far[x]) + 1 + y%2) >> 2)
	}
	return to
}

func (c *component) fancyBoth(y int, to []byte) []byte {
	near, far := c.nearAndFar(y)
	sum := func(x int) int { return 3*int(near[x]) + int(far[x]) }
	last := len(near) - 1
	before, here := sum(0), sum(0)
	for x := range near {
		after := sum(min(x+1, last))
		put(to, 2*x, (3*here+before+8)>>4)
		put(to, 2*x+1, (3*here+after+7)>>4)
		before, here = here, after
	}
	return to
}
