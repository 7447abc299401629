package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// normalisation is a BatchNorm of the segment with the Scale behind it, if there is one.
type normalisation struct {
	*Segment
	node  *graph.Node
	layer layer.BatchNorm
	scale *graph.Node // nil for none
}

// normalisations calls f with every batch normalisation of the segment.
func (s *Segment) normalisations(f func(b normalisation) []Variant) []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		l, ok := n.Layer.(layer.BatchNorm)
		if !ok || len(n.Params) != 3 {
			continue
		}
		list = append(list, f(normalisation{s, n, l, scaleBehind(s.Nodes, n)})...)
	}
	return list
}

// scaleBehind is the layer with scale and shift that reads a normalisation, nil for none.
func scaleBehind(nodes []*graph.Node, norm *graph.Node) *graph.Node {
	for _, n := range nodes {
		if _, ok := n.Layer.(layer.Scale); ok && n.Inputs[0] == norm.Outputs[0] {
			return n
		}
	}
	return nil
}

// end is the value that holds the normalised numbers, scaled where that follows.
func (b normalisation) end() string {
	if b.scale != nil {
		return b.scale.Outputs[0]
	}
	return b.node.Outputs[0]
}

// variances returns, channel by channel, the reference's variance and that plus epsilon which the candidate's numbers call
// for: y is gamma/sqrt(variance + epsilon) times x and a constant, and least squares tell the factor. NaN where a channel
// tells nothing.
func (b normalisation) variances() (stored, wanted []float64) {
	x := b.valueOf(b.node.Inputs[0])
	if x == nil || b.Output != b.end() || !x.Shape.Equal(b.Candidate.Shape) || len(x.Shape) < 2 {
		return nil, nil
	}
	variance, factor := tensor.As[float64](b.node.Params[1].Value).Data, tensor.As[float64](b.node.Params[2].Value).Data[0]
	for c := range x.Shape[1] {
		gamma := 1.0
		if b.scale != nil {
			gamma = tensor.As[float64](b.scale.Params[0].Value).Data[c]
		}
		slope := slopeOf(b.layer.Channel(x.Shape, c), x.Data, b.Candidate.Data)
		stored = append(stored, variance[c]/factor)
		wanted = append(wanted, math.Pow(gamma/slope, 2))
	}
	return stored, wanted
}

// slopeOf is the factor of the line through the points of a channel.
func slopeOf(g layer.Group, x, y []float64) float64 {
	var mx, my, n float64
	for at := range g.All() {
		mx, my, n = mx+x[at], my+y[at], n+1
	}
	mx, my = mx/n, my/n
	var xx, xy float64
	for at := range g.All() {
		xx, xy = xx+(x[at]-mx)*(x[at]-mx), xy+(x[at]-mx)*(y[at]-my)
	}
	return xy / xx
}

// with returns the segment's nodes with other settings and parameters in the normalisation.
func (b normalisation) with(l layer.BatchNorm, params ...*tensor.Tensor[float64]) []*graph.Node {
	changed := *b.node
	changed.Layer = l
	changed.Params = slices.Clone(b.node.Params)
	for i, t := range params {
		if t != nil {
			changed.Params[i] = &graph.Param{Name: b.node.Params[i].Name, Value: t}
		}
	}
	return b.With(b.node, &changed)
}

func (b normalisation) param(i int) *tensor.Tensor[float64] {
	return tensor.As[float64](b.node.Params[i].Value)
}

func times(t *tensor.Tensor[float64], f float64) *tensor.Tensor[float64] {
	out := t.Clone()
	for i := range out.Data {
		out.Data[i] *= f
	}
	return out
}

func (b normalisation) variant(nodes []*graph.Node, what, reference, candidate string) Variant {
	return Variant{
		Nodes: nodes, Layer: b.node, Parameters: map[string]string{"reference": reference, "candidate": candidate},
		Explanation: fmt.Sprintf("%s: %s in the reference, %s in the candidate", what, reference, candidate),
	}
}
