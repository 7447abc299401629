package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/layer"
)

var actClip = &Cause{
	ID:      "act.clip",
	Title:   "the activation is cut off above, or should be",
	Symptom: "Values agree up to a number, 6 most often, that none exceeds on one side.",
	Why:     "MobileNet has ReLU6, its ports to frameworks without one ReLU; the reverse happens where a template is reused.",
	Fix: Fixes{
		Caffe: "ReLU followed by a Clip layer, or plain ReLU", TensorFlow: "tf.nn.relu6 or tf.nn.relu", Keras: "ReLU(max_value=6) or ReLU()",
		PyTorch: "nn.ReLU6 or nn.ReLU", ONNX: "Clip or Relu",
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.activations() {
			var tries []layer.Layer
			switch l := n.Layer.(type) {
			case layer.ReLU:
				if l.Slope != 0 {
					continue
				}
				for _, top := range distinct(0, append(s.ceiling(), 6, 1, 20)...) {
					tries = append(tries, layer.Clip{Max: top})
				}
			case layer.Clip:
				tries = []layer.Layer{layer.ReLU{}}
				for _, top := range distinct(l.Max, append(s.ceiling(), 6, 1)...) {
					tries = append(tries, layer.Clip{Min: l.Min, Max: top})
				}
			}
			for _, to := range tries {
				reference, candidate := limitOf(n.Layer), limitOf(to)
				list = append(list, Variant{
					Nodes: s.WithLayer(n, to), Layer: n, Parameters: map[string]string{"reference": reference, "candidate": candidate},
					Explanation: fmt.Sprintf("the activation is cut off %s in the reference, %s in the candidate", reference, candidate),
				})
			}
		}
		return list
	},
}

func limitOf(l layer.Layer) string {
	if c, ok := l.(layer.Clip); ok && !math.IsInf(c.Max, 0) {
		return "at " + number(c.Max)
	}
	return "nowhere"
}

// ceiling is what the candidate's graph says or else its largest value, if it has that more than once, as what is cut off has.
func (s *Segment) ceiling() []float64 {
	if l, ok := declared[layer.Clip](s); ok {
		return []float64{l.Max}
	}
	if len(s.Candidate.Data) == 0 {
		return nil
	}
	top, times := slices.Max(s.Candidate.Data), 0
	for _, v := range s.Candidate.Data {
		if v == top {
			times++
		}
	}
	if times < 2 || top <= 0 {
		return nil
	}
	return []float64{top}
}
