package image

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	stdimage "image"
	"image/color"
	stdjpeg "image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"parity/importers/image/jpeg"
)

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func encodePNG(t *testing.T, m stdimage.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestColoursAreTakenAsStored: no blending with alpha, whatever the colour model and the origin of the picture.
func TestColoursAreTakenAsStored(t *testing.T) {
	at := stdimage.Rect(0, 0, 2, 1)
	clear := stdimage.NewNRGBA(at)
	clear.SetNRGBA(0, 0, color.NRGBA{10, 20, 30, 128})
	clear.SetNRGBA(1, 0, color.NRGBA{40, 50, 60, 255})
	grey := stdimage.NewGray(at)
	copy(grey.Pix, []byte{7, 9})
	palette := stdimage.NewPaletted(at, color.Palette{color.RGBA{1, 2, 3, 255}, color.RGBA{4, 5, 6, 255}})
	palette.Pix[1] = 1
	deep := stdimage.NewRGBA64(at)
	deep.SetRGBA64(0, 0, color.RGBA64{0x1234, 0x5678, 0x9abc, 0xffff})
	deep.SetRGBA64(1, 0, color.RGBA64{0xffff, 0, 0x80ff, 0xffff})
	for name, tt := range map[string]struct {
		m    stdimage.Image
		want []byte
	}{
		"alpha":   {clear, []byte{10, 20, 30, 40, 50, 60}},
		"grey":    {grey, []byte{7, 7, 7, 9, 9, 9}},
		"palette": {palette, []byte{1, 2, 3, 4, 5, 6}},
		"16 bits": {deep, []byte{0x12, 0x56, 0x9a, 0xff, 0, 0x80}},
	} {
		p, err := Load(writeFile(t, "a.png", encodePNG(t, tt.m)))
		if err != nil {
			t.Fatal(err)
		}
		if p.Height != 1 || p.Width != 2 || !slices.Equal(p.Pixels, tt.want) || p.Grey != (name == "grey") {
			t.Errorf("%s: got %v of %v, want %v", name, p.Pixels, p.size(), tt.want)
		}
	}
}

// TestExtensionDoesNotMatter reads a JPEG that is called .png.
func TestExtensionDoesNotMatter(t *testing.T) {
	p, err := Load(writeFile(t, "a.png", smallJPEG(t)))
	if err != nil || p.Height != 9 || p.Width != 17 {
		t.Errorf("got %v, %v", p, err)
	}
}

// TestGreyIsOpenCVs: the lightness is cut off for PNG and arrays, and the stored one for JPEG.
func TestGreyIsOpenCVs(t *testing.T) {
	m := stdimage.NewRGBA(stdimage.Rect(0, 0, 2, 1))
	copy(m.Pix, []byte{10, 200, 30, 255, 7, 7, 7, 255})
	for _, path := range []string{
		writeFile(t, "a.png", encodePNG(t, m)),
		writeFile(t, "a.npy", npyFile("|u1", "(1, 2, 3)", []byte{10, 200, 30, 7, 7, 7})),
	} {
		p, err := LoadWith(path, Decoding{Grey: true})
		if want := []byte{123, 123, 123, 7, 7, 7}; err != nil || !slices.Equal(p.Pixels, want) {
			t.Errorf("%s: got %v, %v, want %v", path, p, err, want)
		}
	}
	p, err := LoadWith("jpeg/testdata/420.jpg", Decoding{Grey: true})
	if err != nil || p.Grey || p.Pixels[0] != p.Pixels[1] || p.Pixels[0] != p.Pixels[2] {
		t.Errorf("got %v, %v", p, err)
	}
}

// TestDecodings: each choice changes the pixels of a JPEG.
func TestDecodings(t *testing.T) {
	seen := map[string]Decoding{}
	for _, d := range []Decoding{{}, {Transform: jpeg.Fast}, {Plain: true}, {Grey: true}} {
		p, err := LoadWith("jpeg/testdata/420.jpg", d)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[string(p.Pixels)]; ok {
			t.Errorf("%+v and %+v give the same pixels", d, other)
		}
		seen[string(p.Pixels)] = d
	}
}

func smallJPEG(t *testing.T) []byte {
	t.Helper()
	m := stdimage.NewRGBA(stdimage.Rect(0, 0, 17, 9))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	var out bytes.Buffer
	if err := stdjpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func npyFile(descr, shape string, data []byte) []byte {
	text := "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n"
	return append(append([]byte("\x93NUMPY\x01\x00"), byte(len(text)), 0), append([]byte(text), data...)...)
}

func TestLoadArray(t *testing.T) {
	p, err := Load(writeFile(t, "a.npy", npyFile("|u1", "(2, 1, 3)", []byte{1, 2, 3, 4, 5, 255})))
	if err != nil || p.Height != 2 || p.Width != 1 || !slices.Equal(p.Pixels, []byte{1, 2, 3, 4, 5, 255}) {
		t.Errorf("got %v, %v", p, err)
	}
	p, err = Load(writeFile(t, "a.npy", npyFile("|u1", "(1, 2)", []byte{5, 6})))
	if err != nil || !slices.Equal(p.Pixels, []byte{5, 5, 5, 6, 6, 6}) {
		t.Errorf("got %v, %v", p, err)
	}
}

// claiming returns a PNG of one pixel whose header claims another size, with a right checksum.
func claiming(t *testing.T, width, height uint32) []byte {
	data := encodePNG(t, stdimage.NewGray(stdimage.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(data[16:], width)
	binary.BigEndian.PutUint32(data[20:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestLoadRefuses(t *testing.T) {
	jpg := smallJPEG(t)
	huge := bytes.Clone(jpg)
	frame := bytes.Index(huge, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint32(huge[frame+5:], 8000<<16|8000)
	tests := []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"empty", "a.png", nil, "a.png: expected a photo, found an empty file"},
		{"GIF", "a.gif", []byte("GIF89a and so on"), `a.gif: expected a PNG, JPEG or .npy photo, found a file that begins with "GIF89a`},
		{"claimed PNG", "a.png", claiming(t, 100000, 100000), "a.png: the picture claims 100000x100000 pixels; expected at most 67108864"},
		{"overflowing PNG", "a.png", claiming(t, 1<<31-1, 1<<31-1), "a.png: not a readable PNG file: png: unsupported feature: dimension overflow"},
		{"PNG too large for its file", "a.png", claiming(t, 8000, 8000), "but the 71 bytes of the file cannot hold so many"},
		{"JPEG too large for its file", "a.jpg", huge, ": not a readable JPEG file: the picture claims 8000x8000 pixels; the "},
		{"empty PNG", "a.png", claiming(t, 0, 1), "not a readable PNG file"},
		{"float array", "a.npy", npyFile("<f4", "(1, 1, 3)", make([]byte, 12)), "a.npy: expected a photo of uint8 in height x width x 3, found <f4 in 1x1x3"},
		{"planar array", "a.npy", npyFile("|u1", "(3, 4, 5)", make([]byte, 60)), "found |u1 in 3x4x5"},
		{"array of nothing", "a.npy", npyFile("|u1", "(0, 4, 3)", nil), "the picture is 0x4x3"},
		{"array cut off", "a.npy", npyFile("|u1", "(40, 40, 3)", make([]byte, 9)), "does not fill the 9 bytes"},
	}
	for _, tt := range tests {
		path := writeFile(t, tt.file, tt.data)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Load(path)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("%s: %d bytes were allocated", tt.name, grown)
		}
	}
	if _, err := Load("none.png"); err == nil || !strings.Contains(err.Error(), "none.png") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestDamagedPictures cuts and flips small pictures everywhere: an error or a picture, never a panic.
func TestDamagedPictures(t *testing.T) {
	small, err := os.ReadFile("testdata/small_5x7.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{small, smallJPEG(t)} {
		for n := range data {
			p, err := decode("cut", bytes.NewReader(data[:n]), int64(n), Decoding{})
			if err == nil && n < len(data)-16 {
				t.Errorf("cut off at %d of %d: got %v and no error", n, len(data), p.size())
			}
		}
		for i := range len(data) * 8 {
			flipped := bytes.Clone(data)
			flipped[i/8] ^= 1 << (i % 8)
			p, err := decode("flipped", bytes.NewReader(flipped), int64(len(flipped)), Decoding{})
			if err == nil && len(p.Pixels) != 3*p.Height*p.Width {
				t.Errorf("bit %d flipped: %d bytes for %v", i, len(p.Pixels), p.size())
			}
		}
	}
}
