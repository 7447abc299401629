package cause

import (
	"math"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

var numericsNonfinite = &Cause{
	ID:    "numerics.nonfinite",
	Title: "a tensor holds NaN or infinity",
	Symptom: "Some elements are not numbers where the replay of the same layer on the same inputs is finite. Most metrics " +
		"and many comparison tools let NaN pass, because every comparison with it is false.",
	Why: "The recording was damaged or made from uninitialised memory, or the framework overflowed: half precision beyond " +
		"65504, a division by a variance of zero, a logarithm of zero.",
	Break: func(p *Port) []Fault {
		return breakNodes(p, func(n *graph.Node, _ layer.Layer) []Fault {
			var list []Fault
			for _, v := range []float64{math.NaN(), math.Inf(1)} {
				list = append(list, Fault{Layer: n.Name, What: number(v), Compute: func(o *graph.Node, out *tensor.Tensor[float64]) {
					if o.Name == n.Name {
						out.Data[len(out.Data)/3] = v
					}
				}})
			}
			return list
		})
	},
}
