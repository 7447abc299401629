package dataset

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/importers/image"
)

// isFolders: every folder with folders that hold photos.
func isFolders(path string) bool {
	entries, err := os.ReadDir(path)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.IsDir() && !hidden(e) })
}

func hidden(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }

// readFolders takes the folders in a folder for classes, sorted by name, and the photos in and below each for theirs. Folders
// train and test (or val), if these are all, part the set. A photo beside the folders belongs to no class: an error.
func readFolders(path string) (*Set, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	s := &Set{Folder: path}
	var of []string
	for _, e := range entries {
		switch {
		case hidden(e):
		case e.IsDir() && parted(entries):
			inner, err := readFolders(filepath.Join(path, e.Name()))
			if err != nil {
				return nil, err
			}
			for _, item := range inner.Items {
				of = append(of, inner.Classes[item.Label])
				s.Items = append(s.Items, Item{Name: e.Name() + "/" + item.Name, Part: partOf[e.Name()]})
			}
		case e.IsDir():
			list, _, err := Pictures(filepath.Join(path, e.Name()))
			if err != nil {
				return nil, err
			}
			for _, name := range list {
				of = append(of, e.Name())
				s.Items = append(s.Items, Item{Name: e.Name() + "/" + name})
			}
		case looksLikePicture(filepath.Join(path, e.Name())):
			return nil, errorAt(filepath.Join(path, e.Name()), "this photo is in no class; expected it in a folder of its class")
		}
	}
	var labels []int
	s.Classes, labels = labelled(of)
	for i, l := range labels {
		s.Items[i].Label = l
	}
	return s, nil
}

// partOf are folders that are parts of a set.
var partOf = map[string]Part{"train": Train, "test": Test, "val": Test, "query": Query, "gallery": Gallery}

// parted reports whether the folders are parts, not classes.
func parted(entries []fs.DirEntry) bool {
	n := 0
	for _, e := range entries {
		if e.IsDir() && !hidden(e) {
			if n++; partOf[e.Name()] == Whole {
				return false
			}
		}
	}
	return n > 1
}

// pictureFiles are the endings of files that are taken for photos. Those that cannot be decoded are errors, not passed over.
var pictureFiles = []string{
	".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".npy",
	".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif", ".avif", ".jp2", ".ppm", ".pgm",
}

func looksLikePicture(path string) bool {
	return slices.Contains(pictureFiles, strings.ToLower(filepath.Ext(path))) || image.IsPicture(path)
}

// Pictures lists, sorted and with slashes, the photos in a folder and the folders in it, and the other files there; hidden files
// and folders are neither. What is called like a photo is taken for one.
func Pictures(dir string) (photos, others []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch out := path != dir && hidden(e); {
		case err != nil:
			return err
		case out && e.IsDir():
			return filepath.SkipDir
		case out || e.IsDir():
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); looksLikePicture(path) {
			photos = append(photos, name)
		} else {
			others = append(others, name)
		}
		return nil
	})
	return photos, others, err
}

// Photos takes the photos in and below a folder for a set without classes: labels are -1.
func Photos(dir string) (*Set, error) {
	list, _, err := Pictures(dir)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errorAt(dir, "the folder holds no photos (PNG, JPEG or .npy)")
	}
	s := &Set{Layout: "photos", Root: dir, Folder: dir}
	for _, name := range list {
		s.Items = append(s.Items, Item{Name: name, Label: -1})
	}
	return s, nil
}
