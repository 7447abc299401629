package caffe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
)

// Networks of one layer with weights 2x3 (and a bias).
const (
	rows     = `layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 4 dim: 3 } } } `
	product  = rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" inner_product_param { num_output: 2 } }`
	unbiased = rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" inner_product_param { num_output: 2 bias_term: false } }`
)

// load lowers a network with weights that must fit.
func load(t *testing.T, text string, m message) *graph.Graph {
	t.Helper()
	g, err := caffe.Lower(parse(t, text), readBinary(t, m), caffe.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func param(g *graph.Graph, node string, i int) *tensor.Tensor[float32] {
	return g.Node(node).Params[i].Value.(*tensor.Tensor[float32])
}

// TestWeightForms checks every form in which files of the years hold the same blobs.
func TestWeightForms(t *testing.T) {
	w, b := count(6, 1), count(2, 10)
	v1 := message(nil).text(4, "f").int(5, 14).sub(6, old(1, 1, 2, 3, w...)).sub(6, old(1, 1, 1, 2, b...))
	v0 := message(nil).text(1, "f").text(2, "innerproduct").sub(50, old(1, 1, 2, 3, w...)).sub(50, old(1, 1, 1, 2, b...))
	unpacked := message(nil).sub(7, shape(2, 3)).unpacked(5, w...)
	halves := message(nil).sub(7, shape(2, 3)).floats(5, w[:2]...).floats(5, w[2:]...)
	plainDims := message(nil).sub(7, message(nil).int(1, 2).int(1, 3)).floats(5, w...)
	trained := blob([]int{2, 3}, w...).floats(6, count(6, 50)...) // with gradients
	doubles := message(nil).sub(7, shape(2, 3)).doubles(8, 1, 2, 3, 4, 5, 6)
	for name, m := range map[string]message{
		"present":         weights("f", blob([]int{2, 3}, w...), blob([]int{2}, b...)),
		"V1":              message(nil).sub(2, v1),
		"V0":              message(nil).sub(2, message(nil).sub(1, v0)),
		"old extents":     weights("f", old(1, 1, 2, 3, w...), old(1, 1, 1, 2, b...)),
		"padded":          weights("f", blob([]int{1, 1, 2, 3}, w...), blob([]int{1, 1, 1, 2}, b...)),
		"flat image":      weights("f", blob([]int{2, 3, 1, 1}, w...), blob([]int{2}, b...)),
		"not packed":      weights("f", unpacked, blob([]int{2}, b...)),
		"in pieces":       weights("f", halves, blob([]int{2}, b...)),
		"dims not packed": weights("f", plainDims, blob([]int{2}, b...)),
		"gradients":       weights("f", trained, blob([]int{2}, b...)),
		"doubles":         weights("f", doubles, blob([]int{2}, b...)),
	} {
		t.Run(name, func(t *testing.T) {
			g := load(t, product, m)
			if diff := cmp.Diff(tensor.From(w, 2, 3), param(g, "f", 0)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tensor.From(b, 2), param(g, "f", 1)); diff != "" {
				t.Error(diff)
			}
		})
	}
	g := load(t, product, weights("f", doubles, blob([]int{2}, b...)))
	if got, want := g.Node("f").Origin.Transforms, []string{"weights rounded to float32"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := g.Node("f").Params[1].Name, "f[1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTransposed(t *testing.T) {
	text := rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" inner_product_param { num_output: 2 bias_term: false transpose: true } }`
	g := load(t, text, weights("f", blob([]int{3, 2}, 1, 4, 2, 5, 3, 6)))
	if diff := cmp.Diff(tensor.From(count(6, 1), 2, 3), param(g, "f", 0)); diff != "" {
		t.Error(diff)
	}
	if got, want := g.Node("f").Origin.String(), "net.prototxt:1:85 (f; weights transposed from inputs x outputs)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := g.Node("f").Params[0].StoredShape(); !got.Equal(tensor.Shape{3, 2}) {
		t.Errorf("stored as %v, want 3x2", got)
	}
	got := refused(t, text, readBinary(t, weights("f", blob([]int{2, 3}, count(6, 1)...))))
	if want := "expected shape 3x2"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestTied checks an encoder and a decoder that share one matrix, which the decoder reads transposed.
func TestTied(t *testing.T) {
	text := rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" param { name: "w" } inner_product_param { num_output: 2 bias_term: false } }
layer { name: "g" type: "InnerProduct" bottom: "f" top: "g" param { name: "w" } inner_product_param { num_output: 3 bias_term: false transpose: true } }`
	g := load(t, text, weights("f", blob([]int{2, 3}, count(6, 1)...)))
	owner, tied := g.Node("f").Params[0], g.Node("g").Params[0]
	if tied.Shares != owner || !tied.StoredShape().Equal(tensor.Shape{2, 3}) {
		t.Errorf("shares %v, stored as %v", tied.Shares, tied.StoredShape())
	}
	if diff := cmp.Diff(tensor.From([]float32{1, 4, 2, 5, 3, 6}, 3, 2), param(g, "g", 0)); diff != "" {
		t.Error(diff)
	}
	got := refused(t, strings.Replace(text, "num_output: 3", "num_output: 4", 1), readBinary(t, weights("f", blob([]int{2, 3}, count(6, 1)...))))
	if want := `shares the weights "w" of shape 2x3 with f[0], and needs 2x4`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSeveralBottoms checks that a convolution of several bottoms has the same weights for all.
func TestSeveralBottoms(t *testing.T) {
	text := input + `layer { name: "c" type: "Convolution" bottom: "x" bottom: "x" top: "a" top: "b" convolution_param { num_output: 1 kernel_size: 1 bias_term: false } }`
	g := load(t, text, weights("c", blob([]int{1, 3, 1, 1}, 1, 2, 3)))
	if first, second := g.Node("c").Params[0], g.Node("c/1").Params[0]; first != second {
		t.Errorf("got weights %v and %v", first, second)
	}
	other := strings.Replace(text, `dim: 9 } } }`, `dim: 9 } } } layer { name: "in 2" type: "Input" top: "y" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } } }`, 1)
	got := refused(t, strings.Replace(other, `bottom: "x" top`, `bottom: "y" top`, 1), nil)
	if want := `the bottoms "x" and "y" must have one shape, found 2x3x8x9 and 2x3x8x8`; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWeightErrors(t *testing.T) {
	w, b := blob([]int{2, 3}, count(6, 1)...), blob([]int{2}, 1, 2)
	twice := rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" inner_product_param { num_output: 2 } }
layer { name: "f" type: "InnerProduct" bottom: "x" top: "g" inner_product_param { num_output: 2 } }`
	for _, row := range []struct {
		name, text string
		weights    message
		want       string
	}{
		{"other width", product, weights("f", blob([]int{2, 4}, count(8, 1)...), b),
			"w.caffemodel:offset 22: weights 0 of layer \"f\": expected shape 2x3, as its definition at net.prototxt:1:85 needs, found 2x4; are these the weights of another network?"},
		{"same number of elements", product, weights("f", blob([]int{3, 2}, count(6, 1)...), b), "expected shape 2x3, as its definition at net.prototxt:1:85 needs, found 3x2"},
		{"bias", product, weights("f", w, blob([]int{3}, 1, 2, 3)), "weights 1 of layer \"f\": expected shape 2,"},
		{"missing layer", product, weights("ff", w, b),
			`net.prototxt:1:85: layer "f" (InnerProduct): needs 2 weight blob(s), and w.caffemodel has no layer of this name; Caffe would silently leave them as its filler draws them; did you mean "ff"?`},
		{"no blobs", product, weights("f"), `net.prototxt:1:85: layer "f" (InnerProduct): needs 2 weight blob(s), found 0 in w.caffemodel`},
		{"one blob", product, weights("f", w), `net.prototxt:1:85: layer "f" (InnerProduct): needs 2 weight blob(s), found 1 in w.caffemodel:offset 22`},
		{"three blobs", product, weights("f", w, b, b), "needs 2 weight blob(s), found 3 in w.caffemodel"},
		{"one name twice", twice, weights("f", w, b),
			`net.prototxt:2:1: layer "f" (InnerProduct): needs weights, but Caffe gives those of "f" in w.caffemodel to the first layer of that name, at 1:85; rename one of the two`},
		{"weights where none belong", input + `layer { name: "f" type: "ReLU" bottom: "x" top: "y" }`, weights("f", w), "needs 0 weight blob(s), found 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := refused(t, row.text, readBinary(t, row.weights)); !strings.Contains(got, row.want) {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestWeightNotes(t *testing.T) {
	w, b := blob([]int{2, 3}, count(6, 1)...), blob([]int{2}, 1, 2)
	later := blob([]int{2, 3}, count(6, 7)...)
	m := append(append(weights("f", w, b), weights("loss1/conv", w)...), weights("f", later, b)...)
	g := load(t, product, m)
	want := []string{
		`w.caffemodel: holds weights of two layers called "f"; the later ones count, as in Caffe`,
		"w.caffemodel: the network has no layers for these weights, which are ignored: loss1/conv",
	}
	if diff := cmp.Diff(want, g.Notes); diff != "" {
		t.Error(diff)
	}
	if got := param(g, "f", 0).Data[0]; got != 7 {
		t.Errorf("got %v, want 7", got)
	}
}

// TestForks checks that fields and types of forks do not keep a caffemodel from being read.
func TestForks(t *testing.T) {
	l := message(nil).text(4, "f").int(5, 77).int(99, 1).sub(6, old(1, 1, 2, 3, count(6, 1)...)).sub(6, old(1, 1, 1, 2, 1, 2))
	g := load(t, product, message(nil).sub(2, l))
	if len(g.Notes) != 1 || !strings.Contains(g.Notes[0], "2 fields are not BVLC Caffe's") {
		t.Errorf("got %q", g.Notes)
	}
}

// TestShared checks weights that several layers share under a name: Caffe writes every sharer's blob to one place.
func TestShared(t *testing.T) {
	const spec = `param { name: "w" } inner_product_param { num_output: 3 bias_term: false } }`
	text := rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" ` + spec + ` layer { name: "g" type: "InnerProduct" bottom: "f" top: "g" ` + spec
	a, b := blob([]int{3, 3}, count(9, 1)...), blob([]int{3, 3}, count(9, 100)...)
	for name, row := range map[string]struct {
		weights message
		want    float32
	}{
		"both the same": {append(weights("f", a), weights("g", a)...), 1},
		"the later":     {append(weights("f", a), weights("g", b)...), 100},
		"file's order":  {append(weights("g", b), weights("f", a)...), 1},
		"owner only":    {weights("f", a), 1},
		"sharer only":   {weights("g", b), 100},
	} {
		g := load(t, text, row.weights)
		if f, got := g.Node("f").Params[0], g.Node("g").Params[0]; f != got || param(g, "f", 0).Data[0] != row.want {
			t.Errorf("%s: got %v and %v, want one that begins with %v", name, f, got, row.want)
		}
	}
	if got, want := refused(t, text, readBinary(t, weights("h", a))), "has no layer of this name"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSharedShapes checks that shared weights must have one shape, or with PERMISSIVE one number of elements.
func TestSharedShapes(t *testing.T) {
	text := func(mode string) string {
		return rows + `layer { name: "f" type: "InnerProduct" bottom: "x" top: "f" param { name: "w" } inner_product_param { num_output: 2 bias_term: false } }
layer { name: "g" type: "InnerProduct" bottom: "f" top: "g" param { name: "w" ` + mode + ` } inner_product_param { num_output: 3 bias_term: false } }`
	}
	m := append(weights("f", blob([]int{2, 3}, count(6, 1)...)), weights("g", blob([]int{3, 2}, count(6, 1)...))...)
	if got, want := refused(t, text(""), readBinary(t, m[:len(m)/2])), `net.prototxt:2:1: layer "g" (InnerProduct): shares the weights "w" of shape 2x3 with f[0], and needs 3x2`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	g := load(t, text("share_mode: PERMISSIVE"), m[:len(m)/2])
	got, owner := param(g, "g", 0), param(g, "f", 0)
	if !got.Shape.Equal(tensor.Shape{3, 2}) || &got.Data[0] != &owner.Data[0] {
		t.Errorf("got shape %v, of its own memory: %v", got.Shape, &got.Data[0] != &owner.Data[0])
	}
}

// TestOwnBlobs checks weights that stand in the text of the network.
func TestOwnBlobs(t *testing.T) {
	g := lower(t, strings.Replace(unbiased, "bottom:", "blobs { shape { dim: 2 dim: 3 } data: [1, 2, 3, 4, 5, 6] } bottom:", 1))
	if diff := cmp.Diff(tensor.From(count(6, 1), 2, 3), param(g, "f", 0)); diff != "" {
		t.Error(diff)
	}
	got := refused(t, strings.Replace(unbiased, "bottom:", "blobs { num: 2 data: 1 } bottom:", 1), nil)
	if want := "net.prototxt:1:124: a blob of shape 2x0x0x0 holds 1 numbers"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestUnknownKeepsBlobs checks that the weights of a layer that cannot be computed can be looked at.
func TestUnknownKeepsBlobs(t *testing.T) {
	g := load(t, input+`layer { name: "bn" type: "BatchNorm" bottom: "x" top: "x" param { lr_mult: 0 } }`,
		weights("bn", blob([]int{3}, 1, 2, 3), blob([]int{3}, 4, 5, 6), blob([]int{1}, 7)))
	if got := len(g.Node("bn").Params); got != 3 {
		t.Errorf("got %d blobs, want 3", got)
	}
}

// TestReadWeights checks the list of what a caffemodel holds.
func TestReadWeights(t *testing.T) {
	path := write(t, "w.caffemodel", append(weights("f", blob([]int{2, 3}, count(6, 1)...), old(1, 1, 1, 2, 1, 2)), weights("g", message(nil).sub(7, shape()).doubles(8, 3))...))
	list, err := caffe.ReadWeights(path)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Layer    string
		Index    int
		Shape    string
		DType    string
		Position string
	}
	var got []row
	for _, w := range list {
		got = append(got, row{w.Layer, w.Index, w.Shape.String(), w.Dtype, w.Position})
	}
	want := []row{
		{"f", 0, "2x3", "float32", "offset 22"}, {"f", 1, "1x1x1x2", "float32", "offset 56"}, {"g", 0, "scalar", "float64", "offset 96"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	model := write(t, "net.prototxt", []byte(product))
	w := weights("f", blob([]int{2, 3}, count(6, 1)...), blob([]int{2}, 1, 2))
	if _, err := caffe.Load(model, write(t, "w.caffemodel", w)); err != nil {
		t.Error(err)
	}
	for _, row := range []struct{ name, data, want string }{
		{"w.h5", "\x89HDF\r\n\x1a\n", "expected an HDF5 file"},
		{"lfs.caffemodel", "version https://git-lfs.github.com/spec/v1\n", "this is a Git LFS pointer"},
		{"text.caffemodel", "# weights\nname: \"net\"\n", "found text"},
		{"empty.caffemodel", "", "found an empty file"},
	} {
		_, err := caffe.Load(model, write(t, row.name, []byte(row.data)))
		if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), row.name) {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
	_, err := caffe.Load(model, "")
	if want := `layer "f" (InnerProduct): needs weights, and none are given: name a .caffemodel too`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := caffe.Load(write(t, "plain.prototxt", []byte(input+`layer { name: "r" type: "ReLU" bottom: "x" top: "y" }`)), ""); err != nil {
		t.Error(err)
	}
	if g := lower(t, product); g.Node("f").Params != nil {
		t.Errorf("got parameters %v without weights", g.Node("f").Params)
	}
}

// TestCaffemodelAlone checks that a caffemodel can be the network too.
func TestCaffemodelAlone(t *testing.T) {
	settings := message(nil).int(1, 2)
	l := message(nil).text(1, "f").text(2, "InnerProduct").text(3, "x").text(4, "f").sub(117, settings).
		sub(7, blob([]int{2, 3}, count(6, 1)...)).sub(7, blob([]int{2}, 1, 2))
	path := write(t, "w.caffemodel", message(nil).text(1, "alone").sub(100, l))
	g, err := caffe.Load(path, "")
	if err != nil {
		t.Fatal(err)
	}
	want := "input x []\nf: InnerProduct(x) outputs=2 -> f\noutputs f\n"
	if diff := cmp.Diff(want, outline(g)); diff != "" {
		t.Error(diff)
	}
	if want := []string{`w.caffemodel does not say where the blob "x" comes from; it is taken for an input`}; !cmp.Equal(g.Notes, want) {
		t.Errorf("got %q, want %q", g.Notes, want)
	}
	if diff := cmp.Diff(tensor.From(count(6, 1), 2, 3), param(g, "f", 0)); diff != "" {
		t.Error(diff)
	}
}
