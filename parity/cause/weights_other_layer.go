package cause

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsOtherLayer = &Cause{
	ID:      "weights.other-layer",
	Title:   "the weights are those of another layer",
	Symptom: "The layer is uncorrelated with the reference's, although its weights are of the original network.",
	Why:     "Two layers of one shape were exchanged in a table of names.",
	Fix: Fixes{
		Caffe: "the layer's name in the caffemodel", TensorFlow: "the variable's name in the checkpoint", Keras: "the order of get_weights()", PyTorch: "the keys of the state_dict", ONNX: "the initialiser's name",
	},
	Variants: func(s *Segment) []Variant {
		return s.replaced(func(n *graph.Node, _, v *tensor.Tensor[float32]) (string, bool) {
			for _, other := range s.Reference.Nodes {
				if other != n && len(other.Params) > 0 && other.Params[0].Value.Dims().Equal(n.Params[0].Value.Dims()) &&
					slices.Equal(weightsOf(other).Data, v.Data) {
					return fmt.Sprintf("are those of the reference's %s", other.Name), true
				}
			}
			return "", false
		})
	},
}
