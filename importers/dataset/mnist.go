package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"parity/importers/image"
)

// mnistFiles are the files of a set like MNIST, images and labels, by part.
var mnistFiles = []struct {
	part           Part
	images, labels string
}{
	{Train, "train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
	{Test, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
}

func isMNIST(path string) bool {
	return idxFile(path, mnistFiles[0].images) != "" || idxFile(path, mnistFiles[1].images) != ""
}

// idxFile looks for a file of the set, plain or in gzip, also with a dot before idx.
func idxFile(dir, name string) string {
	for _, n := range []string{name, name + ".gz", strings.Replace(name, "-idx", ".idx", 1), strings.Replace(name, "-idx", ".idx", 1) + ".gz"} {
		if info, err := os.Stat(filepath.Join(dir, n)); err == nil && !info.IsDir() {
			return filepath.Join(dir, n)
		}
	}
	return ""
}

// readMNIST reads the parts that are there. The classes are the labels.
func readMNIST(path string) (*Set, error) {
	s := &Set{Folder: path, images: &idxImages{dir: path, files: map[string]*idx{}}}
	var of []string
	for _, f := range mnistFiles {
		images, labels := idxFile(path, f.images), idxFile(path, f.labels)
		switch {
		case images == "" && labels == "":
			continue
		case images == "" || labels == "":
			return nil, errorAt(path, "expected %s and %s (or with .gz), found only one of them", f.images, f.labels)
		}
		pixels, err := readIdx(images, 3)
		if err != nil {
			return nil, err
		}
		classes, err := readIdx(labels, 1)
		if err != nil {
			return nil, err
		}
		if pixels.shape[0] != classes.shape[0] {
			return nil, errorAt(labels, "%d labels for the %d images of %s", classes.shape[0], pixels.shape[0], images)
		}
		name := filepath.Base(images)
		s.images.files[name] = pixels
		for i, label := range classes.data {
			of = append(of, strconv.Itoa(int(label)))
			s.Items = append(s.Items, Item{Name: fmt.Sprintf("%s[%d]", name, i), Part: f.part})
		}
	}
	s.number(of)
	return s, nil
}

// idxImages are the photos of idx files, by file.
type idxImages struct {
	dir   string
	files map[string]*idx
}

// photo returns the photo of a name, FILE[NUMBER], as RGB.
func (m *idxImages) photo(name string) (*image.Photo, error) {
	file, number, _ := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	i, err := strconv.Atoi(number)
	x := m.files[file]
	if err != nil || x == nil || i < 0 || i >= x.shape[0] {
		return nil, errorAt(filepath.Join(m.dir, name), "there is no such photo")
	}
	size := x.shape[1] * x.shape[2]
	p := &image.Photo{File: filepath.Join(m.dir, name), Height: x.shape[1], Width: x.shape[2], Grey: true, Pixels: make([]byte, 0, 3*size)}
	for _, v := range x.data[i*size:][:size] {
		p.Pixels = append(p.Pixels, v, v, v)
	}
	return p, nil
}
