package engine

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Draw gives numbers to the inputs that the framework draws itself and that have none, the same ones each time. An unknown
// first extent is that of the first input that is fed.
func Draw(g *graph.Graph, inputs map[string]tensor.Any) error {
	for _, in := range g.Inputs {
		if !in.Drawn || inputs[in.Name] != nil {
			continue
		}
		shape := in.Shape.Clone()
		if fed := g.Fed(); len(shape) > 0 && shape[0] < 0 && len(fed) > 0 && inputs[fed[0].Name] != nil && len(inputs[fed[0].Name].Dims()) > 0 {
			shape[0] = inputs[fed[0].Name].Dims()[0]
		}
		if _, known := shape.CheckedLen(); !known || slices.Min(append(shape.Clone(), 0)) < 0 {
			return fmt.Errorf("the framework draws the input %q itself, and its shape %v is not known: give a tensor for it", in.Name, in.Shape)
		}
		inputs[in.Name] = drawn(in.Name, shape)
	}
	return nil
}

func drawn(name string, shape tensor.Shape) *tensor.Tensor[float32] {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 0))
	t := tensor.New[float32](shape...)
	for i := range t.Data {
		t.Data[i] = r.Float32()
	}
	return t
}
