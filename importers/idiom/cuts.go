package idiom

import (
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// reach is how many values before the last one of an idiom its input is looked for among.
const reach = 24

// cuts lists values that one of them may be a function of: those of its shape that operations which are looked into compute
// it from, the most distant first.
func (f *finder) cuts(y string) []string {
	shape := f.shapes[y]
	var list []string
	seen := map[string]bool{y: true}
	for queue := []string{y}; len(queue) > 0 && len(list) < reach; queue = queue[1:] {
		n := f.producers[queue[0]]
		if n == nil || !lookedInto(n) {
			continue
		}
		for _, v := range n.Inputs {
			if seen[v] || f.fixed[v] {
				continue
			}
			seen[v] = true
			queue = append(queue, v)
			if meets(f.shapes[v], shape) && !f.drawn[v] {
				list = append(list, v)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return f.written(a) - f.written(b) })
	return list
}

// written is the place of the node that writes a value, -1 for an input.
func (f *finder) written(v string) int {
	if n := f.producers[v]; n != nil {
		return f.index[n]
	}
	return -1
}

// meets reports whether two shapes may be equal.
func meets(a, b tensor.Shape) bool {
	if len(a) != len(b) || (a == nil) != (b == nil) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && a[i] >= 0 && b[i] >= 0 {
			return false
		}
	}
	return true
}

// arithmetic reports whether a node adds or multiplies.
func arithmetic(n *graph.Node) bool {
	switch l := n.Layer.(type) {
	case layer.Bias, layer.Scale, layer.AddAlong, layer.ScaleAlong, layer.Eltwise, layer.Power:
		return true
	case layer.Binary:
		switch l.Operation {
		case layer.Sum, layer.Difference, layer.Product, layer.Quotient:
			return true
		}
	}
	return false
}

// lookedInto reports whether an expression states what a node computes by what it reads.
func lookedInto(n *graph.Node) bool {
	switch n.Layer.(type) {
	case layer.Binary, layer.Reduce, layer.Reshape, layer.Permute, layer.Select, layer.Identity, layer.Cast, layer.Unary, layer.Exp,
		layer.ReLU, layer.Clip, layer.Sigmoid, layer.Tanh, layer.Abs, layer.Softplus:
		return true
	}
	return arithmetic(n)
}
