package dataset

import (
	"bytes"
	"compress/gzip"
	stdimage "image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parity/importers/image"
)

// tree writes files; an empty text is a photo.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			m := stdimage.NewRGBA(stdimage.Rect(0, 0, 3, 2))
			m.Set(1, 0, color.RGBA{uint8(len(name)), 2, 3, 255})
			var b bytes.Buffer
			if err := png.Encode(&b, m); err != nil {
				t.Fatal(err)
			}
			text = b.String()
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const (
	cubImages = "1 001.Black_footed_Albatross/a 1.jpg\n2 001.Black_footed_Albatross/b.jpg\n3 002.Laysan_Albatross/c.jpg\n"
	sopHead   = "image_id class_id super_class_id path\n"
	shopHead  = "4\nimage_name item_id evaluation_status\n"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	idxPixels = "\x00\x00\x08\x03\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x03\x00\x01\x02\x09\x08\x07"
	idxLabels = "\x00\x00\x08\x01\x00\x00\x00\x02\x05\x03"
)

// TestLayouts reads a small copy of every layout, guessed and by name.
func TestLayouts(t *testing.T) {
	mat := "../matlab/testdata/"
	for _, tt := range []struct {
		layout  string
		files   map[string]string
		below   string // of the folder, what is opened
		classes []string
		items   []Item
	}{
		{"cub200", map[string]string{
			"images.txt": cubImages, "image_class_labels.txt": "1 1\n2 1\n3 2\n", "classes.txt": "1 001.Black_footed_Albatross\n2 002.Laysan_Albatross\n",
			"train_test_split.txt": "1 0\n2 1\n3 1\n", "images/001.Black_footed_Albatross/b.jpg": "",
		}, "", []string{"001.Black_footed_Albatross", "002.Laysan_Albatross"}, []Item{
			{"001.Black_footed_Albatross/a 1.jpg", 0, Test}, {"001.Black_footed_Albatross/b.jpg", 0, Train}, {"002.Laysan_Albatross/c.jpg", 1, Train},
		}},
		{"cub200", map[string]string{
			"images.txt": "0, x/0.jpg\n1, y/0.jpg\n", "image_class_labels.txt": "0, 0\n1, 1\n", "classes.txt": "0, x\n1, y\n", "images/x/0.jpg": "",
		}, "", []string{"x", "y"}, []Item{{"x/0.jpg", 0, Whole}, {"y/0.jpg", 1, Whole}}},
		{"cars196", map[string]string{"cars_annos.mat": read(t, mat+"cars_annos.mat")}, "",
			[]string{"AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Bugatti Veyron 16.4 Coupé 2009"}, []Item{
				{"car_ims/000001.jpg", 0, Train}, {"car_ims/000002.jpg", 2, Train}, {"car_ims/000003.jpg", 1, Test}, {"car_ims/000004.jpg", 0, Test}, {"car_ims/000005.jpg", 2, Test},
			}},
		{"cars196", map[string]string{
			"devkit/cars_meta.mat": read(t, mat+"cars_meta.mat"), "devkit/cars_train_annos.mat": read(t, mat+"cars_train_annos.mat"),
			"cars_test_annos_withlabels.mat": read(t, mat+"cars_test_annos_withlabels.mat"),
		}, "", []string{"AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Bugatti Veyron 16.4 Coupé 2009"}, []Item{
			{"cars_train/00001.jpg", 0, Train}, {"cars_train/00002.jpg", 2, Train},
			{"cars_test/00001.jpg", 1, Test}, {"cars_test/00002.jpg", 2, Test}, {"cars_test/00003.jpg", 0, Test},
		}},
		{"sop", map[string]string{
			"Ebay_train.txt": sopHead + "1 2 1 bicycle_final/1_0.JPG\n2 10 1 bicycle_final/1_1.JPG\n", "Ebay_test.txt": sopHead + "3 11 1 chair_final/9_0.JPG\n",
		}, "", []string{"2", "10", "11"}, []Item{
			{"bicycle_final/1_0.JPG", 0, Train}, {"bicycle_final/1_1.JPG", 1, Train}, {"chair_final/9_0.JPG", 2, Test},
		}},
		{"inshop", map[string]string{
			"Eval/list_eval_partition.txt": shopHead + "img/WOMEN/Dresses/id_00000002/02_1_front.jpg      id_00000002 train\nimg/a/1.jpg id_2 query\nimg/a/2.jpg id_2 gallery\n",
			"Img/img/a/1.jpg":              "",
		}, "", []string{"id_00000002", "id_2"}, []Item{
			{"img/WOMEN/Dresses/id_00000002/02_1_front.jpg", 0, Train}, {"img/a/1.jpg", 1, Query}, {"img/a/2.jpg", 1, Gallery},
		}},
		{"mnist", map[string]string{
			"train-images-idx3-ubyte": idxPixels, "train-labels-idx1-ubyte": idxLabels,
			"t10k-images-idx3-ubyte.gz": gzipped(t, idxPixels), "t10k-labels-idx1-ubyte.gz": gzipped(t, idxLabels),
		}, "", []string{"3", "5"}, []Item{
			{"train-images-idx3-ubyte[0]", 1, Train}, {"train-images-idx3-ubyte[1]", 0, Train},
			{"t10k-images-idx3-ubyte.gz[0]", 1, Test}, {"t10k-images-idx3-ubyte.gz[1]", 0, Test},
		}},
		{"csv", map[string]string{"sub/list.csv": "label,File,split\ncat,\"b,1.png\",query\n dog,c.png,gallery\ncat,d.png,\n", "sub/c.png": ""}, "sub/list.csv",
			[]string{" dog", "cat"}, []Item{{"b,1.png", 1, Query}, {"c.png", 0, Gallery}, {"d.png", 1, Whole}}},
		{"folders", map[string]string{"b/2.png": "", "b/1.png": "", "a/deep/x.jpeg": "", "a/.hidden.png": "", "README": "x", ".git/x.png": ""}, "",
			[]string{"a", "b"}, []Item{{"a/deep/x.jpeg", 0, Whole}, {"b/1.png", 1, Whole}, {"b/2.png", 1, Whole}}},
		{"folders", map[string]string{"train/b/2.png": "", "test/a/x.png": "", "test/b/1.png": ""}, "",
			[]string{"a", "b"}, []Item{{"test/a/x.png", 0, Test}, {"test/b/1.png", 1, Test}, {"train/b/2.png", 1, Train}}},
	} {
		dir := filepath.Join(tree(t, tt.files), filepath.FromSlash(tt.below))
		for _, name := range []string{"", tt.layout} {
			s, err := Open(dir, name)
			if err != nil {
				t.Errorf("%s: %v", tt.layout, err)
				continue
			}
			if s.Layout != tt.layout || !reflect.DeepEqual(s.Classes, tt.classes) || !reflect.DeepEqual(s.Items, tt.items) {
				t.Errorf("%s: got %s, %q, %+v", tt.layout, s.Layout, s.Classes, s.Items)
			}
			opens(t, s)
		}
	}
	for _, l := range layouts {
		if exists(l.name + ".go") {
			continue
		}
		t.Errorf("the layout %s has no file of its name", l.name)
	}
}

// opens opens the photos that are there.
func opens(t *testing.T, s *Set) {
	t.Helper()
	for i, item := range s.Items {
		if s.images == nil && !exists(s.File(i)) {
			if _, err := s.Photo(i, image.Decoding{}); err == nil || !strings.Contains(err.Error(), filepath.FromSlash(item.Name)) {
				t.Errorf("%s is not there: %v", item.Name, err)
			}
			continue
		}
		p, err := s.Photo(i, image.Decoding{})
		if err != nil || p.Width != 3 {
			t.Errorf("%s: %+v, %v", item.Name, p, err)
		}
	}
	if s.Layout == "mnist" {
		p, err := s.Photo(1, image.Decoding{})
		if want := []byte{9, 9, 9, 8, 8, 8, 7, 7, 7}; err != nil || !bytes.Equal(p.Pixels, want) {
			t.Errorf("got the pixels %v, %v, want %v", p.Pixels, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	cub := map[string]string{"images.txt": cubImages, "image_class_labels.txt": "1 1\n2 1\n3 2\n", "classes.txt": "1 a\n2 b\n", "images/x": ""}
	with := func(files map[string]string, name, text string) map[string]string {
		out := map[string]string{name: text}
		for n, f := range files {
			if n != name {
				out[n] = f
			}
		}
		return out
	}
	csvFile := func(text string) map[string]string { return map[string]string{"x.csv": text} }
	for _, tt := range []struct {
		files map[string]string
		path  string
		want  string
	}{
		{map[string]string{"only.txt": "x"}, "", "not a data set of a layout known here (csv, mnist,"},
		{map[string]string{"a/1.png": "", "2.png": ""}, "", "2.png: this photo is in no class"},
		{map[string]string{"a/readme": "x"}, "", "has no photos"},
		{with(cub, "image_class_labels.txt", "1 1\n2 1\n"), "", `images.txt:3:1: image_class_labels.txt has no class for the id "3"`},
		{with(cub, "image_class_labels.txt", "1 1\n2 1\n3 7\n"), "", `image_class_labels.txt:3:1: classes.txt has no class "7"`},
		{with(cub, "image_class_labels.txt", "1 1\n1 1\n3 2\n"), "", `image_class_labels.txt:2:1: the id "1" is there twice`},
		{with(cub, "images.txt", "1 a.jpg\n2 a.jpg\n"), "", "images.txt:2:1: this photo is listed twice: a.jpg"},
		{with(cub, "images.txt", "1 ../a.jpg\n"), "", `images.txt:1:1: expected a path within the data set, found "../a.jpg"`},
		{with(cub, "images.txt", "1\n"), "", `images.txt:1:1: expected id, path, found "1"`},
		{with(cub, "train_test_split.txt", "1 2\n"), "", "train_test_split.txt:1:1: expected 1 for a photo of the training part or 0"},
		{with(cub, "classes.txt", ""), "", "classes.txt"},
		{map[string]string{"Ebay_train.txt": sopHead + "1 x 1 a.jpg\n", "Ebay_test.txt": sopHead}, "", `Ebay_train.txt:2:1: expected a whole number as class_id, found "x"`},
		{map[string]string{"Eval/list_eval_partition.txt": shopHead + "img/a.jpg id_1 val\n"}, "", `expected train, query or gallery, found "val"`},
		{map[string]string{"cars_train_annos.mat": "x"}, "", "cars_meta.mat: expected the names of the classes here"},
		{csvFile("a,b\n"), "x.csv", "expected a column file or path or image or filename"},
		{csvFile("file,label,class\n"), "x.csv", "two columns hold the label"},
		{csvFile("file,label\na.png\n"), "x.csv", "wrong number of fields"},
		{csvFile("file,label\na.png,\n"), "x.csv", "x.csv:2:1: expected a class, found nothing"},
		{csvFile("file,label,part\na.png,1,val\n"), "x.csv", `found "val"`},
		{csvFile("\n"), "x.csv", "expected a heading"},
		{map[string]string{"train-images-idx3-ubyte": idxPixels}, "", "found only one of them"},
		{map[string]string{"train-images-idx3-ubyte": idxPixels + "x", "train-labels-idx1-ubyte": idxLabels}, "", "expected 6 bytes for [2 1 3], found more"},
		{map[string]string{"train-images-idx3-ubyte": idxPixels[:20], "train-labels-idx1-ubyte": idxLabels}, "", "expected 6 bytes for [2 1 3], found 4"},
		{map[string]string{"train-images-idx3-ubyte": idxPixels, "train-labels-idx1-ubyte": "\x00\x00\x08\x01\x00\x00\x00\x01\x05"}, "", "1 labels for the 2 images"},
		{map[string]string{"train-images-idx3-ubyte": "\x00\x00\x0d\x03", "train-labels-idx1-ubyte": idxLabels}, "", "found type 13 in 3"},
		{map[string]string{"train-images-idx3-ubyte": "\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x01", "train-labels-idx1-ubyte": idxLabels}, "", "bytes at most"},
	} {
		_, err := Open(filepath.Join(tree(t, tt.files), tt.path), "")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
	if _, err := Open(t.TempDir(), "imagenet"); err == nil || !strings.Contains(err.Error(), `"imagenet": expected one of csv,`) {
		t.Errorf("got %v", err)
	}
}

// TestSplit: halves by order or drawn, labels from 0, no class on both sides.
func TestSplit(t *testing.T) {
	s := &Set{Classes: []string{"a", "b", "c", "d", "e"}}
	for i := range 20 {
		s.Items = append(s.Items, Item{Name: string(rune('a' + i)), Label: i * 3 % 5})
	}
	train, test, err := s.Split(SplitOptions{})
	if err != nil || !reflect.DeepEqual(train.Classes, []string{"a", "b"}) || !reflect.DeepEqual(test.Classes, []string{"c", "d", "e"}) {
		t.Fatal(train, test, err)
	}
	if len(train.Items) != 8 || len(test.Items) != 12 || s.Classes[3] != test.Classes[test.Items[0].Label] {
		t.Errorf("got %+v and %+v", train, test)
	}
	var drawn []string
	for seed := range uint64(4) {
		train, test, err := s.Split(SplitOptions{Train: 3, Shuffle: true, Seed: seed})
		again, _, _ := s.Split(SplitOptions{Train: 3, Shuffle: true, Seed: seed})
		if err != nil || len(train.Classes) != 3 || len(test.Classes) != 2 || !reflect.DeepEqual(train, again) {
			t.Fatal(train, test, err)
		}
		drawn = append(drawn, strings.Join(train.Classes, ""))
		for _, half := range []*Set{train, test} {
			for _, item := range half.Items {
				if want := s.Classes[int(item.Name[0]-'a')*3%5]; half.Classes[item.Label] != want {
					t.Errorf("%s is a %s, want %s", item.Name, half.Classes[item.Label], want)
				}
			}
		}
	}
	if drawn[0] == drawn[1] && drawn[1] == drawn[2] && drawn[2] == drawn[3] {
		t.Errorf("every seed draws %v", drawn)
	}
	if _, _, err := s.Split(SplitOptions{Train: 5}); err == nil {
		t.Error("nothing is left for the test, and nothing is said")
	}
	if _, _, err := s.Official(); err == nil {
		t.Error("a set without parts is parted")
	}
	s.Items[0].Part, s.Items[1].Part = Train, Query
	if train, test, err := s.Official(); err != nil || len(train.Items) != 1 || len(test.Items) != 1 || len(test.Classes) != 1 {
		t.Errorf("got %+v, %+v, %v", train, test, err)
	}
}

func TestPhotos(t *testing.T) {
	s, err := Photos(tree(t, map[string]string{"x.png": "", "sub/a.png": "", "notes.txt": "x"}))
	if want := []Item{{"sub/a.png", -1, Whole}, {"x.png", -1, Whole}}; err != nil || !reflect.DeepEqual(s.Items, want) {
		t.Errorf("got %+v, %v, want %+v", s.Items, err, want)
	}
	if _, err := Photos(t.TempDir()); err == nil {
		t.Error("an empty folder has photos")
	}
}
