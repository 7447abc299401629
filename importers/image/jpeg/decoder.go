package jpeg

// decoder is the state of reading one file.
type decoder struct {
	data       []byte
	at         int // offset of the next byte
	options    Options
	headerOnly bool

	quantisers [4]*[64]uint16 // row by row
	dc, ac     [4]*huffman
	restart    int // minimal coded units between restart markers, 0 for none

	jfif, adobe    bool
	adobeTransform byte

	progressive   bool
	width, height int
	maxH, maxV    int // largest sampling factors
	components    []*component
}

// The markers that are told apart (ITU T.81, table B.1).
const (
	markSOF0  = 0xc0 // baseline
	markSOF1  = 0xc1 // extended sequential
	markSOF2  = 0xc2 // progressive
	markDHT   = 0xc4
	markSOF15 = 0xcf
	markJPG   = 0xc8
	markDAC   = 0xcc
	markRST0  = 0xd0
	markRST7  = 0xd7
	markSOI   = 0xd8
	markEOI   = 0xd9
	markSOS   = 0xda
	markDQT   = 0xdb
	markDRI   = 0xdd
	markAPP0  = 0xe0
	markAPP14 = 0xee
	markTEM   = 0x01
)

// read goes through the segments of the file until the picture is complete.
func (d *decoder) read() error {
	if len(d.data) < 2 || d.data[0] != 0xff || d.data[1] != markSOI {
		return errorf(0, "expected the start of a JPEG file, FF D8")
	}
	d.at = 2
	for {
		marker, err := d.nextMarker()
		if err != nil {
			return err
		}
		if marker == markEOI {
			return d.checkComplete()
		}
		if marker == markTEM || marker >= markRST0 && marker <= markRST7 {
			continue
		}
		if err := d.segment(marker); err != nil {
			return err
		}
		if d.headerOnly && d.components != nil || d.sequentialDone() {
			return nil
		}
	}
}

// nextMarker looks for the next FF xx, where xx is neither a filling FF nor a stuffed 00. A file that ends instead is
// taken to end here, as libjpeg does; whether the picture is complete shows then.
func (d *decoder) nextMarker() (byte, error) {
	for d.at+1 < len(d.data) {
		if d.data[d.at] != 0xff || d.data[d.at+1] == 0 {
			d.at++
			continue
		}
		d.at++
		if m := d.data[d.at]; m != 0xff {
			d.at++
			return m, nil
		}
	}
	if d.components == nil {
		return 0, errorf(len(d.data), "the file ends before its frame header")
	}
	return markEOI, nil
}

// segment reads what follows a marker that has a length.
func (d *decoder) segment(marker byte) error {
	start := d.at - 2
	if d.at+2 > len(d.data) {
		return errorf(start, "the segment FF %02X is cut off", marker)
	}
	length := int(d.data[d.at])<<8 | int(d.data[d.at+1])
	if length < 2 || d.at+length > len(d.data) {
		return errorf(start, "the segment FF %02X claims %d bytes, the file has %d left", marker, length, len(d.data)-d.at)
	}
	body := d.data[d.at+2 : d.at+length]
	d.at += length
	switch marker {
	case markDQT:
		return d.readQuantisers(body, start)
	case markDHT:
		return d.readHuffman(body, start)
	case markDRI:
		return d.readRestart(body, start)
	case markSOS:
		return d.readScan(body, start)
	case markAPP0:
		d.jfif = d.jfif || len(body) >= 12 && string(body[:5]) == "JFIF\x00"
		return nil
	case markAPP14:
		if len(body) >= 12 && string(body[:5]) == "Adobe" {
			d.adobe, d.adobeTransform = true, body[11]
		}
		return nil
	}
	if marker >= markSOF0 && marker <= markSOF15 && marker != markJPG && marker != markDAC {
		return d.readFrame(marker, body, start)
	}
	return nil
}

func (d *decoder) readQuantisers(body []byte, start int) error {
	for len(body) > 0 {
		precision, to := body[0]>>4, body[0]&15
		size := 64
		if precision == 1 {
			size = 128
		}
		if precision > 1 || to > 3 || len(body) < 1+size {
			return errorf(start, "bad quantisation table")
		}
		table := new([64]uint16)
		for i, position := range zigzag {
			if precision == 1 {
				table[position] = uint16(body[1+2*i])<<8 | uint16(body[2+2*i])
			} else {
				table[position] = uint16(body[1+i])
			}
		}
		d.quantisers[to] = table
		body = body[1+size:]
	}
	return nil
}

func (d *decoder) readRestart(body []byte, start int) error {
	if len(body) != 2 {
		return errorf(start, "bad restart interval")
	}
	d.restart = int(body[0])<<8 | int(body[1])
	return nil
}

// sequentialDone says that each component of a sequential file had its scan. Nothing that follows could change pixels.
func (d *decoder) sequentialDone() bool {
	if d.progressive || d.components == nil {
		return false
	}
	for _, c := range d.components {
		if !c.scanned {
			return false
		}
	}
	return true
}

// smoothed is how many coefficients libjpeg estimates from neighbouring blocks when a progressive file stops before
// they are exact. How it does so changed with version 2.1; such files are refused.
const smoothed = 10

func (d *decoder) checkComplete() error {
	if d.components == nil {
		return errorf(d.at, "the file has no frame")
	}
	for _, c := range d.components {
		if !c.scanned {
			return errorf(d.at, "the file ends before the data of component %d", c.id)
		}
		if !d.progressive {
			continue
		}
		for k := 1; k < smoothed; k++ {
			if c.known[k] != 0 {
				return errorf(d.at, "the progressive file ends at a coarse version (component %d, coefficient %d): decoders guess the rest differently", c.id, k)
			}
		}
	}
	return nil
}

// zigzag lists the positions of coefficients, row by row, in the order of the file.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}
