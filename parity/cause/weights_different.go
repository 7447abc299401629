package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
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
	Rest: true,
	Variants: func(s *Segment) []Variant {
		return append(s.solvedNormalisations(), s.replaced(func(n *graph.Node, w, v *tensor.Tensor[float32]) (string, bool) {
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
		})...)
	},
}

// solvedNormalisations have, for each channel, the factor and the shift that fit the candidate's numbers best. Two numbers a
// channel prove something where it has twice as many elements or more.
func (s *Segment) solvedNormalisations() []Variant {
	return s.normalisations(func(b normalisation) []Variant {
		x := b.valueOf(b.node.Inputs[0])
		if x == nil || b.Output != b.end() || !x.Shape.Equal(b.Candidate.Shape) || len(x.Shape) < 2 || x.Shape[0]*x.Shape[2:].Len() < 4 {
			return nil
		}
		slope, shift := tensor.New[float64](x.Shape[1]), tensor.New[float64](x.Shape[1])
		for c := range slope.Data {
			group := b.layer.Channel(x.Shape, c)
			slope.Data[c] = slopeOf(group, x.Data, b.Candidate.Data)
			n := 0.0
			for at := range group.All() {
				shift.Data[c] += b.Candidate.Data[at] - slope.Data[c]*x.Data[at]
				n++
			}
			shift.Data[c] /= n
		}
		solved := &graph.Node{Name: b.node.Name, Layer: layer.Scale{Axis: 1, Bias: true}, Inputs: b.node.Inputs, Outputs: []string{b.end()},
			Params: []*graph.Param{{Name: "factor", Value: slope}, {Name: "shift", Value: shift}}}
		nodes := s.With(b.node, solved)
		if b.scale != nil {
			nodes = slices.DeleteFunc(nodes, func(n *graph.Node) bool { return n == b.scale })
		}
		return []Variant{b.variant(nodes, "what the normalisation multiplies by and adds", "as stored", "other numbers in each channel")}
	})
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
