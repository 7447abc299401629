package caffe

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
)

// grip is how much of a value a backward pass needs, or a layer in place leaves.
type grip int

const (
	nothing grip = iota
	side         // of zero that elements are on; a dropped element may be on any, having no gradient
	number
)

// reads returns what the backward pass of a layer of Caffe's needs of the blobs that it read and wrote, where it finds
// them in their memory again. Layers that are not listed do not look, keep a copy, or cannot be next to one in place.
func reads(l layer.Layer) (in, out grip) {
	switch l := l.(type) {
	case layer.Softplus, layer.Clip, layer.Log:
		return number, nothing
	case layer.ReLU:
		return side, nothing
	case layer.ELU:
		return side, number
	case layer.Exp, layer.LRN, layer.Sigmoid, layer.Softmax, layer.Swish, layer.Tanh:
		return nothing, number
	case layer.MVN:
		if l.Variance {
			return nothing, number
		}
	case layer.Eltwise:
		if l.Quotient {
			return nothing, number
		}
	case layer.Power:
		switch {
		case l.Constant(), l.Power == 1:
			return nothing, nothing
		case l.Power == 2:
			return number, nothing
		}
		return number, number
	}
	return nothing, nothing
}

// leaves returns what a layer in place leaves of what it overwrites.
func leaves(l layer.Layer) grip {
	switch l := l.(type) {
	case layer.Dropout:
		if !l.Active {
			return number
		}
		return side
	case layer.ReLU:
		if l.Slope >= 0 {
			return side
		}
	case layer.ELU:
		if l.Alpha >= 0 {
			return side
		}
	}
	return nothing
}

// reread finds the values that a backward pass needs and that are overwritten in place before it runs: Caffe then
// computes with what is in the memory, the last value of the blob.
func reread(g *graph.Graph) {
	left, last := map[string]grip{}, map[string]string{}
	producers := g.Producers()
	for _, stages := range g.Stages {
		end := len(stages) - 1
		grip := number
		for i := end; i > 0; i-- {
			grip = min(grip, leaves(producers[stages[i]].Layer))
			left[stages[i-1]], last[stages[i-1]] = grip, stages[end]
		}
	}
	for _, n := range g.Nodes {
		in, out := reads(n.Layer)
		for _, list := range []struct {
			values []string
			needed grip
		}{{n.Inputs, in}, {n.Outputs, out}} {
			for _, v := range list.values {
				if later, ok := last[v]; ok && left[v] < list.needed {
					rereadAs(n, v, later)
				}
			}
		}
	}
}

func rereadAs(n *graph.Node, value, later string) {
	if n.Reread == nil {
		n.Reread = map[string]string{}
	}
	n.Reread[value] = later
	n.Notes = append(n.Notes, fmt.Sprintf("the gradient is not that of the function: %s is overwritten in place, and Caffe's backward pass finds %s in its memory", value, later))
}
