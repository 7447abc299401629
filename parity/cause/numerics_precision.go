package cause

import (
	"fmt"
	"maps"
	"slices"

	"parity/googlenet/tensor"
)

var numericsPrecision = &Cause{
	ID:      "numerics.precision",
	Title:   "the layer was computed or stored in a smaller format",
	Symptom: "Relative errors of up to 2^-11 (float16, TF32) or 2^-8 (bfloat16) everywhere; stored values have that many bits.",
	Why:     "Mixed precision, TF32 tensor cores, Winograd or a half-precision export; the recording does not say so.",
	Fix: Fixes{
		Caffe: "build and run in float", TensorFlow: "tf.config.experimental.enable_tensor_float_32_execution(False); no mixed_precision policy", Keras: "keras.config.set_dtype_policy('float32')",
		PyTorch: "torch.backends.cuda.matmul.allow_tf32 = False; model.float()", ONNX: "a float32 model, or declare \"math\" in side.json",
	},
	Variants: func(s *Segment) []Variant {
		if s.fed() {
			return nil
		}
		n := s.Nodes[len(s.Nodes)-1]
		var list []Variant
		for _, f := range formats {
			if !s.stored(f) {
				continue
			}
			p := s.Producer.In(f.roundoff())
			v := Variant{
				Nodes: s.Nodes, Layer: n, Producer: &p,
				Parameters:  map[string]string{"reference": "float32", "candidate": f.name},
				Explanation: fmt.Sprintf("the candidate's tensor holds %s numbers", f.name),
				Fix:         fmt.Sprintf("compute in float32, or declare \"math\": %q in the candidate's side.json", f.name),
			}
			if out, ok := s.compute(Variant{Nodes: s.Nodes}); ok { // where nothing else rounds
				rounded := v
				rounded.Nodes, rounded.Producer = nil, nil
				rounded.Inputs = map[string]*tensor.Tensor[float64]{s.Output: f.rounded(out)}
				list = append(list, rounded)
			}
			list = append(list, v)
		}
		return append(list, s.storedInputs()...)
	},
}

// storedInputs proposes that what a layer reads was stored in a smaller format after it had been recorded.
func (s *Segment) storedInputs() []Variant {
	var list []Variant
	for _, v := range slices.Sorted(maps.Keys(s.Inputs)) {
		writer := s.Reference.Producers()[v]
		if writer == nil {
			continue
		}
		for _, f := range formats {
			list = append(list, Variant{
				Nodes: s.Nodes, Layer: writer, Inputs: map[string]*tensor.Tensor[float64]{v: f.rounded(s.Inputs[v])},
				Parameters:  map[string]string{"reference": "float32", "candidate": f.name},
				Explanation: fmt.Sprintf("what the candidate hands on from here was rounded to %s", f.name),
				Fix:         "compute in float32, without casts between the layers",
			})
		}
	}
	return list
}

func (f format) rounded(t *tensor.Tensor[float64]) *tensor.Tensor[float64] {
	out := tensor.New[float64](t.Shape...)
	for i, v := range t.Data {
		out.Data[i] = f.round(v)
	}
	return out
}

// roundoff is the format's unit roundoff.
func (f format) roundoff() float64 { return 1 / float64(int(1)<<f.bits) }

// stored reports whether the candidate's tensor holds only numbers of a format, and some that are not zero.
func (s *Segment) stored(f format) bool {
	return slices.ContainsFunc(s.Candidate.Data, func(v float64) bool { return v != 0 }) &&
		!slices.ContainsFunc(s.Candidate.Data, func(v float64) bool { return f.round(v) != v && v == v })
}
