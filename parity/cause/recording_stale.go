package cause

import (
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var recordingStale = &Cause{
	ID:    "recording.stale",
	Title: "a recorded tensor does not belong to its own model",
	Symptom: "A side's recorded tensor is not what that side's own model computes from the inputs that were recorded " +
		"with it.",
	Why: "The tensors were recorded with other weights or another input than those that lie beside them, or the file was changed " +
		"afterwards. Comparing against them would blame the other side for it.",
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, _ *tensor.Tensor[float32]) []Fault {
			f := changedParam(n, 0, "other weights", true, func(_ int, v, size float64) float64 { return v * (1 + size) })
			f.Stale = true
			return []Fault{f}
		})
	},
}
