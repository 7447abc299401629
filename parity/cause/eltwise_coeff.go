package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var eltwiseCoeff = &Cause{
	ID:      "eltwise.coeff",
	Title:   "the coefficients of a sum are others",
	Symptom: "A sum where the reference has a difference, or one branch weighs more than it should.",
	Why:     "Caffe's Eltwise has coefficients for each input, other frameworks' additions have none, and converters ignore them.",
	Fix: Fixes{
		Caffe: "eltwise_param { coeff: ... }", TensorFlow: "a * x + b * y", Keras: "a Lambda layer, or Subtract for 1 and -1", PyTorch: "a * x + b * y", ONNX: "Mul before Add, or Sub",
	},
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, l layer.Eltwise) []Fault {
			if l.Combination != layer.EltwiseSum {
				return nil
			}
			own := make([]float64, len(n.Inputs))
			for i := range own {
				own[i] = l.Coefficient(i)
			}
			change := func(what string, sized bool, f func(i int, v, size float64) float64) Fault {
				return Fault{Layer: n.Name, What: what, Sized: sized, Make: func(p *Port, size float64) {
					to := slices.Clone(own)
					for i, v := range to {
						to[i] = f(i, v, size)
					}
					p.Graph.Node(n.Name).Layer = layer.Eltwise{Coefficients: to}
				}}
			}
			list := []Fault{
				change("the last one negative", false, func(i int, v, _ float64) float64 {
					if i == len(own)-1 {
						return -v
					}
					return v
				}),
				change("one", true, func(i int, v, size float64) float64 {
					if i == 0 {
						return v * (1 + size)
					}
					return v
				}),
			}
			if !l.Plain() {
				list = append(list, change("ignored", false, func(int, float64, float64) float64 { return 1 }))
			}
			return list
		})
	},
	Variants: func(s *Segment) []Variant {
		var list []Variant
		for _, n := range s.Nodes {
			l, ok := n.Layer.(layer.Eltwise)
			if !ok || l.Combination != layer.EltwiseSum {
				continue
			}
			own := make([]float64, len(n.Inputs))
			for i := range own {
				own[i] = l.Coefficient(i)
			}
			tries := s.coefficients(n, own)
			for _, c := range tries {
				list = append(list, Variant{
					Nodes: s.WithLayer(n, layer.Eltwise{Combination: layer.EltwiseSum, Coefficients: c.values}), Layer: n, Stated: c.stated, Unknowns: c.unknowns,
					Parameters:  map[string]string{"reference": numbers(own), "candidate": numbers(c.values)},
					Explanation: fmt.Sprintf("the inputs of the sum are multiplied by %s in the reference, by %s in the candidate", numbers(own), numbers(c.values)),
				})
			}
		}
		return list
	},
}

// weighting is coefficients that a sum may have, and where they are from.
type weighting struct {
	values   []float64
	stated   bool
	unknowns int
}

func numbers(list []float64) string {
	text := ""
	for i, v := range list {
		if i > 0 {
			text += ", "
		}
		text += number(v)
	}
	return text
}

// coefficients lists those that the candidate's graph states, those of other frameworks, signs turned and, where the sum is
// recorded, what least squares tell.
func (s *Segment) coefficients(n *graph.Node, own []float64) []weighting {
	var tries []weighting
	try := func(c ...float64) { tries = append(tries, weighting{values: c}) }
	if d, ok := declared[layer.Eltwise](s); ok && d.Combination == layer.EltwiseSum && len(d.Coefficients) == len(own) {
		tries = append(tries, weighting{values: d.Coefficients, stated: true})
	}
	plain := make([]float64, len(own))
	mean := make([]float64, len(own))
	for i := range own {
		plain[i], mean[i] = 1, 1/float64(len(own))
	}
	try(plain...)
	try(mean...)
	for i := range own {
		turned := slices.Clone(own)
		turned[i] = -turned[i]
		try(turned...)
	}
	if len(own) == 2 {
		try(own[1], own[0])
		try(1, -1)
		try(-1, 1)
		tries = append(tries, s.solveCoefficients(n)...)
	}
	var list []weighting
	for _, c := range tries {
		same := func(o weighting) bool { return slices.Equal(o.values, c.values) }
		if !slices.Equal(c.values, own) && !slices.ContainsFunc(list, same) {
			list = append(list, c)
		}
	}
	return list
}

// solveCoefficients fits y = a p + b q.
func (s *Segment) solveCoefficients(n *graph.Node) []weighting {
	if s.Output != n.Outputs[0] {
		return nil
	}
	p, q := s.valueOf(n.Inputs[0]), s.valueOf(n.Inputs[1])
	if p == nil || q == nil || len(p.Data) != len(s.Candidate.Data) {
		return nil
	}
	pp, pq, qq := dot(p, p), dot(p, q), dot(q, q)
	py, qy := dot(p, s.Candidate), dot(q, s.Candidate)
	d := pp*qq - pq*pq
	if d == 0 || math.IsNaN(d) {
		return nil
	}
	a, b := (py*qq-qy*pq)/d, (qy*pp-py*pq)/d
	var list []weighting
	for _, x := range rounded(a) {
		for _, y := range append(rounded(b), 0) {
			list = append(list, weighting{values: []float64{x, y}, unknowns: 2})
		}
	}
	return list
}

func dot(a, b *tensor.Tensor[float64]) float64 {
	sum := 0.0
	for i, v := range a.Data {
		sum += v * b.Data[i]
	}
	return sum
}
