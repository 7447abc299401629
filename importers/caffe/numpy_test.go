package caffe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
	"parity/importers/caffe"
	"parity/importers/pickle"
)

const numPy = "../pickle/testdata/p2.npy" // block: weights 3x2x3x4 and biases 4, classifier: weights 4x5 and biases 5

// A net whose product reads a map of 2 channels and 2 rows, so that the order of its inputs matters.
const numPyNet = `name: "n" input: "x" input_shape { dim: 1 dim: 3 dim: 4 dim: 2 }
layer { name: "block" type: "Convolution" bottom: "x" top: "c" convolution_param { num_output: 4 kernel_h: 3 kernel_w: 2 } }
layer { name: "cut" type: "Reshape" bottom: "c" top: "m" reshape_param { shape { dim: 2 dim: 2 dim: 2 dim: 1 } } }
layer { name: "classifier" type: "InnerProduct" bottom: "m" top: "y" inner_product_param { num_output: 5 } }`

func TestNumPyWeights(t *testing.T) {
	g, err := caffe.Load(write(t, "n.prototxt", []byte(numPyNet)), numPy)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pickle.ReadWeights(numPy)
	if err != nil {
		t.Fatal(err)
	}
	hwio, rows := list[0].Value.(*tensor.Tensor[float32]), list[2].Value.(*tensor.Tensor[float32])
	conv := g.Node("block").Params[0].Value.(*tensor.Tensor[float32])
	if want := tensor.Permute(hwio, 3, 2, 0, 1); !cmp.Equal(conv, want) {
		t.Errorf("the convolution's weights are %v", conv.Shape)
	}
	product := g.Node("classifier").Params[0].Value.(*tensor.Tensor[float32])
	for output := range 5 {
		for channel := range 2 {
			for row := range 2 { // the file has the rows before the channels, Caffe the channels first
				if got, want := product.Data[output*4+channel*2+row], rows.Data[(row*2+channel)*5+output]; got != want {
					t.Errorf("output %d, channel %d, row %d: got %v, want %v", output, channel, row, got, want)
				}
			}
		}
	}
	if got := g.Node("classifier").Params[1].Value.(*tensor.Tensor[float32]); !cmp.Equal(got, list[3].Value.(*tensor.Tensor[float32])) {
		t.Errorf("got the bias %v", got)
	}
}

// A slash is an underscore in caffe-tensorflow's names.
func TestNumPyNames(t *testing.T) {
	net := strings.NewReplacer(`"block"`, `"classifier"`, `name: "classifier"`, `name: "other"`).Replace(numPyNet)
	if _, err := caffe.Load(write(t, "n.prototxt", []byte(strings.ReplaceAll(net, `"classifier"`, `"none"`))), numPy); err == nil || !strings.Contains(err.Error(), "found 2 layers (block, ...) of which it has none") {
		t.Errorf("got %v", err)
	}
}
