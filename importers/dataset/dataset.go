// Package dataset reads which photos a data set has and what they show: a class, and the part of the set that its authors put
// them in. Each layout that sets come in is a file; photos themselves are opened one by one.
package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parity/importers/image"
	"parity/importers/source"
)

// Part is what a photo is for, as the authors of the set have it.
type Part string

// The parts of sets. Whole is a set that nobody has parted.
const (
	Whole   Part = ""
	Train   Part = "train"
	Test    Part = "test"
	Query   Part = "query"
	Gallery Part = "gallery"
)

// Item is one photo.
type Item struct {
	Name  string // its path within the set, with slashes; in an idx file, the file and the number in it
	Label int    // the place of its class in Set.Classes
	Part  Part
}

// Set is labelled photos, in the order of the set's own lists.
type Set struct {
	Layout  string
	Root    string
	Classes []string // their names, by label
	Items   []Item
	// Folder holds the files that items name; empty where photos are in one file.
	Folder string
	images *idxImages
}

// layout is one way in which sets are stored.
type layout struct {
	name  string
	about string
	// is reports whether a path looks like it.
	is   func(path string) bool
	read func(path string) (*Set, error)
}

// layouts lists them in the order in which a path is tried.
var layouts = []layout{
	{"csv", "a list with the columns file and label, and maybe part", isCSV, readCSV},
	{"mnist", "idx files of images and labels, maybe in gzip", isMNIST, readMNIST},
	{"cub200", "images.txt, image_class_labels.txt, classes.txt: CUB-200-2011", isCUB200, readCUB200},
	{"cars196", "the Cars196 devkit: cars_annos.mat, or cars_train_annos.mat and cars_test_annos_withlabels.mat", isCars196, readCars196},
	{"sop", "Ebay_train.txt and Ebay_test.txt: Stanford Online Products", isSOP, readSOP},
	{"inshop", "list_eval_partition.txt: In-shop Clothes Retrieval", isInShop, readInShop},
	{"folders", "a folder for each class", isFolders, readFolders},
}

// Layouts lists the names of layouts, and what they are.
func Layouts() [][2]string {
	var list [][2]string
	for _, l := range layouts {
		list = append(list, [2]string{l.name, l.about})
	}
	return list
}

// Open reads the lists of a data set at a path: a folder, or a CSV or idx file. The layout is guessed where none is named.
func Open(path, name string) (*Set, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(layouts, func(l layout) bool { return l.name == name || name == "" && l.is(path) })
	if i < 0 && name != "" {
		return nil, fmt.Errorf("the layout %q: expected one of %s", name, names())
	}
	if i < 0 {
		return nil, fmt.Errorf("%s: not a data set of a layout known here (%s): a folder with a folder of photos for each class is one", path, names())
	}
	s, err := layouts[i].read(path)
	if err != nil {
		return nil, err
	}
	s.Layout, s.Root = layouts[i].name, path
	if len(s.Items) == 0 {
		return nil, fmt.Errorf("%s: the data set (%s) has no photos", path, s.Layout)
	}
	return s, nil
}

func names() string {
	var list []string
	for _, l := range layouts {
		list = append(list, l.name)
	}
	return strings.Join(list, ", ")
}

// Photo opens a photo; an error names its file.
func (s *Set) Photo(i int, d image.Decoding) (*image.Photo, error) {
	if s.images != nil {
		return s.images.photo(s.Items[i].Name)
	}
	return image.LoadWith(s.File(i), d)
}

// File is the path of a photo; in idx files, that of the file with all photos and a number.
func (s *Set) File(i int) string {
	return filepath.Join(s.Folder, filepath.FromSlash(s.Items[i].Name))
}

// Labels lists the labels of all items.
func (s *Set) Labels() []int {
	list := make([]int, len(s.Items))
	for i, item := range s.Items {
		list[i] = item.Label
	}
	return list
}

// Parts returns the items of some parts. Labels stay.
func (s *Set) Parts(parts ...Part) *Set {
	return s.where(func(item Item) bool { return slices.Contains(parts, item.Part) })
}

func (s *Set) where(keep func(Item) bool) *Set {
	out := *s
	out.Items = nil
	for _, item := range s.Items {
		if keep(item) {
			out.Items = append(out.Items, item)
		}
	}
	return &out
}

// compact drops classes without photos, and counts labels anew in the order of classes.
func (s *Set) compact() *Set {
	label := make([]int, len(s.Classes))
	for _, item := range s.Items {
		label[item.Label] = 1
	}
	out := *s
	out.Classes, out.Items = nil, slices.Clone(s.Items)
	for i, used := range label {
		if used > 0 {
			label[i] = len(out.Classes)
			out.Classes = append(out.Classes, s.Classes[i])
		}
	}
	for i := range out.Items {
		out.Items[i].Label = label[out.Items[i].Label]
	}
	return &out
}

// labelled numbers classes that are known by name: as numbers if all are whole numbers, else by name.
func labelled(of []string) (classes []string, labels []int) {
	place := map[string]int{}
	numeric := true
	for _, name := range of {
		if _, ok := place[name]; !ok {
			place[name] = 0
			classes = append(classes, name)
			_, err := strconv.Atoi(name)
			numeric = numeric && err == nil
		}
	}
	slices.SortFunc(classes, func(a, b string) int {
		if numeric {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return cmp.Or(cmp.Compare(x, y), strings.Compare(a, b))
		}
		return strings.Compare(a, b)
	})
	for i, name := range classes {
		place[name] = i
	}
	for _, name := range of {
		labels = append(labels, place[name])
	}
	return classes, labels
}

// within checks that a path of a list stays in the set's folder.
func within(path string) error {
	if path == "" || strings.Contains(path, `\`) || !filepath.IsLocal(filepath.FromSlash(path)) {
		return fmt.Errorf("expected a path within the data set, found %q", path)
	}
	return nil
}

func exists(elements ...string) bool {
	_, err := os.Stat(filepath.Join(elements...))
	return err == nil
}

// existing is the first of some folders that is there.
func existing(what string, folders ...string) (string, error) {
	for _, f := range folders {
		if exists(f) {
			return f, nil
		}
	}
	return "", source.Errorf(folders[0], "", "expected a folder with %s here, found none", what)
}

// errDouble says that a photo is named twice.
var errDouble = errors.New("this photo is listed twice")
