package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"parity/cmd/parity/side"
	"parity/fixtures"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
	"parity/importers/image"
	"parity/parity/study"
	"parity/parity/study/pictures"
)

// picture is one picture to study.
type picture struct {
	study.Image
	load func(image.Decoding) (*image.Photo, error)
	// file is its bytes, as they are shown.
	file func() ([]byte, error)
}

// pictureSet is what is studied, with how it becomes inputs.
type pictureSet struct {
	source        string
	list          []picture
	height, width int
	mutex         sync.Mutex
	means         map[string]*tensor.Tensor[float32]
}

// generatedEach is how many pictures of each class are drawn where no folder is given.
const generatedEach = 5

// generated draws pictures.
func generated(count int) (*pictureSet, error) {
	s := &pictureSet{source: "generated pictures"}
	if count <= 0 {
		count = generatedEach * pictures.Classes()
	}
	for i := range count {
		class, number := i%pictures.Classes(), i/pictures.Classes()
		data, err := pictures.JPEG(class, number)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		name := fmt.Sprintf("%s/%d.jpg", pictures.Class(class), number)
		s.list = append(s.list, picture{
			Image: study.Image{Name: name, Label: class, SHA256: hex.EncodeToString(sum[:])},
			load:  func(d image.Decoding) (*image.Photo, error) { return image.Decode(name, data, d) },
			file:  func() ([]byte, error) { return data, nil },
		})
	}
	return s, nil
}

// defaultCount is how many photos of a folder are studied unless it is said.
const defaultCount = 200

// fromFolder chooses photos of a folder, as many of each class as of the others. A photo's class is the folder that it lies in.
func fromFolder(ctx context.Context, dir string, count int, seed uint64, threads int) (*pictureSet, error) {
	photos, err := side.Photos("--data", dir)
	if err != nil {
		return nil, err
	}
	if count <= 0 {
		count = defaultCount
	}
	chosen := spread(photos, count, seed)
	classes := map[string]int{}
	for _, folder := range foldersOf(photos) {
		classes[folder] = len(classes)
	}
	s := &pictureSet{source: filepath.Base(filepath.Clean(dir)), list: make([]picture, len(chosen))}
	errs := make([]error, len(chosen))
	parallel.For(threads, len(chosen), func(i int) {
		if errs[i] = ctx.Err(); errs[i] != nil {
			return
		}
		s.list[i], errs[i] = photoIn(dir, chosen[i], classes)
	})
	return s, cmp.Or(errs...)
}

// photoIn is a photo of a folder. It is decoded once, so that one that cannot be used is found before anything is computed.
func photoIn(dir, name string, classes map[string]int) (picture, error) {
	path := filepath.Join(dir, name)
	digest, err := fixtures.Hash(path)
	if err != nil {
		return picture{}, err
	}
	p := picture{
		Image: study.Image{Name: filepath.ToSlash(name), SHA256: digest, Label: -1},
		load:  func(d image.Decoding) (*image.Photo, error) { return image.LoadWith(path, d) },
		file:  func() ([]byte, error) { return os.ReadFile(path) },
	}
	if len(classes) > 1 {
		p.Label = classes[filepath.Dir(name)]
	}
	_, err = p.load(image.Decoding{})
	return p, err
}

func foldersOf(photos []string) []string {
	var list []string
	for _, p := range photos {
		list = append(list, filepath.Dir(p))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// spread chooses count photos: the folders in turn, within each in an order drawn from the seed. They are sorted then.
func spread(photos []string, count int, seed uint64) []string {
	byFolder := map[string][]string{}
	for _, p := range photos {
		byFolder[filepath.Dir(p)] = append(byFolder[filepath.Dir(p)], p)
	}
	r := rand.New(rand.NewPCG(seed, 0))
	folders := foldersOf(photos)
	for _, f := range folders {
		list := byFolder[f]
		slices.Sort(list)
		r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	}
	var chosen []string
	for turn := 0; len(chosen) < min(count, len(photos)); turn++ {
		for _, f := range folders {
			if turn < len(byFolder[f]) && len(chosen) < count {
				chosen = append(chosen, byFolder[f][turn])
			}
		}
	}
	slices.Sort(chosen)
	return chosen
}

// images is the set for a network that takes pictures of a size.
func (s *pictureSet) images(height, width int) study.Images {
	s.height, s.width = height, width
	out := study.Images{Source: s.source, Input: s.input}
	for _, p := range s.list {
		out.List = append(out.List, p.Image)
	}
	return out
}

// input prepares one picture.
func (s *pictureSet) input(ctx context.Context, i int, words string) (*tensor.Tensor[float32], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	how, err := image.Parse(words)
	if err != nil {
		return nil, err
	}
	var mean *tensor.Tensor[float32]
	if how.MeanFile == study.SetMean {
		if mean, err = s.mean(words); err != nil {
			return nil, err
		}
	}
	t, err := side.Prepared(how, s.list[i].load, s.height, s.width, mean)
	if err != nil && !strings.Contains(err.Error(), s.list[i].Name) {
		err = fmt.Errorf("%s: %w", s.list[i].Name, err)
	}
	return t, err
}

// mean is the mean of all pictures as they are before the crop and the arithmetic.
func (s *pictureSet) mean(words string) (*tensor.Tensor[float32], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if m := s.means[words]; m != nil {
		return m, nil
	}
	how, err := image.Parse(words)
	if err != nil {
		return nil, err
	}
	height, width := s.height, s.width
	if how.Resize != (image.Size{}) {
		height, width = how.Resize.Height, how.Resize.Width
	}
	how.MeanFile, how.Mean, how.Std, how.Scale, how.Crop = "", nil, nil, 1, image.Size{}
	m := tensor.New[float32](3, height, width)
	sum := make([]float64, len(m.Data))
	for _, p := range s.list {
		t, err := side.Prepared(how, p.load, height, width, nil)
		if err != nil {
			return nil, err
		}
		if len(t.Data) != len(sum) {
			return nil, fmt.Errorf("%s: a mean image needs pictures of one size, found %v and %dx%d", p.Name, t.Shape, height, width)
		}
		for k, v := range t.Data {
			sum[k] += float64(v)
		}
	}
	for k, v := range sum {
		m.Data[k] = float32(v / float64(len(s.list)))
	}
	if s.means == nil {
		s.means = map[string]*tensor.Tensor[float32]{}
	}
	s.means[words] = m
	return m, nil
}
