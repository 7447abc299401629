package cause

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

var weightsUninitialised = &Cause{
	ID:      "weights.uninitialised",
	Title:   "the weights were never loaded",
	Symptom: "The layer's weights are all equal, or look like a fresh draw of an initialiser: uniform or normal, around zero, unrelated to the reference's.",
	Why:     "A name did not match when the weights were loaded, and the framework left the layer as its initialiser made it; Caffe does so in silence.",
	Fix: Fixes{
		Caffe: "give the layer the name that it has in the caffemodel", TensorFlow: "check restore's list of variables; expect_partial() hides missing ones",
		Keras: "load_weights(by_name=False), or compare names", PyTorch: "load_state_dict(strict=True)", ONNX: "export after loading the weights",
	},
	Break: func(p *Port) []Fault {
		return breakWeights(p, 0, func(n *graph.Node, w *tensor.Tensor[float32]) []Fault {
			in := float64(w.Shape[1:].Len())
			drawn := func(what string, draw func(r *rand.Rand) float64) Fault {
				return Fault{Layer: n.Name, What: what, Make: func(p *Port, _ float64) {
					t := tensor.New[float32](w.Shape...)
					for i := range t.Data {
						t.Data[i] = float32(draw(p.Rand))
					}
					p.setParam(n.Name, 0, t)
					if len(n.Params) > 1 {
						p.setParam(n.Name, 1, tensor.New[float32](n.Params[1].Value.Dims()...))
					}
				}}
			}
			list := []Fault{drawn("zeros", func(*rand.Rand) float64 { return 0 })}
			if w.Shape.Len() < fewestDrawn {
				return list
			}
			return append(list,
				drawn("Caffe's xavier", func(r *rand.Rand) float64 { return (2*r.Float64() - 1) * math.Sqrt(3/in) }),
				drawn("PyTorch's default", func(r *rand.Rand) float64 { return (2*r.Float64() - 1) * math.Sqrt(1/in) }))
		})
	},
	Variants: func(s *Segment) []Variant {
		return s.replaced(func(_ *graph.Node, w, v *tensor.Tensor[float32]) (string, bool) {
			if law := Fresh(w, v); law != "" {
				return fmt.Sprintf("are unrelated to the reference's and %s", law), true
			}
			return "", false
		})
	},
}

// fewestDrawn is how many weights it takes to tell a draw of an initialiser from others.
const fewestDrawn = 200

// Fresh describes weights v of a candidate that look like an initialiser's draw and not like the reference's w; it is empty if
// they do not.
func Fresh(w, v *tensor.Tensor[float32]) string {
	if !slices.ContainsFunc(v.Data, func(x float32) bool { return x != v.Data[0] }) {
		return fmt.Sprintf("are all %g", v.Data[0])
	}
	n := float64(len(v.Data))
	if math.Abs(correlation(w, v)) > 5/math.Sqrt(n) {
		return ""
	}
	sorted := slices.Clone(v.Data)
	slices.Sort(sorted)
	limit := 1.95 / math.Sqrt(n) // Kolmogorov's distance for a probability of 1e-3
	edge := math.Max(-float64(sorted[0]), float64(sorted[len(sorted)-1])) * (n + 1) / n
	if distance(sorted, func(x float64) float64 { return (x + edge) / (2 * edge) }) < limit && isInitialisersEdge(edge, v.Shape) {
		return fmt.Sprintf("uniform within %.3g", edge)
	}
	return ""
}

// isInitialisersEdge reports whether uniform weights end where an initialiser's do: a multiple of 1/sqrt(fan) that is in
// use, within what the largest of so many draws falls short by.
func isInitialisersEdge(edge float64, s tensor.Shape) bool {
	in := float64(s[1:].Len())
	out := float64(s[0])
	if len(s) == 4 {
		out *= float64(s[2] * s[3])
	}
	short := 12 / float64(s.Len())
	for _, law := range []float64{
		math.Sqrt(3 / in), math.Sqrt(3 / out), math.Sqrt(6 / (in + out)), math.Sqrt(6 / in), math.Sqrt(6 / out), math.Sqrt(1 / in), 0.05,
	} {
		if edge <= law*(1+1e-6+1/float64(s.Len())) && edge >= law*(1-short) {
			return true
		}
	}
	return false
}

func correlation(a, b *tensor.Tensor[float32]) float64 {
	var ab, aa, bb, ma, mb float64
	n := float64(len(a.Data))
	for i, x := range a.Data {
		ma += float64(x) / n
		mb += float64(b.Data[i]) / n
	}
	for i, x := range a.Data {
		p, q := float64(x)-ma, float64(b.Data[i])-mb
		ab, aa, bb = ab+p*q, aa+p*p, bb+q*q
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

// distance is Kolmogorov's between sorted samples and a law.
func distance(sorted []float32, law func(x float64) float64) float64 {
	n, most := float64(len(sorted)), 0.0
	for i, x := range sorted {
		p := law(float64(x))
		most = max(most, math.Abs(p-float64(i)/n), math.Abs(p-float64(i+1)/n))
	}
	return most
}
