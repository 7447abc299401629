package main

import (
	"slices"
	"testing"

	"parity/importers/image"
	"parity/parity/study"
)

// The list of filters that are studied is that of all there are.
func TestEveryFilterIsStudied(t *testing.T) {
	if got, want := study.Filters, image.Filters(); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("filters studied: %v\nfilters there are: %v", got, want)
	}
}

// What the variants make of several ways to feed a network can be read.
func TestPreparationsCanBeRead(t *testing.T) {
	factor, err := study.FactorNamed("preprocessing")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"caffe,resize=256x256,crop=224x224", "inception-eval", "vgg-eval", "none", "rgb,standardise", "bgr,mean=1:2:3,std=4:5:6"} {
		base, err := image.Parse(words)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range factor.Variants {
			if v.Prepare == nil {
				continue
			}
			p, err := v.Prepare(study.ParsePreparation(base.String()))
			if err != nil {
				continue // there is nothing to change
			}
			if _, err := image.Parse(p.String()); err != nil {
				t.Errorf("%s of %s: %v", v.ID, words, err)
			}
		}
	}
}

// Of every class as many photos, and the same ones for a seed.
func TestSpread(t *testing.T) {
	var photos []string
	for _, class := range []string{"a", "b", "c"} {
		for n := range 10 {
			photos = append(photos, class+"/"+string(rune('0'+n))+".jpg")
		}
	}
	got := spread(photos, 7, 1)
	counts := map[byte]int{}
	for _, p := range got {
		counts[p[0]]++
	}
	if len(got) != 7 || counts['a'] != 3 || counts['b'] != 2 || counts['c'] != 2 {
		t.Errorf("chosen: %v", got)
	}
	if !slices.Equal(got, spread(photos, 7, 1)) || slices.Equal(got, spread(photos, 7, 2)) {
		t.Error("the choice does not follow the seed")
	}
	if all := spread(photos, 100, 1); len(all) != 30 {
		t.Errorf("%d of 30 photos", len(all))
	}
}
