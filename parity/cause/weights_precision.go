package cause

import (
	"fmt"
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsPrecision = &Cause{
	ID:      "weights.precision",
	Title:   "the weights were stored in a smaller format",
	Symptom: "Every weight is off by a relative error of up to 2^-11 (float16) or 2^-8 (bfloat16), or by a step of a grid (int8).",
	Why:     "The model was exported in half precision or quantised to save space.",
	Fix: Fixes{
		Caffe: "save as float", TensorFlow: "export in float32", Keras: "mixed_precision off, dtype float32", PyTorch: "model.float() before the export", ONNX: "do not convert to float16",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			var list []Fault
			for _, bits := range []int{11, 8} {
				list = append(list, changedParam(n, 0, fmt.Sprintf("%d bits", bits), false, func(_ int, v, _ float64) float64 {
					if v == 0 {
						return 0
					}
					_, e := math.Frexp(max(math.Abs(v), map[int]float64{11: 0x1p-14, 8: 0x1p-126}[bits]))
					return math.RoundToEven(math.Ldexp(v, bits-e)) * math.Ldexp(1, e-bits)
				}))
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		if s.hasCandidateWeights() {
			return s.replaced(func(_ *graph.Node, w, v *tensor.Tensor[float32]) (string, bool) {
				format := formatOf(w, v)
				return "are the reference's rounded to " + format, format != ""
			})
		}
		var list []Variant
		for _, n := range s.weighted() {
			for _, f := range formats {
				list = append(list, Variant{
					Nodes: s.WithWeights(n, f.of(weightsOf(n))), Layer: n, Parameters: map[string]string{"weights": f.name},
					Explanation: fmt.Sprintf("the candidate's weights are the reference's rounded to %s", f.name),
				})
			}
		}
		return list
	},
}

// formatOf names the format that turns w into v, empty for none. A format's rounding may go either way.
func formatOf(w, v *tensor.Tensor[float32]) string {
	for _, f := range formats {
		fits := true
		for i, x := range w.Data {
			y := float64(v.Data[i])
			within := math.Abs(y-float64(x)) <= math.Ldexp(max(math.Abs(float64(x)), f.smallest), 1-f.bits)
			if fits = y == f.round(y) && within; !fits {
				break
			}
		}
		if fits {
			return f.name
		}
	}
	return ""
}
