package caffe_test

import (
	"encoding/binary"
	"runtime"
	"testing"

	"parity/importers/caffe"
)

// damaged is a caffemodel with every kind of field, and the network that it belongs to.
func damaged() (model message, text string) {
	text = input + `layer { name: "c" type: "Convolution" bottom: "x" top: "c" convolution_param { num_output: 2 kernel_size: 2 } }
layer { name: "r" type: "ReLU" bottom: "c" top: "c" }
layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { kernel_size: 3 stride: 2 } }
layer { name: "f" type: "InnerProduct" bottom: "p" top: "f" inner_product_param { num_output: 2 bias_term: false axis: 3 } }`
	in := message(nil).text(1, "in").text(2, "Input").text(4, "x").sub(143, message(nil).sub(1, shape(2, 3, 8, 9)))
	c := message(nil).text(1, "c").text(2, "Convolution").text(3, "x").text(4, "c").
		sub(106, message(nil).int(1, 2).int(4, 2)).sub(6, message(nil).int(2, 1).unpacked(3, 0.5)).
		sub(7, blob([]int{2, 3, 2, 2}, count(24, 1)...)).sub(7, old(1, 1, 1, 2, 1, 2))
	p := message(nil).text(1, "p").text(2, "Pooling").text(3, "c").text(4, "p").sub(121, message(nil).int(2, 3).int(3, 2)).
		sub(8, message(nil).int(1, 1))
	f := message(nil).text(1, "f").text(2, "InnerProduct").text(3, "p").text(4, "f").
		sub(117, message(nil).int(1, 2).int(2, 0).int(5, 3)).
		sub(7, message(nil).sub(7, shape(2, 4)).doubles(8, 1, 2, 3, 4, 5, 6, 7, 8))
	return message(nil).text(1, "net").sub(100, in).sub(100, c).sub(100, p).sub(100, f), text
}

// try reads a caffemodel as weights and as a network. All that is asked is an answer.
func try(t *testing.T, n *caffe.Net, data []byte) {
	w, err := caffe.ParseBinary("w.caffemodel", data)
	if err != nil {
		return
	}
	caffe.Lower(n, w, caffe.Options{})
	for _, phase := range []caffe.Phase{caffe.Test, caffe.Train} {
		caffe.Lower(w, w, caffe.Options{Phase: phase})
	}
}

func TestUndamaged(t *testing.T) {
	model, text := damaged()
	w := readBinary(t, model)
	for _, n := range []*caffe.Net{parse(t, text), w} {
		if _, err := caffe.Lower(n, w, caffe.Options{}); err != nil {
			t.Error(err)
		}
	}
}

func TestTruncated(t *testing.T) {
	model, text := damaged()
	n := parse(t, text)
	for i := range model {
		try(t, n, model[:i])
	}
	for i := range text {
		if n, err := caffe.ParseText("net.prototxt", []byte(text[:i])); err == nil {
			caffe.Lower(n, nil, caffe.Options{})
		}
	}
}

func TestFlippedBits(t *testing.T) {
	model, text := damaged()
	n := parse(t, text)
	for i := range len(model) * 8 {
		broken := append(message(nil), model...)
		broken[i/8] ^= 1 << (i % 8)
		try(t, n, broken)
	}
	for i := range len(text) * 8 {
		broken := []byte(text)
		broken[i/8] ^= 1 << (i % 8)
		if n, err := caffe.ParseText("net.prototxt", broken); err == nil {
			caffe.Lower(n, nil, caffe.Options{})
		}
	}
}

// TestClaims checks that a length, a shape or a number of outputs is not believed: nothing is allocated for it.
func TestClaims(t *testing.T) {
	_, text := damaged()
	n := parse(t, text)
	long := binary.AppendUvarint(message(nil).text(1, "x"), 100<<3|2)
	huge := message(nil).sub(7, shape(1<<16, 1<<16, 1<<16, 1<<15)).floats(5, 1)
	for name, m := range map[string]message{
		"layer of 4 GB":   binary.AppendUvarint(long, 1<<32),
		"layer of 2^63":   binary.AppendUvarint(long, 1<<63),
		"blob of 2^63":    weights("c", huge),
		"negative extent": weights("c", message(nil).sub(7, shape(-1, -24)).floats(5, count(24, 1)...)),
		"many outputs": message(nil).sub(100, message(nil).text(1, "c").text(2, "Convolution").text(3, "x").text(4, "c").
			sub(106, message(nil).int(1, 1<<31-1).int(4, 1<<31-1).int(6, 1<<31-1).int(18, 1<<31-1))),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		try(t, n, m)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
			t.Errorf("%s: allocated %d bytes", name, got)
		}
	}
}

// TestLargeExtents checks settings whose products do not fit an integer.
func TestLargeExtents(t *testing.T) {
	const most = "4294967295"
	for _, text := range []string{
		`layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 9223372036854775807 dim: 9223372036854775807 dim: 9223372036854775807 dim: 9223372036854775807 } } }
layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" inner_product_param { num_output: ` + most + ` axis: 2 } }`,
		input + `layer { name: "c" type: "Convolution" bottom: "x" top: "c" convolution_param { num_output: ` + most + ` kernel_size: ` + most + ` pad: ` + most + ` dilation: ` + most + ` } }`,
		input + `layer { name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param { kernel_size: ` + most + ` stride: ` + most + ` pad: 4294967294 } }`,
		input + `layer { name: "r" type: "Reshape" bottom: "x" top: "r" reshape_param { shape { dim: ` + most + ` dim: ` + most + ` dim: -1 } } }`,
		input + `layer { name: "l" type: "LRN" bottom: "x" top: "l" lrn_param { local_size: ` + most + ` } }`,
	} {
		n := parse(t, text)
		caffe.Lower(n, nil, caffe.Options{})
		caffe.Lower(n, readBinary(t, weights("c", blob([]int{1}, 1))), caffe.Options{})
	}
}
