// Package idiom recognises what frameworks write as several operations as the one layer that it is.
//
// A node that is put in the place of others computes the same function, for every input: formulas are compared as polynomials in
// what they read (polynomial.go), so that the order in which a framework multiplies and adds does not matter, and an attribute
// that differs does. The nodes that it stands for are its parts (graph.Node.Parts); one whose value something else reads,
// or which is an output, stays in the graph.
package idiom

import "parity/googlenet/graph"

// idiom finds one: with n as its last node, or nil.
type idiom func(f *finder, n *graph.Node) *match

// idioms lists all of them. Later ones build on what earlier ones found.
var idioms = []idiom{
	convolutionBias,
	dilatedConvolution,
	groupConvolution,
	paddedWindow,
	dropout,
	batchNorm,
	moments,
	l2Normalize,
	lrn,
	softmax,
	swish,
	hardSwish,
	leakyReLU,
	prelu,
	scaleBias,
	linear,
}

// Recognise puts single layers in the place of the idioms of a graph, until there are none left: one may be a part of another.
func Recognise(g *graph.Graph) {
	f := newFinder(g)
	for found := true; found; {
		found = false
		for _, find := range idioms {
			found = f.all(find) || found
		}
	}
}

// all replaces every idiom of a kind, from the end, as the longest of nested ones counts.
func (f *finder) all(find idiom) (found bool) {
	for i := len(f.Nodes) - 1; i >= 0; i = min(i, len(f.Nodes)) - 1 {
		if m := find(f, f.Nodes[i]); m != nil {
			f.replace(m)
			found = true
		}
	}
	return found
}
