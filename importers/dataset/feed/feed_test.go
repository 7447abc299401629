package feed

import (
	"context"
	"fmt"
	stdimage "image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/train/sampler"
	"parity/importers/dataset"
	"parity/importers/image"
)

// photos writes photos of several sizes in two classes.
func photos(t *testing.T, n int) *dataset.Set {
	t.Helper()
	dir, r := t.TempDir(), rand.New(rand.NewPCG(1, 1))
	for i := range n {
		m := stdimage.NewRGBA(stdimage.Rect(0, 0, 11+i%3, 9+i%4))
		for j := range m.Pix {
			m.Pix[j] = byte(r.Uint32())
			if j%4 == 3 {
				m.Pix[j] = 255
			}
		}
		path := filepath.Join(dir, "ab"[i%2:][:1], fmt.Sprintf("%02d.png", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	s, err := dataset.Open(dir, "folders")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func options(t *testing.T, text string) Options {
	t.Helper()
	p, err := image.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Preprocess: p, Augment: Augment{Crop: true, Flip: true}, Seed: 9}
}

const how = "bgr,resize=8x10,filter=pil-lanczos,crop=5x6,mean=104:117:123"

// batches takes some batches from a feed that begins in a state.
func batches(t *testing.T, set *dataset.Set, o Options, state *sampler.State, n int) []*Batch {
	t.Helper()
	s, err := sampler.NewShuffled(len(set.Items), 5, true, 3)
	if err != nil {
		t.Fatal(err)
	}
	if state != nil {
		if err := s.Restore(*state); err != nil {
			t.Fatal(err)
		}
	}
	f, err := New(t.Context(), set, s, o)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []*Batch
	for range n {
		b, err := f.Next()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b)
	}
	return list
}

// TestFeedIsReproducible: any number of threads, a cache that has room for some photos, and a run taken up in its middle give
// the same bits; another seed gives others.
func TestFeedIsReproducible(t *testing.T) {
	set, o := photos(t, 12), options(t, how)
	want := batches(t, set, o, nil, 7)
	for _, change := range []func(o *Options){
		func(o *Options) { o.Threads = 1 }, func(o *Options) { o.Threads, o.Ahead = 7, 5 }, func(o *Options) { o.Cache = 1000 }, func(o *Options) { o.Cache = 1 << 20 },
	} {
		other := o
		change(&other)
		if got := batches(t, set, other, nil, 7); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: other batches", other)
		}
	}
	for at := range 4 {
		if got := batches(t, set, o, &want[at].State, 3); !reflect.DeepEqual(got, want[at+1:at+4]) {
			t.Errorf("taken up after batch %d: other batches", at)
		}
	}
	o.Seed = 10
	got := batches(t, set, o, nil, 1)[0]
	if !slices.Equal(got.Rows, want[0].Rows) || slices.Equal(got.Images.Data, want[0].Images.Data) {
		t.Error("the seed of the augmentation changes the order, or nothing")
	}
}

// TestFeedIsWhatIsAsked makes every input by itself.
func TestFeedIsWhatIsAsked(t *testing.T) {
	set, o := photos(t, 12), options(t, how)
	for _, b := range batches(t, set, o, nil, 4) {
		size := b.Images.Shape[1:].Len()
		for i, row := range b.Rows {
			photo, err := set.Photo(row, image.Decoding{})
			if err != nil {
				t.Fatal(err)
			}
			p := o.Preprocess
			o.Augment.apply(&p, sampler.Rand(o.Seed, b.First+uint64(i)))
			want, err := p.Input(photo, 0, 0)
			if err != nil || !slices.Equal(want.Tensor.Data, b.Images.Data[i*size:][:size]) || b.Labels[i] != set.Items[row].Label {
				t.Fatalf("photo %d of %+v differs: %v", i, b.Batch, err)
			}
		}
	}
}

// TestAugment: every place is reached, short crops never the last; half are mirrored.
func TestAugment(t *testing.T) {
	for _, short := range []bool{false, true} {
		tops, lefts, mirrored := map[int]int{}, map[int]int{}, 0
		const n = 4000
		for i := range uint64(n) {
			var p image.Preprocess
			Augment{Crop: true, Short: short, Flip: true}.apply(&p, sampler.Rand(1, i))
			top, left := p.Corner(image.Size{Height: 3, Width: 7})
			tops[top]++
			lefts[left]++
			if p.Mirror {
				mirrored++
			}
			if top, left := p.Corner(image.Size{}); top != 0 || left != 0 {
				t.Fatal("a crop of the whole is moved")
			}
		}
		want := map[bool][2]int{false: {4, 8}, true: {3, 7}}[short]
		if len(tops) != want[0] || len(lefts) != want[1] || tops[want[0]-1] == 0 || lefts[want[1]-1] == 0 {
			t.Errorf("short %v: rows %v, columns %v", short, tops, lefts)
		}
		if mirrored < n*45/100 || mirrored > n*55/100 {
			t.Errorf("%d of %d are mirrored", mirrored, n)
		}
	}
}

func TestFeedRefuses(t *testing.T) {
	set := photos(t, 6)
	o := options(t, "rgb,resize=8x8")
	s, _ := sampler.NewShuffled(6, 6, true, 1)
	if _, err := New(t.Context(), set, s, o); err == nil || !strings.Contains(err.Error(), "add crop=HxW") {
		t.Errorf("got %v", err)
	}
	first := func(set *dataset.Set, o Options) error {
		f, err := New(t.Context(), set, s, o)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.Next()
		return err
	}
	if err := first(set, options(t, "rgb,crop=5x5")); err != nil {
		t.Error(err)
	}
	o = options(t, "rgb")
	o.Augment = Augment{}
	if err := first(set, o); err == nil || !strings.Contains(err.Error(), "as an input, the first photo of its batch") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(set.File(2), []byte("GIF89a"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := first(set, options(t, how)); err == nil || !strings.Contains(err.Error(), set.File(2)) {
		t.Errorf("got %v, which should name %s", err, set.File(2))
	}
}

// TestClosed: closing ends what runs, and an interrupt does.
func TestClosed(t *testing.T) {
	set, o := photos(t, 6), options(t, how)
	ctx, stop := context.WithCancel(t.Context())
	s, _ := sampler.NewShuffled(6, 3, true, 1)
	f, err := New(ctx, set, s, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Next(); err != nil {
		t.Fatal(err)
	}
	stop()
	for range 10 {
		if _, err = f.Next(); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("an interrupted feed goes on")
	}
	f.Close()
	if _, err := f.Next(); err != context.Canceled {
		t.Errorf("after closing: %v", err)
	}
}
