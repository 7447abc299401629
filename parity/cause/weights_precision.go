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

// format is a floating-point format smaller than float32.
type format struct {
	name     string
	bits     int     // of the significand, the hidden one included
	smallest float64 // normal number
	largest  float64
}

var formats = []format{
	{"bfloat16", 8, 0x1p-126, 3.3895313892515355e38}, // first: its numbers of middling size are float16's too
	{"float16", 11, 0x1p-14, 65504},
}

// round returns the nearest number of the format, ties to even; numbers below the normal ones have its smallest step.
func (f format) round(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	_, e := math.Frexp(max(math.Abs(v), f.smallest))
	step := math.Ldexp(1, e-f.bits)
	r := math.RoundToEven(v/step) * step
	if math.Abs(r) > f.largest {
		return math.Inf(int(math.Copysign(1, r)))
	}
	return r
}

func (f format) of(w *tensor.Tensor[float32]) *tensor.Tensor[float32] {
	out := tensor.New[float32](w.Shape...)
	for i, v := range w.Data {
		out.Data[i] = float32(f.round(float64(v)))
	}
	return out
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
