package cause

import (
	"fmt"
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsDifferent = &Cause{
	ID:      "weights.different",
	Title:   "the weights are others",
	Symptom: "The layer is wrong, and so are its weights, in no way that has a name.",
	Why:     "The port was made from another version of the model, trained on, or damaged.",
	Fix: Fixes{
		Caffe: "take the caffemodel that the port was made from", TensorFlow: "convert the weights again", Keras: "convert the weights again",
		PyTorch: "convert the weights again", ONNX: "export again",
	},
	Variants: func(s *Segment) []Variant {
		return s.replaced(func(n *graph.Node, w, v *tensor.Tensor[float32]) (string, bool) {
			if s.rearrangement(n, v) || formatOf(w, v) != "" || freshLaw(w, v) != "" {
				return "", false // these have names of their own
			}
			differ, most := 0, 0.0
			for i, x := range w.Data {
				if x != v.Data[i] {
					differ++
				}
				most = max(most, math.Abs(float64(x)-float64(v.Data[i])))
			}
			return fmt.Sprintf("differ from the reference's in %d of %d elements, by up to %.3g", differ, len(w.Data), most), true
		})
	},
}

// rearrangement reports whether the candidate's weights are the reference's in another arrangement, or another layer's.
func (s *Segment) rearrangement(n *graph.Node, v *tensor.Tensor[float32]) bool {
	alone := *s
	alone.Nodes = []*graph.Node{n}
	for _, c := range []*Cause{weightsLayout, weightsSwapHW, weightsFlip, weightsChannelOrder, weightsFlattenOrder, weightsTransposed, weightsGroupOrder, weightsOtherLayer} {
		if len(c.Variants(&alone)) > 0 {
			return true
		}
	}
	return false
}
