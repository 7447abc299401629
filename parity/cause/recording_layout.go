package cause

import "parity/googlenet/tensor"

var recordingLayout = &Cause{
	ID:      "recording.layout",
	Title:   "the recording does not say how its tensors are laid out",
	Symptom: "Shapes fit the model only once the channels are moved from the end to the front.",
	Why:     "TensorFlow records NHWC; a dump of plain arrays does not say so. A note: it does not change the verdict.",
	Break: func(p *Port) []Fault {
		return []Fault{{Layer: p.Graph.Inputs[0].Name, Note: true, Dump: true, Record: func(_ *Port, values map[string]*tensor.Tensor[float32]) {
			for name, t := range values {
				if len(t.Shape) == 4 {
					values[name] = tensor.Permute(t, 0, 2, 3, 1)
				}
			}
		}}}
	},
}
