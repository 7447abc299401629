package dataset

import (
	"path/filepath"

	"parity/importers/source"
)

func isCUB200(path string) bool {
	return exists(path, "images.txt") && exists(path, "image_class_labels.txt")
}

// readCUB200 reads CUB-200-2011, and lists of its form: "ID PATH", "ID CLASS", "CLASS NAME", and "ID 1" for the photos of the
// training part, with spaces or commas between. The zero-shot split of the literature is by classes (Split), not by that list.
func readCUB200(path string) (*Set, error) {
	rows, err := readTable(filepath.Join(path, "images.txt"), 0, "id", "path")
	if err != nil {
		return nil, err
	}
	classOf, err := idsOf(filepath.Join(path, "image_class_labels.txt"), "id", "class")
	if err != nil {
		return nil, err
	}
	s := &Set{}
	if s.Folder, err = existing("photos", filepath.Join(path, "images")); err != nil {
		return nil, err
	}
	labelOf, err := s.readClasses(filepath.Join(path, "classes.txt"))
	if err != nil {
		return nil, err
	}
	inTrain := map[string]row{}
	if file := filepath.Join(path, "train_test_split.txt"); exists(file) {
		if inTrain, err = idsOf(file, "id", "1 or 0"); err != nil {
			return nil, err
		}
	}
	if _, err := byID(rows); err != nil {
		return nil, err
	}
	p := &photos{}
	for _, r := range rows {
		class, ok := classOf[r.fields[0]]
		if !ok {
			return nil, r.errorf("image_class_labels.txt has no class for the id %q", r.fields[0])
		}
		label, ok := labelOf[class.fields[1]]
		if !ok {
			return nil, class.errorf("classes.txt has no class %q", class.fields[1])
		}
		item := Item{Name: r.fields[1], Label: label}
		if split, ok := inTrain[r.fields[0]]; ok {
			item.Part = map[string]Part{"1": Train, "0": Test}[split.fields[1]]
			if item.Part == Whole {
				return nil, split.errorf("expected 1 for a photo of the training part or 0, found %q", split.fields[1])
			}
		}
		if err := p.add(r, item); err != nil {
			return nil, err
		}
	}
	s.Items = p.items
	return s, nil
}

func idsOf(file string, fields ...string) (map[string]row, error) {
	rows, err := readTable(file, 0, fields...)
	if err != nil {
		return nil, err
	}
	return byID(rows)
}

// readClasses reads the names of classes, in the order of the file.
func (s *Set) readClasses(file string) (labelOf map[string]int, err error) {
	rows, err := readTable(file, 0, "class", "name")
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, source.Errorf(file, "", "expected a class on each line, found none")
	}
	labelOf = map[string]int{}
	for _, r := range rows {
		if _, double := labelOf[r.fields[0]]; double {
			return nil, r.errorf("the class %q is there twice", r.fields[0])
		}
		labelOf[r.fields[0]] = len(s.Classes)
		s.Classes = append(s.Classes, r.fields[1])
	}
	return labelOf, nil
}

func errorAt(file, format string, args ...any) error { return source.Errorf(file, "", format, args...) }
