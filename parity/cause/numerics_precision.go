package cause

import (
	"fmt"
	"maps"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity/replay"
)

var numericsPrecision = &Cause{
	ID:      "numerics.precision",
	Title:   "the layer was computed or stored in a smaller format, or by another algorithm",
	Symptom: "Relative errors of up to 2^-11 (float16, TF32) or 2^-8 (bfloat16) everywhere; stored values have that many bits.",
	Why:     "Mixed precision, TF32 tensor cores, Winograd or a half-precision export; the recording does not say so.",
	Fix:     precisionFixes,
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Layer) []Fault {
			if len(p.Graph.Consumers()[n.Outputs[0]]) == 0 {
				return nil
			}
			var list []Fault
			for _, f := range formats {
				list = append(list, Fault{Layer: n.Name, What: f.name, Compute: func(o *graph.Node, out *tensor.Tensor[float64]) {
					if o.Name == n.Name {
						copy(out.Data, f.rounded(out).Data)
					}
				}})
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant { return s.precisions() },
}

var precisionFixes = Fixes{
	Caffe: "build and run in float", TensorFlow: "tf.config.experimental.enable_tensor_float_32_execution(False), no mixed_precision policy", Keras: "keras.config.set_dtype_policy('float32')",
	PyTorch: "torch.backends.cuda.matmul.allow_tf32 = False, torch.backends.cudnn.allow_tf32 = False, model.float()", ONNX: "a float32 model",
}

// precisions lists the arithmetics that would explain a segment. What can be replayed exactly, to the bound of float32, comes
// first: rounded factors of products, and rounded results where nothing else rounds. Where only a wider bound is left, the
// tensor itself must show the format that it stands for.
func (s *Segment) precisions() []Variant {
	if s.fed() {
		return s.fedPrecisions()
	}
	n := s.Nodes[len(s.Nodes)-1]
	list := append(s.roundedFactors(), s.roundedResults(n)...)
	list = append(list, s.filtered(n)...)
	return append(list, s.storedInputs()...)
}

// arithmetic is a variant that is explained by a math that nobody has declared.
func (s *Segment) arithmetic(n *graph.Node, math, what string) Variant {
	return Variant{
		Nodes: s.Nodes, Layer: n, Math: math, Fix: DeclareMath(s.Framework, math),
		Parameters:  map[string]string{"reference": "float32", "candidate": math},
		Explanation: what,
	}
}

// DeclareMath says what to do about a math that nobody has declared.
func DeclareMath(framework, math string) string {
	fix := fmt.Sprintf(`if that is what ran, declare it: "producer": {"math": %q} in the side.json, or --producer math=%s; else compute in float32`, math, math)
	if how := precisionFixes.For(framework); how != "" {
		fix += ": " + how
	}
	return fix
}

// fedPrecisions proposes that the input was stored in a smaller format.
func (s *Segment) fedPrecisions() []Variant {
	f, ok := s.format()
	if !ok {
		return nil
	}
	v := s.arithmetic(nil, f.name, fmt.Sprintf("the candidate's input holds %s numbers", f.name))
	v.Inputs = map[string]*tensor.Tensor[float64]{s.Output: f.rounded(s.Inputs[s.Output])}
	return []Variant{v}
}

// factor is a way to round what is multiplied in convolutions and matrix products.
type factor struct {
	math  string
	round func(v float64) float64
}

// factors are the formats of tensor cores and of oneDNN; numbers of TF32 are rounded to nearest, ties to even or away from
// zero, or cut off.
var factors = []factor{
	{"tf32", tf32.round}, {"tf32", tf32.away}, {"tf32", tf32.cut}, {"bfloat16:operands", bfloat16.round}, {"float16:operands", float16.round},
}

// roundedFactors replays sums of products of rounded inputs and weights.
func (s *Segment) roundedFactors() []Variant {
	var list []Variant
	for _, n := range s.weighted() {
		x := s.valueOf(n.Inputs[0])
		if x == nil {
			continue
		}
		for _, f := range factors {
			v := s.arithmetic(n, f.math, fmt.Sprintf("both factors of the candidate's products are rounded (%s)", f.math))
			changed := *n
			changed.Params = slices.Clone(n.Params)
			changed.Params[0] = &graph.Param{Name: n.Params[0].Name, Value: apply(f.round, tensor.As[float64](n.Params[0].Value))}
			rounded := n.Inputs[0] + "#" + f.math
			changed.Inputs = append([]string{rounded}, n.Inputs[1:]...)
			v.Nodes, v.Inputs = s.With(n, &changed), map[string]*tensor.Tensor[float64]{rounded: apply(f.round, x)}
			list = append(list, v)
		}
	}
	return list
}

// roundedResults proposes that results are stored in a format that the candidate's numbers have: exactly where nothing else
// rounds, then of the activations alone, of weights too, and with sums.
func (s *Segment) roundedResults(n *graph.Node) []Variant {
	f, ok := s.format()
	if !ok {
		return nil
	}
	var list []Variant
	more := float64(s.nonzero() * (digits - f.bits)) // numbers that merely happen to be near have that many bits more
	what := fmt.Sprintf("the candidate's tensor holds %s numbers", f.name)
	if out, ok := s.compute(Variant{Nodes: s.Nodes}); ok {
		v := s.arithmetic(n, f.name+":activations", what)
		v.Nodes, v.Inputs = nil, map[string]*tensor.Tensor[float64]{s.Output: f.rounded(out)}
		list = append(list, v)
	}
	for _, part := range []string{":activations", "", ":accumulations"} {
		list = append(list, s.declared(n, f.name+part, what)...)
	}
	for i := range list {
		list[i].more = more
	}
	return list
}

// nonzero counts the candidate's numbers that are not zero.
func (s *Segment) nonzero() int {
	n := 0
	for _, v := range s.Candidate.Data {
		if v != 0 {
			n++
		}
	}
	return n
}

// declared is the segment in the bound of a math.
func (s *Segment) declared(n *graph.Node, math, what string) []Variant {
	p, err := s.Producer.With(math)
	if err != nil {
		return nil
	}
	v := s.arithmetic(n, math, what)
	v.Producer = &p
	return []Variant{v}
}

// likely is how many standard deviations independent roundings stay below but for a probability of 3e-14.
const likely = 8

// filtered proposes that a convolution was computed by minimal filtering: the difference must be within its bound and look
// like its roundings, within 8 standard deviations of independent ones, for a wider bound alone proves little.
func (s *Segment) filtered(n *graph.Node) []Variant {
	if _, is := n.Layer.(layer.Convolution); !is || len(s.Nodes) != 1 {
		return nil
	}
	for _, math := range []string{"winograd:2x2", "winograd:4x4"} {
		p, err := s.Producer.With(math)
		if err != nil {
			continue
		}
		out, err := replay.Segment(s.Nodes, s.Inputs, s.Limits, s.Output, p.Independent(), s.Threads)
		if err != nil || out.Bound == nil || !out.X.Shape.Equal(s.Candidate.Shape) {
			continue
		}
		if d := replay.Measure(out.X, s.Candidate, out.Bound, s.Threads); d.Ratio <= likely {
			return s.declared(n, math, "the candidate's convolution is off as minimal filtering (Winograd) is")
		}
	}
	return nil
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
			if s.stored(f) {
				continue // that it is stored in this format says the same
			}
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

// format is the smallest format that the candidate's tensor holds numbers of alone.
func (s *Segment) format() (format, bool) {
	for _, f := range formats {
		if s.stored(f) {
			return f, true
		}
	}
	return format{}, false
}

// stored reports whether the candidate's tensor holds only numbers of a format, and some that are not zero.
func (s *Segment) stored(f format) bool {
	return slices.ContainsFunc(s.Candidate.Data, func(v float64) bool { return v != 0 }) &&
		!slices.ContainsFunc(s.Candidate.Data, func(v float64) bool { return f.round(v) != v && v == v })
}

// MadeWith returns the math that explains a segment alone, and its proof; empty if none does.
func MadeWith(s *Segment) (math string, proof *Proof) {
	s.begin()
	for _, v := range s.precisions() {
		if after, ok := s.try(v); ok && v.Math != "" && after.Ratio.Within() {
			step := Step{Cause: numericsPrecision, Variant: v}
			if wider(v) {
				step.Others = []string{"recording.stale", "weights.different"}
			}
			return v.Math, &Proof{Steps: []Step{step}, After: after, nodes: s.Nodes, output: s.Output}
		}
	}
	return "", nil
}

// Fits reports whether a segment is right as it is in a producer's arithmetic.
func Fits(s *Segment, p bound.Producer) bool {
	own := *s
	own.Producer = p
	d, ok := own.prove(Variant{Nodes: s.Nodes, Producer: &p})
	return ok && d.Ratio.Within()
}

// wider reports whether a variant rests on a wider bound, and on nothing in the numbers that shows a smaller format: any small
// difference is within it.
func wider(v Variant) bool { return v.Producer != nil && v.more == 0 }
