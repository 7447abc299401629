package cause

import (
	"fmt"
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

var softmaxTemperature = &Cause{
	ID:      "softmax.temperature",
	Title:   "the scores are divided by a temperature before the softmax",
	Symptom: "The order of the classes agrees, but all probabilities are sharper or flatter; their logarithms are in proportion.",
	Why:     "Networks trained with a heated-up softmax, distilled or calibrated ones carry a temperature that the port drops, or applies twice.",
	Fix: Fixes{
		Caffe: "a Power layer with scale 1/T before the Softmax", TensorFlow: "tf.nn.softmax(x / T)", Keras: "the same in a Lambda layer",
		PyTorch: "torch.softmax(x / T, dim=1)", ONNX: "a Div node before Softmax",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Softmax) []Fault {
			before := p.Graph.Producers()[n.Inputs[0]]
			if before == nil {
				return nil
			}
			return []Fault{{Layer: n.Name, What: "any", Sized: true, Make: func(p *Port, size float64) {
				p.insert(before.Name, layer.Power{Power: 1, Scale: 1 / (1 + size)})
			}}, {Layer: n.Name, What: "hotter", Make: func(p *Port, _ float64) { p.insert(before.Name, layer.Power{Power: 1, Scale: 2}) }}}
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			l, ok := n.Layer.(layer.Softmax)
			if !ok || s.Output != n.Outputs[0] {
				continue
			}
			factor := s.solveTemperature(n, l)
			for _, t := range otherThan(1, append(s.declaredFactor(), solved(rounded(factor)...)...)) {
				f := t.value
				scaled := []string{n.Inputs[0] + "#scaled"}
				scale := &graph.Node{Name: n.Name + "#scale", Layer: layer.Power{Power: 1, Scale: f}, Inputs: n.Inputs, Outputs: scaled}
				after := *n.As(n.Layer, n.Params)
				after.Inputs = scaled
				list = append(list, t.mark(Variant{
					Nodes: s.With(n, scale, &after), Layer: n,
					Parameters:  map[string]string{"reference": "1", "candidate": number(1 / f)},
					Explanation: fmt.Sprintf("the candidate divides the scores by %s before the softmax, the reference does not", number(1/f)),
					Fix:         fmt.Sprintf("multiply the scores by %s before %s", number(1/f), s.counterpartName("Softmax")),
				}))
			}
		}
		return list
	},
}

// declaredFactor is by what the candidate's graph multiplies here.
func (s *Segment) declaredFactor() []trial {
	if l, ok := declared[layer.Power](s); ok && l.Power == 1 && l.Shift == 0 {
		return []trial{stated(l.Scale)}
	}
	return nil
}

// solveTemperature is the slope of log p over the scores, from the extreme pairs of every row: log p_i - log p_j =
// f (x_i - x_j).
func (s *Segment) solveTemperature(n *graph.Node, l layer.Softmax) float64 {
	x := s.valueOf(n.Inputs[0])
	if x == nil || len(x.Data) != len(s.Candidate.Data) {
		return math.NaN()
	}
	var slopes []float64
	l.EachRow(x.Shape, 1, func(start, stride, count int) {
		top, bottom := start, start
		for i := range count {
			at := start + i*stride
			if x.Data[at] > x.Data[top] {
				top = at
			}
			if x.Data[at] < x.Data[bottom] && s.Candidate.Data[at] > 1e-30 {
				bottom = at
			}
		}
		slopes = append(slopes, math.Log(s.Candidate.Data[top]/s.Candidate.Data[bottom])/(x.Data[top]-x.Data[bottom]))
	})
	return median(slopes)
}
