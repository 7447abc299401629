package dataset

import (
	"path/filepath"

	"parity/importers/matlab"
	"parity/importers/source"
)

func isCars196(path string) bool {
	return carsFile(path, "cars_annos.mat") != "" || carsFile(path, "cars_train_annos.mat") != ""
}

// carsFile looks for a file of the devkit in the set's folder, and where the archives put it.
func carsFile(path, name string) string {
	for _, dir := range []string{path, filepath.Join(path, "devkit"), filepath.Join(path, "car_devkit", "devkit")} {
		if exists(dir, name) {
			return filepath.Join(dir, name)
		}
	}
	return ""
}

// readCars196 reads the annotations of Cars196: one list of all photos, where that is there, or those of both parts. The
// zero-shot split of the literature is by classes (Split), not by part.
func readCars196(path string) (*Set, error) {
	s := &Set{Folder: path}
	p := &photos{}
	if file := carsFile(path, "cars_annos.mat"); file != "" {
		err := s.addCars(p, file, "relative_im_path", "", Whole)
		s.Items = p.items
		return s, err
	}
	meta := carsFile(path, "cars_meta.mat")
	if meta == "" {
		return nil, errorAt(filepath.Join(path, "cars_meta.mat"), "expected the names of the classes here, found no file")
	}
	vars, err := matlab.Read(meta)
	if err != nil {
		return nil, err
	}
	if err := s.nameCars(meta, vars); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		part         Part
		file, folder string
	}{{Train, "cars_train_annos.mat", "cars_train"}, {Test, "cars_test_annos_withlabels.mat", "cars_test"}} {
		file := carsFile(path, part.file)
		if file == "" {
			return nil, errorAt(filepath.Join(path, part.file), "expected the annotations of the part %s here, found no file", part.part)
		}
		if err := s.addCars(p, file, "fname", part.folder+"/", part.part); err != nil {
			return nil, err
		}
	}
	s.Items = p.items
	return s, nil
}

func (s *Set) nameCars(file string, vars map[string]*matlab.Value) error {
	names := vars["class_names"]
	if names == nil || len(names.Cells) == 0 {
		return errorAt(file, "expected cells class_names, found none")
	}
	for _, c := range names.Cells {
		s.Classes = append(s.Classes, c.Text)
	}
	return nil
}

// addCars reads a structure with a photo's file, its class counted from 1, and maybe whether it is of the test part.
func (s *Set) addCars(p *photos, file, nameField, prefix string, part Part) error {
	vars, err := matlab.Read(file)
	if err != nil {
		return err
	}
	if s.Classes == nil {
		if err := s.nameCars(file, vars); err != nil {
			return err
		}
	}
	list := vars["annotations"]
	if list == nil || list.Fields[nameField] == nil || list.Fields["class"] == nil {
		return errorAt(file, "expected a structure annotations with the fields %s and class; annotations without classes are of no use here", nameField)
	}
	for i, name := range list.Fields[nameField] {
		label, err := list.Fields["class"][i].Whole()
		if err != nil || label < 1 || label > len(s.Classes) {
			return errorAt(file, "annotation %d: expected a class from 1 to %d, found %v", i+1, len(s.Classes), list.Fields["class"][i].Numbers)
		}
		item := Item{Name: prefix + name.Text, Label: label - 1, Part: part}
		if test := list.Fields["test"]; part == Whole && test != nil {
			n, err := test[i].Whole()
			if err != nil {
				return source.Errorf(file, "", "annotation %d: test: %v", i+1, err)
			}
			item.Part = map[bool]Part{true: Test, false: Train}[n != 0]
		}
		if err := p.add(row{file: file, line: i + 1}, item); err != nil {
			return err
		}
	}
	return nil
}
