package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var biasDifferent = &Cause{
	ID:      "bias.different",
	Title:   "the bias is another one",
	Symptom: "Some output channels are off by a constant each.",
	Why:     "The port was made from another version of the model, or biases were loaded in another order.",
	Fix: Fixes{
		Caffe: "take the caffemodel that the port was made from", TensorFlow: "convert the bias again", Keras: "convert the bias again", PyTorch: "convert the bias again", ONNX: "export again",
	},
	General: true,
	Break: func(p *Port) []Fault {
		return breakWeights(p, 1, func(n *graph.Node, b *tensor.Tensor[float32]) []Fault {
			one := p.Rand.IntN(len(b.Data))
			return []Fault{
				changedParam(n, 1, "one channel", true, func(i int, v, size float64) float64 {
					if i == one {
						v += size
					}
					return v
				}),
				changedParam(n, 1, "all channels", true, func(i int, v, size float64) float64 { return v*(1+size) + size*0.01*float64(i+1) }),
			}
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.weighted() {
			if len(n.Params) < 2 {
				continue
			}
			own := tensor.As[float32](n.Params[1].Value)
			for i, b := range [][]float64{s.candidateBias(own.Shape.Len()), s.solveBias(n)} {
				if b == nil || !slices.ContainsFunc(b, func(v float64) bool { return v != 0 }) || equalTo(own, b) {
					continue
				}
				list = append(list, Variant{
					Nodes: s.withBias(n, tensor.From(b, own.Shape...)), Layer: n, Stated: i == 0, Unknowns: i * len(changedBiases(own, b)),
					Parameters:  map[string]string{"channels": biasChanges(own, b)},
					Explanation: "the bias is another one in " + biasChanges(own, b),
				})
			}
		}
		return list
	},
}

func equalTo(own *tensor.Tensor[float32], b []float64) bool {
	for i, v := range own.Data {
		if float64(v) != b[i] {
			return false
		}
	}
	return true
}

// changedBiases are the channels in which two biases differ by more than rounding.
func changedBiases(own *tensor.Tensor[float32], b []float64) []int {
	var list []int
	for i, v := range own.Data {
		if math.Abs(float64(v)-b[i]) > 1e-4*math.Abs(float64(v))+1e-6 {
			list = append(list, i)
		}
	}
	return list
}

// biasChanges lists them for people.
func biasChanges(own *tensor.Tensor[float32], b []float64) string {
	var differ []string
	for _, i := range changedBiases(own, b) {
		differ = append(differ, fmt.Sprintf("%d (%.4g instead of %.4g)", i, b[i], own.Data[i]))
	}
	if n := len(differ); n > 3 {
		return fmt.Sprintf("%d of %d channels, the first %s", n, len(own.Data), differ[0])
	}
	return fmt.Sprintf("channel %v", differ)
}

// candidateBias is the bias in the candidate's graph.
func (s *Segment) candidateBias(n int) []float64 {
	for _, c := range s.Counterpart {
		at := -1
		if _, bias := c.Layer.(layer.Bias); bias {
			at = 0
		} else if weighs(c) {
			at = 1
		}
		if at >= 0 && at < len(c.Params) && c.Params[at].Value.Dims().Len() == n {
			return tensor.As[float64](c.Params[at].Value).Data
		}
	}
	return nil
}

// solveBias takes, for a layer whose output is recorded, the mean difference of each channel.
func (s *Segment) solveBias(n *graph.Node) []float64 {
	if s.Output != n.Outputs[0] {
		return nil
	}
	out, ok := s.compute(Variant{Nodes: s.Nodes})
	if !ok || len(out.Shape) < 2 {
		return nil
	}
	b := slices.Clone(tensor.As[float64](n.Params[1].Value).Data)
	inner := out.Shape[2:].Len()
	count := float64(len(out.Data) / len(b))
	for i, v := range out.Data {
		b[i/inner%len(b)] += (s.Candidate.Data[i] - v) / count
	}
	return b
}
