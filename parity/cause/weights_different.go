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
	General: true,
	Break: func(p *Port) []Fault {
		var list []Fault
		for _, n := range p.Graph.Nodes {
			for i, param := range n.Params {
				if !ownWeights(n, i) {
					continue
				}
				count := param.Value.Dims().Len()
				at := p.Rand.IntN(count)
				list = append(list,
					changedParam(n, i, fmt.Sprintf("one of parameter %d", i), true, func(k int, v, size float64) float64 {
						if k == at {
							v += size * (1 + math.Abs(v))
						}
						return v
					}),
					changedParam(n, i, fmt.Sprintf("all of parameter %d", i), true, func(k int, v, size float64) float64 {
						return v * (1 + size*float64(k%5+1)/5)
					}))
			}
		}
		return list
	},
	Variants: func(s *Segment) []Variant {
		return append(append(s.otherParams(), s.solvedNormalisations()...), s.replaced(func(n *graph.Node, w, v *tensor.Tensor[float32]) (string, bool) {
			if s.rearrangement(n, v) || formatOf(w, v) != "" || Fresh(w, v) != "" {
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

// solvedNormalisations have, for each channel, the factor and the shift that fit the candidate's numbers best: of a
// normalisation with the scale behind it, or of a scale alone.
func (s *Segment) solvedNormalisations() []Variant {
	list := s.normalisations(func(b normalisation) []Variant {
		if b.scale == nil {
			return s.solvedAffine(b.node, b.node)
		}
		return s.solvedAffine(b.node, b.scale)
	})
	for _, n := range s.Nodes {
		if l, ok := n.Layer.(layer.Scale); ok && l.Axis == 1 && n == s.Nodes[0] {
			list = append(list, s.solvedAffine(n, n)...)
		}
	}
	return list
}

// solvedAffine replaces the layers from first to last, which multiply and add a number in each channel. Two numbers a channel
// prove something where it has twice as many elements or more.
func (s *Segment) solvedAffine(first, last *graph.Node) []Variant {
	x := s.valueOf(first.Inputs[0])
	if x == nil || s.Output != last.Outputs[0] || !x.Shape.Equal(s.Candidate.Shape) || len(x.Shape) < 2 || x.Shape[0]*x.Shape[2:].Len() < 4 {
		return nil
	}
	slope, shift := tensor.New[float64](x.Shape[1]), tensor.New[float64](x.Shape[1])
	for c := range slope.Data {
		group := layer.BatchNorm{}.Channel(x.Shape, c)
		slope.Data[c] = slopeOf(group, x.Data, s.Candidate.Data)
		n := 0.0
		for at := range group.All() {
			shift.Data[c] += s.Candidate.Data[at] - slope.Data[c]*x.Data[at]
			n++
		}
		shift.Data[c] /= n
	}
	solved := &graph.Node{Name: first.Name, Layer: layer.Scale{Axis: 1, Bias: true}, Inputs: first.Inputs, Outputs: last.Outputs,
		Params: []*graph.Param{{Name: "factor", Value: slope}, {Name: "shift", Value: shift}}}
	nodes := s.With(first, solved)
	if last != first {
		nodes = slices.DeleteFunc(nodes, func(n *graph.Node) bool { return n == last })
	}
	return []Variant{{
		Nodes: nodes, Layer: first, Unknowns: 2 * len(slope.Data), Parameters: map[string]string{"reference": "as stored", "candidate": "others"},
		Explanation: "what each channel is multiplied by, and what is added, are other numbers than the reference's",
	}}
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

// ownWeights reports whether a parameter is one that this cause is about: not a bias, nor what has a cause of its own.
func ownWeights(n *graph.Node, i int) bool {
	switch n.Layer.(type) {
	case layer.Convolution, layer.Deconvolution, layer.InnerProduct, layer.Scale:
		return i == 0
	case layer.BatchNorm:
		return i < 2
	case layer.FusedBatchNorm:
		return i != 1
	}
	return false
}

// otherParams proposes, for layers that multiply channel by channel, the candidate's own parameters: all that differ.
func (s *Segment) otherParams() []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		if weighs(n) {
			continue
		}
		params, differ := make([]*tensor.Tensor[float64], len(n.Params)), false
		for i, p := range n.Params {
			v := s.counterpartParam(n, i)
			if v == nil || !ownWeights(n, i) || slices.Equal(v.Data, tensor.As[float32](p.Value).Data) {
				continue
			}
			params[i], differ = tensor.As[float64](v), true
		}
		if differ {
			list = append(list, Variant{
				Nodes: s.withParams(n, params...), Layer: n, Stated: true, Parameters: map[string]string{"weights": "others"},
				Explanation: fmt.Sprintf("the candidate's %s has other parameters", n.Layer.Kind()),
			})
		}
	}
	return list
}
