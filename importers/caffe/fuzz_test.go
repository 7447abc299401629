package caffe_test

import (
	"testing"

	"parity/importers/caffe"
)

// FuzzText checks that any text gets an answer, and that a graph which is returned keeps the rules of graphs.
func FuzzText(f *testing.F) {
	_, text := damaged()
	for _, seed := range []string{present, v1, v0, product, text, "", "layer {}", "input: \"x\" layers { layer { } }"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := caffe.ParseText("net.prototxt", data)
		if err != nil {
			return
		}
		check(t, n, nil)
	})
}

// FuzzBinary does the same for caffemodels, as weights and as networks.
func FuzzBinary(f *testing.F) {
	model, text := damaged()
	f.Add([]byte(model))
	f.Add([]byte(weights("c", blob([]int{2, 3, 2, 2}, count(24, 1)...), blob([]int{2}, 1, 2))))
	v0 := message(nil).text(1, "f").text(2, "innerproduct").int(3, 2).sub(50, old(1, 1, 2, 3, count(6, 1)...))
	f.Add([]byte(message(nil).text(3, "x").int(4, 1).sub(2, message(nil).sub(1, v0).text(2, "x").text(3, "f"))))
	n, err := caffe.ParseText("net.prototxt", []byte(text))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := caffe.ParseBinary("w.caffemodel", data)
		if err != nil {
			return
		}
		check(t, n, w)
		check(t, w, w)
	})
}

func check(t *testing.T, n, w *caffe.Net) {
	g, err := caffe.Lower(n, w, caffe.Options{})
	if err != nil {
		return
	}
	if err := g.Check(); err != nil {
		t.Error(err)
	}
}
