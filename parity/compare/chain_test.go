package compare

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
)

// chain is many convolutions of the same size one after the other.
func chain(layers int) (*graph.Graph, *tensor.Tensor[float32]) {
	shape := tensor.Shape{1, 6, 9, 8}
	b := &builder{shapes: map[string]tensor.Shape{"data": shape}, r: rand.New(rand.NewPCG(11, 3))}
	b.Inputs = []graph.Input{{Name: "data", Shape: shape}}
	last := "data"
	for i := range layers {
		name := fmt.Sprint("conv", i)
		last = b.add(name+"/relu", layer.ReLU{}, b.add(name, conv(6, 1, window(3, 1, 1)), last))
	}
	b.Outputs = []string{last}
	x := tensor.New[float32](shape...)
	for i := range x.Data {
		x.Data[i] = float32(b.r.NormFloat64())
	}
	return &b.Graph, x
}

// renamed gives the layers of a port names that say nothing, in order.
func renamed(g *graph.Graph) {
	names := map[string]string{"data": "data"}
	for i, n := range g.Nodes {
		names[n.Outputs[0]] = fmt.Sprint("node", i)
	}
	for _, n := range g.Nodes {
		n.Name = names[n.Outputs[0]]
		n.Outputs = []string{n.Name}
		inputs := slices.Clone(n.Inputs)
		for i, v := range inputs {
			inputs[i] = names[v]
		}
		n.Inputs = inputs
	}
	for i, v := range g.Outputs {
		g.Outputs[i] = names[v]
	}
}

// In a chain of equal layers one that is missing must not shift all that follow: their weights tell which they are.
func TestMissingLayerOfAChain(t *testing.T) {
	for _, missing := range []string{"conv0", "conv4", "conv10"} {
		g, x := chain(12)
		ref := native(t, g, x)
		port, _ := chain(12)
		without(missing)(port, nil)
		without(missing+"/relu")(port, nil)
		renamed(port)
		r := compared(t, ref, native(t, port, x), Options{})
		errors := slices.DeleteFunc(r.Findings, func(f parity.Finding) bool { return f.Severity != parity.Error })
		if len(errors) != 1 || errors[0].Cause != "structure.missing-layer" {
			t.Errorf("without %s: %s", missing, listOf(errors))
		}
	}
}
