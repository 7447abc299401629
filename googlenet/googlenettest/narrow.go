// Package googlenettest makes small networks with drawn weights for tests.
package googlenettest

import (
	"math"
	"math/rand/v2"

	"parity/googlenet"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// Narrow returns GoogLeNet at an eighth of its width for 64x64 images and 7 classes, with weights that keep the
// activations' scale, and two images for it. The same seed gives the same numbers.
func Narrow(seed uint64) (*graph.Graph, *tensor.Tensor[float32]) {
	return Drawn(googlenet.Config{Classes: 7, Size: 64, Narrow: 8}, seed, 2)
}

// Drawn returns GoogLeNet of some size with such weights, and images for it.
func Drawn(c googlenet.Config, seed uint64, batch int) (*graph.Graph, *tensor.Tensor[float32]) {
	r := rand.New(rand.NewPCG(seed, 1))
	g := googlenet.Build(c)
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			w := p.Value.(*tensor.Tensor[float32])
			scale := 0.1
			if len(w.Shape) > 1 {
				scale = math.Sqrt(2 / float64(w.Shape[1:].Len()))
			}
			for i := range w.Data {
				w.Data[i] = float32(r.NormFloat64() * scale)
			}
		}
	}
	size := g.Inputs[0].Shape
	images := tensor.New[float32](batch, size[1], size[2], size[3])
	for i := range images.Data {
		images.Data[i] = float32(r.NormFloat64() * 50)
	}
	return g, images
}
