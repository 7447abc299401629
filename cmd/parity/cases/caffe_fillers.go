package cases

import (
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"

	"parity/googlenet/tensor"
	"parity/importers/caffe"
)

// isCaffeFillers: statistics of what Caffe's fillers drew, by name.
func isCaffeFillers(dir string) bool {
	var list map[string]json.RawMessage
	return has(dir, "stats.json") && readJSON(filepath.Join(dir, "stats.json"), &list) == nil
}

func runCaffeFillers(_ context.Context, dir string, _ Options) (*Result, error) {
	list, err := readCaffeFillers(filepath.Join(dir, "stats.json"))
	if err != nil {
		return nil, err
	}
	check, err := compareDraws("stats.json", list)
	return &Result{Forward: check}, err
}

func readCaffeFillers(file string) ([]*drawn, error) {
	var entries map[string]struct {
		Filler string
		Shape  tensor.Shape
		drawn
	}
	if err := readJSON(file, &entries); err != nil {
		return nil, err
	}
	var list []*drawn
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		e := entries[name]
		m, err := caffe.ParseSettings("FillerParameter", name, []byte(e.Filler))
		if err != nil {
			return nil, err
		}
		d := e.drawn
		if d.filler, err = caffe.Filler(m); err != nil {
			return nil, err
		}
		d.name, d.shape = name, e.Shape
		list = append(list, &d)
	}
	return list, nil
}
