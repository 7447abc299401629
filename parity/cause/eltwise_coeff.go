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
			for _, c := range s.coefficients(n, own) {
				list = append(list, Variant{
					Nodes: s.WithLayer(n, layer.Eltwise{Combination: layer.EltwiseSum, Coefficients: c}), Layer: n,
					Parameters:  map[string]string{"reference": numbers(own), "candidate": numbers(c)},
					Explanation: fmt.Sprintf("the inputs of the sum are multiplied by %s in the reference, by %s in the candidate", numbers(own), numbers(c)),
				})
			}
		}
		return list
	},
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

// coefficients lists those of other frameworks, signs turned and, where the sum is recorded, what least squares tell.
func (s *Segment) coefficients(n *graph.Node, own []float64) [][]float64 {
	plain := make([]float64, len(own))
	mean := make([]float64, len(own))
	for i := range own {
		plain[i], mean[i] = 1, 1/float64(len(own))
	}
	tries := [][]float64{plain, mean}
	for i := range own {
		turned := slices.Clone(own)
		turned[i] = -turned[i]
		tries = append(tries, turned)
	}
	if len(own) == 2 {
		tries = append(tries, []float64{own[1], own[0]}, []float64{1, -1}, []float64{-1, 1})
		tries = append(tries, s.solveCoefficients(n)...)
	}
	var list [][]float64
	for _, c := range tries {
		if !slices.Equal(c, own) && !slices.ContainsFunc(list, func(o []float64) bool { return slices.Equal(o, c) }) {
			list = append(list, c)
		}
	}
	return list
}

// solveCoefficients fits y = a p + b q.
func (s *Segment) solveCoefficients(n *graph.Node) [][]float64 {
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
	list := [][]float64{{a, b}}
	for _, x := range rounded(a) {
		for _, y := range append(rounded(b), 0) {
			list = append([][]float64{{x, y}}, list...)
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
