package pictures

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestPictures(t *testing.T) {
	seen := map[string]bool{}
	for class := range Classes() {
		for number := range 2 {
			data, err := JPEG(class, number)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
				t.Fatal(err)
			}
			again, err := JPEG(class, number)
			if err != nil || !bytes.Equal(data, again) || seen[string(data)] {
				t.Errorf("%s %d is drawn otherwise the second time, or was seen before (%v)", Class(class), number, err)
			}
			seen[string(data)] = true
		}
	}
	for _, c := range [][2]int{{-1, 0}, {Classes(), 0}, {0, -1}} {
		if _, err := JPEG(c[0], c[1]); err == nil {
			t.Errorf("class %d, picture %d is drawn", c[0], c[1])
		}
	}
}
