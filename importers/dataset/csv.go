package dataset

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/importers/source"
)

func isCSV(path string) bool { return strings.EqualFold(filepath.Ext(path), ".csv") }

// columns are the names that a heading may have for what is needed.
var columns = map[string][]string{
	"file":  {"file", "path", "image", "filename"},
	"label": {"label", "class"},
	"part":  {"part", "split"},
}

// readCSV reads a list with a heading: the file of a photo (from the folder of the list, with slashes), its class by name or
// number, and maybe its part: train, test, query, gallery.
func readCSV(path string) (*Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	at, err := heading(path, r)
	if err != nil {
		return nil, err
	}
	s, p := &Set{Folder: filepath.Dir(path)}, &photos{}
	var of []string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, source.Errorf(path, "", "not a readable list: %v", err)
		}
		line, _ := r.FieldPos(0)
		place := row{file: path, line: line}
		item := Item{Name: strings.Clone(record[at["file"]])}
		if i, ok := at["part"]; ok {
			item.Part = Part(strings.Clone(record[i]))
			if !slices.Contains([]Part{Whole, Train, Test, Query, Gallery}, item.Part) {
				return nil, place.errorf("expected train, test, query, gallery or nothing as part, found %q", item.Part)
			}
		}
		if record[at["label"]] == "" {
			return nil, place.errorf("expected a class, found nothing")
		}
		of = append(of, strings.Clone(record[at["label"]]))
		if err := p.add(place, item); err != nil {
			return nil, err
		}
	}
	s.Items = p.items
	s.number(of)
	return s, nil
}

// heading finds the columns.
func heading(path string, r *csv.Reader) (map[string]int, error) {
	record, err := r.Read()
	if err != nil {
		return nil, source.Errorf(path, "", "expected a heading with the columns file and label: %v", err)
	}
	at := map[string]int{}
	for i, name := range record {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		for column, names := range columns {
			if slices.Contains(names, name) {
				if _, double := at[column]; double {
					return nil, source.Errorf(path, source.LineColumn(1, 1), "two columns hold the %s: %v", column, record)
				}
				at[column] = i
			}
		}
	}
	for _, need := range []string{"file", "label"} {
		if _, ok := at[need]; !ok {
			return nil, source.Errorf(path, source.LineColumn(1, 1), "expected a column %s, found %v", strings.Join(columns[need], " or "), record)
		}
	}
	return at, nil
}
