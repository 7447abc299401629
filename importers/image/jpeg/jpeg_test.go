package jpeg

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPixelsAreLibjpegs compares with hashes of what djpeg of libjpeg-turbo 2.1.5, and for CMYK Pillow 13 with
// libjpeg-turbo 3.2, made of the files: name, transform, upsampling, ratio, colours, size, hash.
func TestPixelsAreLibjpegs(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(readFile(t, "expected.txt"))), "\n")
	if len(lines) < 30 {
		t.Fatalf("%d expectations", len(lines))
	}
	for _, line := range lines {
		var name, transform, upsampling, colours, size, want string
		var o Options
		if _, err := fmt.Sscan(line, &name, &transform, &upsampling, &o.Ratio, &colours, &size, &want); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if transform == "fast" {
			o.Transform = Fast
		}
		o.Plain = upsampling == "plain"
		if colours == "grey" {
			o.Colours = Grey
		}
		p, err := Decode(readFile(t, name), o)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if got := fmt.Sprintf("%dx%dx%d", p.Height, p.Width, p.Channels); got != size {
			t.Errorf("%s: the size is %s", line, got)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(p.Pixels)); got[:len(want)] != want {
			t.Errorf("%s: the pixels differ", line)
		}
	}
}

func TestDecodeConfig(t *testing.T) {
	got, err := DecodeConfig(readFile(t, "420.jpg"))
	if want := (Config{35, 19, 3}); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// TestRGB: grey is repeated; ink takes light away in proportion, cut off to whole levels.
func TestRGB(t *testing.T) {
	for _, tt := range []struct {
		p    Picture
		want []byte
	}{
		{Picture{1, 1, 1, []byte{7}, false}, []byte{7, 7, 7}},
		{Picture{1, 1, 3, []byte{1, 2, 3}, false}, []byte{1, 2, 3}},
		{Picture{1, 1, 4, []byte{255, 100, 0, 128}, true}, []byte{128, 50, 0}},
		{Picture{1, 1, 4, []byte{0, 155, 255, 127}, false}, []byte{128, 50, 0}},
	} {
		if got := tt.p.RGB(); !bytes.Equal(got, tt.want) {
			t.Errorf("%v: got %v, want %v", tt.p, got, tt.want)
		}
	}
}

// changed returns a file with bytes replaced at the first place where a pattern stands.
func changed(t *testing.T, name, pattern string, at int, replacement string) []byte {
	t.Helper()
	data := bytes.Clone(readFile(t, name))
	i := bytes.Index(data, []byte(pattern))
	if i < 0 {
		t.Fatalf("%s: no % x", name, pattern)
	}
	copy(data[i+at:], replacement)
	return data
}

func TestDecodeRefuses(t *testing.T) {
	valid := readFile(t, "420.jpg")
	progressive := readFile(t, "progressive_420.jpg")
	lastScan := bytes.LastIndex(progressive, []byte("\xff\xda"))
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "offset 0: expected the start of a JPEG file"},
		{"only a start", []byte("\xff\xd8"), "the file ends before its frame header"},
		{"no picture", []byte("\xff\xd8\xff\xd9"), "the file has no frame"},
		{"segment cut off", valid[:10], "claims 16 bytes, the file has 6 left"},
		{"data cut off", valid[:len(valid)-9], "the compressed data ends early"},
		{"a scan is missing", append(bytes.Clone(progressive[:lastScan]), 0xff, 0xd9), "ends at a coarse version (component"},
		{"arithmetic codes", changed(t, "420.jpg", "\xff\xc0", 1, "\xc9"), "offset 158: arithmetic codes are not read (FF C9); save the picture with Huffman codes"},
		{"lossless", changed(t, "420.jpg", "\xff\xc0", 1, "\xc3"), "lossless and hierarchical frames are not read"},
		{"12 bits", changed(t, "420.jpg", "\xff\xc0", 4, "\x0c"), "12 bits a sample are not read"},
		{"no height", changed(t, "420.jpg", "\xff\xc0", 5, "\x00\x00"), "the picture is 0x35"},
		{"65535 wide", changed(t, "420.jpg", "\xff\xc0", 7, "\xff\xff"), "the picture is 19x65535; expected 1 to 65500 a side"},
		{"too large for the file", changed(t, "420.jpg", "\xff\xc0", 5, "\x40\x00\x40\x00"), "cannot hold so many"},
		{"fractions", changed(t, "420.jpg", "\xff\xc0", 11, "\x32\x00\x02\x22"), "libjpeg has no upsampling by fractions"},
		{"same names", changed(t, "420.jpg", "\xff\xc0", 13, "\x01"), "two components are called 1"},
		{"no quantiser", changed(t, "420.jpg", "\xff\xc0", 12, "\x03"), "needs the quantisation table 3, which is not defined"},
		{"unknown component", changed(t, "420.jpg", "\xff\xda", 5, "\x09"), "the scan names a component 9"},
		{"no Huffman table", changed(t, "420.jpg", "\xff\xda", 6, "\x22"), "needs a Huffman table that is not defined"},
		{"wrong restart", changed(t, "restart.jpg", "\xff\xd0", 1, "\xd3"), "expected the restart marker FF D0, found FF D3"},
		{"impossible lengths", changed(t, "420.jpg", "\xff\xc4", 5, "\x03"), "bad Huffman table"},
		{"impossible scan", changed(t, "progressive_420.jpg", "\xff\xda", 11, "\x01\x3f"), "impossible progressive scan"},
	} {
		_, err := Decode(tt.data, Options{})
		var place *Error
		if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.As(err, &place) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := Decode(valid, Options{Ratio: 3}); err == nil || !strings.Contains(err.Error(), "the ratio 3 is none of 1, 2, 4 and 8") {
		t.Errorf("got %v", err)
	}
}

// TestDamagedFiles cuts every file everywhere. Only the end marker may be missing.
func TestDamagedFiles(t *testing.T) {
	for _, data := range files(t) {
		whole, err := Decode(data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for n := range data {
			p, err := Decode(data[:n], Options{})
			if err == nil && !bytes.Equal(p.Pixels, whole.Pixels) {
				t.Errorf("cut off at %d of %d: other pixels and no error", n, len(data))
			}
		}
	}
}

func files(t testing.TB) [][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	var list [][]byte
	for _, name := range names {
		list = append(list, readFile(t, filepath.Base(name)))
	}
	return list
}

// FuzzDecode: any bytes give an error or a picture as large as its header says.
func FuzzDecode(f *testing.F) {
	for _, data := range files(f) {
		f.Add(data, byte(0))
		f.Add(data, byte(0xff))
	}
	f.Fuzz(func(t *testing.T, data []byte, choices byte) {
		o := Options{Transform: Transform(choices & 1), Plain: choices&2 > 0, Ratio: 1 << (choices >> 2 & 3), Colours: Colours(choices >> 4 & 1)}
		c, err := DecodeConfig(data)
		if err != nil || c.Width*c.Height > 1<<20 {
			return
		}
		p, err := Decode(data, o)
		if err != nil {
			return
		}
		if len(p.Pixels) != p.Width*p.Height*p.Channels || p.Width != divUp(c.Width, o.Ratio) || p.Height != divUp(c.Height, o.Ratio) {
			t.Errorf("%d bytes for %dx%dx%d of %v", len(p.Pixels), p.Height, p.Width, p.Channels, c)
		}
	})
}
