package jpeg

// checkProgression wants each scan to go on where those before it ended. libjpeg only warns, and shows a picture that
// the file's author did not mean.
func (s *scan) checkProgression(start int) error {
	direct := s.first == 0
	if s.first > s.last || s.last > 63 || direct && s.last > 0 || !direct && len(s.components) > 1 ||
		s.low > 13 || s.high != 0 && s.low != s.high-1 {
		return errorf(start, "impossible progressive scan: coefficients %d to %d, bits %d to %d, %d components",
			s.first, s.last, s.high, s.low, len(s.components))
	}
	for _, c := range s.components {
		if !direct && c.known[0] < 0 {
			return errorf(start, "a scan of component %d comes before its first coefficients", c.id)
		}
		for k := s.first; k <= s.last; k++ {
			if s.high == 0 && c.known[k] >= 0 || s.high > 0 && c.known[k] != s.high {
				return errorf(start, "the scan refines coefficient %d of component %d from bit %d, which is known to bit %d", k, c.id, s.high, c.known[k])
			}
			c.known[k] = s.low
		}
	}
	return nil
}

// progressiveBlock chooses the decoder of the scan's blocks (ITU T.81, G.1.2).
func (s *scan) progressiveBlock() blockFunc {
	decode := s.refineBand
	switch {
	case s.first == 0 && s.high == 0:
		return s.firstDirect
	case s.first == 0:
		return s.refineDirect
	case s.high == 0:
		decode = s.firstBand
	}
	return func(_, column, row int) { decode(s.components[0].block(column, row)) }
}

// block returns a block's coefficients, row by row.
func (c *component) block(column, row int) *[64]int16 {
	return (*[64]int16)(c.coefficients[(row*c.stride+column)*64:])
}

func (s *scan) firstDirect(i, column, row int) {
	s.previous[i] += s.signed(s.symbol(s.dc[i]))
	s.components[i].block(column, row)[0] = int16(s.previous[i] << s.low)
}

func (s *scan) refineDirect(i, column, row int) {
	s.components[i].block(column, row)[0] |= int16(s.take(1) << s.low)
}

func (s *scan) firstBand(block *[64]int16) {
	if s.emptyRun > 0 {
		s.emptyRun--
		return
	}
	for k := s.first; k <= s.last; k++ {
		run, size := s.runAndSize(s.ac[0])
		switch {
		case size > 0:
			if k += run; k > s.last {
				s.fail("coefficients run past their band")
				return
			}
			block[zigzag[k]] = int16(s.signed(size) << s.low)
		case run == 15:
			k += 15
		default:
			s.emptyRun = s.runLength(run) - 1
			return
		}
	}
}

// runLength reads how many blocks have no further coefficients, this one among them.
func (s *scan) runLength(size int) int { return 1<<size + s.take(size) }

// refineBand reads a further bit of each coefficient that is not zero and the new ones between them.
func (s *scan) refineBand(block *[64]int16) {
	k := s.first
	for s.emptyRun == 0 && k <= s.last {
		run, size := s.runAndSize(s.ac[0])
		if size == 0 && run < 15 {
			s.emptyRun = s.runLength(run)
			break
		}
		if size > 1 {
			s.fail("a new coefficient has more than one bit")
			return
		}
		var value int16
		if size == 1 {
			value = int16((2*s.take(1) - 1) << s.low)
		}
		k = s.refineUpTo(block, k, run)
		if value != 0 && s.err == nil {
			if k > s.last {
				s.fail("coefficients run past their band")
				return
			}
			block[zigzag[k]] = value
		}
		k++
	}
	if s.emptyRun > 0 {
		s.refineUpTo(block, k, 64)
		s.emptyRun--
	}
}

// refineUpTo refines coefficients from k on, passes over zeros and stops at the next zero after them.
func (s *scan) refineUpTo(block *[64]int16, k, zeros int) int {
	for ; k <= s.last; k++ {
		v := &block[zigzag[k]]
		if *v == 0 {
			if zeros == 0 {
				return k
			}
			zeros--
		} else if s.take(1) == 1 {
			*v += sign(*v) << s.low
		}
	}
	return k
}

func sign(v int16) int16 {
	if v < 0 {
		return -1
	}
	return 1
}
