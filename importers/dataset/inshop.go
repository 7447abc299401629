package dataset

import (
	"path/filepath"
)

// partition is the list that says what is for training, a query or in the gallery.
const partition = "list_eval_partition.txt"

func isInShop(path string) bool { return exists(path, "Eval", partition) || exists(path, partition) }

// readInShop reads In-shop Clothes Retrieval: the number of photos, a heading, and "image_name item_id evaluation_status". The
// photos of a query's item in the gallery are to be found.
func readInShop(path string) (*Set, error) {
	file := filepath.Join(path, "Eval", partition)
	if !exists(file) {
		file = filepath.Join(path, partition)
	}
	rows, err := readTable(file, 2, "image_name", "item_id", "evaluation_status")
	if err != nil {
		return nil, err
	}
	s := &Set{Folder: path}
	if !exists(path, "img") && exists(path, "Img", "img") {
		s.Folder = filepath.Join(path, "Img")
	}
	p := &photos{}
	var of []string
	for _, r := range rows {
		part := Part(r.fields[2])
		if part != Train && part != Query && part != Gallery {
			return nil, r.errorf("expected train, query or gallery, found %q", r.fields[2])
		}
		of = append(of, r.fields[1])
		if err := p.add(r, Item{Name: r.fields[0], Part: part}); err != nil {
			return nil, err
		}
	}
	s.Items = p.items
	s.number(of)
	return s, nil
}
