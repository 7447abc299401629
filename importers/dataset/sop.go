package dataset

import (
	"path/filepath"
	"strconv"
)

func isSOP(path string) bool { return exists(path, "Ebay_train.txt") && exists(path, "Ebay_test.txt") }

// readSOP reads the lists of Stanford Online Products: "image_id class_id super_class_id path", with a heading. The parts have
// no class in common.
func readSOP(path string) (*Set, error) {
	s := &Set{Folder: path}
	p := &photos{}
	var of []string
	for _, part := range []struct {
		part Part
		file string
	}{{Train, "Ebay_train.txt"}, {Test, "Ebay_test.txt"}} {
		rows, err := readTable(filepath.Join(path, part.file), 1, "image_id", "class_id", "super_class_id", "path")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			class, err := r.whole(1, "class_id")
			if err != nil {
				return nil, err
			}
			of = append(of, strconv.Itoa(class))
			if err := p.add(r, Item{Name: r.fields[3], Part: part.part}); err != nil {
				return nil, err
			}
		}
	}
	s.Items = p.items
	s.number(of)
	return s, nil
}

// number sets classes and labels from the items' names of classes.
func (s *Set) number(of []string) {
	var labels []int
	s.Classes, labels = labelled(of)
	for i, l := range labels {
		s.Items[i].Label = l
	}
}
