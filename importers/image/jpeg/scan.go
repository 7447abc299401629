package jpeg

// scan is one pass over the blocks of some components.
type scan struct {
	bits
	d          *decoder
	components []*component
	dc, ac     [4]*huffman // by place in components
	first      int         // band of coefficients, in the file's order
	last       int
	high, low  int // successive approximation: lowest bit known before and after
	previous   [4]int
	emptyRun   int // blocks that follow without further coefficients
	current    [64]int16
}

// maxBlocks is the most blocks that a minimal coded unit of several components holds (ITU T.81, B.2.3).
const maxBlocks = 10

// readScan reads a scan header and the compressed data after it.
func (d *decoder) readScan(body []byte, start int) error {
	s, err := d.newScan(body, start)
	if err != nil {
		return err
	}
	decode := s.sequentialBlock
	if d.progressive {
		if err := s.checkProgression(start); err != nil {
			return err
		}
		decode = s.progressiveBlock()
	}
	if err := s.checkTables(start); err != nil {
		return err
	}
	if err := s.run(decode); err != nil {
		return err
	}
	d.at = s.at
	return nil
}

func (d *decoder) newScan(body []byte, start int) (*scan, error) {
	if d.components == nil {
		return nil, errorf(start, "a scan comes before the frame header")
	}
	if len(body) < 1 || body[0] < 1 || body[0] > 4 || len(body) != 4+2*int(body[0]) {
		return nil, errorf(start, "bad length of the scan header")
	}
	s := &scan{d: d, bits: bits{data: d.data, at: d.at}}
	n := int(body[0])
	for i := range n {
		c, err := d.join(s, body[1+2*i], start)
		if err != nil {
			return nil, err
		}
		s.components = append(s.components, c)
		if dc, ac := body[2+2*i]>>4, body[2+2*i]&15; dc > 3 || ac > 3 {
			return nil, errorf(start, "component %d takes the Huffman tables %d and %d; expected 0 to 3", c.id, dc, ac)
		} else {
			s.dc[i], s.ac[i] = d.dc[dc], d.ac[ac]
		}
	}
	tail := body[1+2*n:]
	s.first, s.last, s.high, s.low = int(tail[0]), int(tail[1]), int(tail[2]>>4), int(tail[2]&15)
	return s, s.checkBlocks(start)
}

// join finds a component of the scan and fixes its quantisation table, which later segments may redefine.
func (d *decoder) join(s *scan, id byte, start int) (*component, error) {
	for _, c := range d.components {
		if c.id != id {
			continue
		}
		for _, other := range s.components {
			if other == c {
				return nil, errorf(start, "component %d is twice in one scan", id)
			}
		}
		if c.scanned && !d.progressive {
			return nil, errorf(start, "component %d has two scans", id)
		}
		if c.table == nil {
			if c.table = d.quantisers[c.quantiser]; c.table == nil {
				return nil, errorf(start, "component %d needs the quantisation table %d, which is not defined", id, c.quantiser)
			}
			c.inverse = newInverse(c.size, d.options.Transform, c.table)
		}
		c.scanned = true
		return c, nil
	}
	return nil, errorf(start, "the scan names a component %d that the frame does not have", id)
}

func (s *scan) checkBlocks(start int) error {
	blocks := 0
	for _, c := range s.components {
		blocks += c.h * c.v
	}
	if len(s.components) > 1 && blocks > maxBlocks {
		return errorf(start, "a unit of the scan has %d blocks; expected at most %d", blocks, maxBlocks)
	}
	return nil
}

// checkTables wants the Huffman tables that the scan will read.
func (s *scan) checkTables(start int) error {
	needDC := !s.d.progressive || s.first == 0 && s.high == 0
	needAC := !s.d.progressive || s.first > 0
	for i, c := range s.components {
		if needDC && s.dc[i] == nil || needAC && s.ac[i] == nil {
			return errorf(start, "component %d needs a Huffman table that is not defined", c.id)
		}
	}
	return nil
}

// blockFunc decodes block number (column, row) of component i.
type blockFunc func(i, column, row int)

// run goes through the minimal coded units: single blocks of a lone component, or h x v blocks of each of several.
func (s *scan) run(decode blockFunc) error {
	wide, high := divUp(s.d.width, 8*s.d.maxH), divUp(s.d.height, 8*s.d.maxV)
	alone := len(s.components) == 1
	if alone {
		wide, high = s.components[0].blocksWide, s.components[0].blocksHigh
	}
	for unit := range wide * high {
		if s.d.restart > 0 && unit > 0 && unit%s.d.restart == 0 {
			s.passRestart(unit/s.d.restart - 1)
		}
		if column, row := unit%wide, unit/wide; alone {
			decode(0, column, row)
		} else {
			s.unit(decode, column, row)
		}
		if s.err != nil {
			return s.err
		}
	}
	return nil
}

func (s *scan) unit(decode blockFunc, column, row int) {
	for i, c := range s.components {
		for y := range c.v {
			for x := range c.h {
				decode(i, column*c.h+x, row*c.v+y)
			}
		}
	}
}

// passRestart reads the n-th restart marker of the scan.
func (s *scan) passRestart(n int) {
	at := s.at
	want := byte(markRST0 + n%8)
	found, ok := s.restart()
	switch {
	case s.err != nil:
	case !ok:
		s.err = errorf(at, "expected the restart marker FF %02X, the file ends", want)
	case found != want:
		s.err = errorf(at, "expected the restart marker FF %02X, found FF %02X", want, found)
	}
	s.previous, s.emptyRun = [4]int{}, 0
}

// sequentialBlock decodes a whole block and transforms it (ITU T.81, F.2.2).
func (s *scan) sequentialBlock(i, column, row int) {
	block := &s.current
	*block = [64]int16{}
	s.previous[i] += s.signed(s.symbol(s.dc[i]))
	block[0] = int16(s.previous[i])
	for k := 1; k < 64; k++ {
		run, size := s.runAndSize(s.ac[i])
		if size == 0 {
			if run != 15 {
				break
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			s.fail("coefficients run past their block")
			return
		}
		block[zigzag[k]] = int16(s.signed(size))
	}
	c := s.components[i]
	c.inverse(block, c.at(column, row), c.stride*c.size)
}

func (s *scan) runAndSize(h *huffman) (run, size int) {
	v := s.symbol(h)
	return v >> 4, v & 15
}

// at returns the samples from a block's first one on.
func (c *component) at(column, row int) []byte {
	return c.samples[(row*c.stride*c.size+column)*c.size:]
}
