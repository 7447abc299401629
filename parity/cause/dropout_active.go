package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var dropoutActive = &Cause{
	ID:      "dropout.active",
	Title:   "dropout is active",
	Symptom: "A share of the values is exactly zero, the others are larger by one factor; two runs differ.",
	Why:     "The network was run or exported in training mode: model.eval() was forgotten, training=True, a placeholder for the phase.",
	Fix: Fixes{
		Caffe: "run with phase TEST", TensorFlow: "remove tf.nn.dropout from the inference graph, or feed rate 0", Keras: "model(x, training=False)", PyTorch: "model.eval()",
		ONNX: "export in evaluation mode",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Dropout) []Fault {
			return []Fault{{Layer: n.Name, What: number(l.Ratio), Make: func(p *Port, _ float64) { p.activate(n.Name, l.Ratio) }}}
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.dropouts(func(n *graph.Node, l layer.Dropout) []Variant {
			mask, factor, dropped := s.kept(n)
			if mask == nil || dropped == 0 || dropped == len(mask.Data) {
				return nil
			}
			var list []Variant
			for _, t := range otherThan(0, append(usual(l.Ratio, 1-l.Ratio), solved(rounded(1-1/factor)...)...)) {
				ratio := t.value
				changed := *n.As(n.Layer, n.Params)
				changed.Layer = layer.Dropout{Ratio: ratio, Active: true}
				changed.Inputs = []string{n.Inputs[0], n.Name + "#mask"}
				v := t.mark(Variant{
					Nodes: s.With(n, &changed), Layer: n, Inputs: map[string]*tensor.Tensor[float64]{n.Name + "#mask": mask},
					Parameters:  map[string]string{"dropped": fmt.Sprintf("%d of %d", dropped, len(mask.Data)), "ratio": number(ratio)},
					Explanation: fmt.Sprintf("the candidate's dropout is active: %d of %d values are zero and the others multiplied by %s", dropped, len(mask.Data), number(1/(1-ratio))),
				})
				v.taken = 1 // whether it is dropped
				list = append(list, v)
			}
			return list
		})
	},
}
