package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
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
	Break: func(p *Port) []Fault {
		return append(
			breakNodes(p, func(n *graph.Node, l layer.ReLU) []Fault {
				if l.Slope != 0 {
					return nil
				}
				return []Fault{
					{Layer: n.Name, What: "at 6", Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Layer = layer.Clip{Max: 6} }},
					{Layer: n.Name, What: "at 1", Make: func(p *Port, _ float64) { p.Graph.Node(n.Name).Layer = layer.Clip{Max: 1} }},
				}
			}),
			remade(p, func(_ *graph.Node, l layer.Clip) []remake {
				return []remake{{"nowhere", layer.ReLU{}}, {"lower", layer.Clip{Min: l.Min, Max: l.Max / 2}}}
			})...)
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.activations() {
			var tries []clipping
			switch l := n.Layer.(type) {
			case layer.ReLU:
				if l.Slope != 0 {
					continue
				}
				for _, top := range otherThan(0, append(usual(6, 1, 20), s.ceiling()...)) {
					tries = append(tries, clipping{layer.Clip{Max: top.value}, top})
				}
			case layer.Clip:
				tries = []clipping{{layer: layer.ReLU{}}}
				for _, top := range otherThan(l.Max, append(usual(6, 1), s.ceiling()...)) {
					tries = append(tries, clipping{layer.Clip{Min: l.Min, Max: top.value}, top})
				}
			}
			for _, to := range tries {
				reference, candidate := limitOf(n.Layer), limitOf(to.layer)
				list = append(list, to.mark(Variant{
					Nodes: s.WithLayer(n, to.layer), Layer: n, Parameters: map[string]string{"reference": reference, "candidate": candidate},
					Explanation: fmt.Sprintf("the activation is cut off %s in the reference, %s in the candidate", reference, candidate),
				}))
			}
		}
		return list
	},
}

// clipping is an activation, and where its limit is from.
type clipping struct {
	layer layer.Layer
	trial
}

func limitOf(l layer.Layer) string {
	if c, ok := l.(layer.Clip); ok && !math.IsInf(c.Max, 0) {
		return "at " + number(c.Max)
	}
	return "nowhere"
}

// ceiling is what the candidate's graph says or else its largest value, if it has that more than once, as what is cut off has.
func (s *Segment) ceiling() []trial {
	if l, ok := declared[layer.Clip](s); ok {
		return []trial{stated(l.Max)}
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
	return solved(top)
}
