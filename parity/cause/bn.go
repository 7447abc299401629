package cause

import (
	"fmt"
	"math"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// normalisation is a batch normalisation of the segment: a BatchNorm with the Scale behind it, if there is one, or both in one
// layer.
type normalisation struct {
	*Segment
	node    *graph.Node
	scale   *graph.Node // behind it; nil for none
	epsilon float64
	batch   bool // statistics of the batch
	// mean and variance are as they are stored, to be divided by the factor; nil where there are none.
	mean, variance *tensor.Tensor[float64]
	factor         float64
	gamma          *tensor.Tensor[float64] // what the normalised numbers are multiplied with; nil for nothing
	axis           int                     // of the channels
}

// normalisations calls f with every batch normalisation of the segment.
func (s *Segment) normalisations(f func(b normalisation) []Variant) []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		if b, ok := s.normalisation(n); ok {
			list = append(list, f(b)...)
		}
	}
	return list
}

func (s *Segment) normalisation(n *graph.Node) (b normalisation, ok bool) {
	b = normalisation{Segment: s, node: n, axis: 1, factor: 1}
	switch l := n.Layer.(type) {
	case layer.BatchNorm:
		if len(n.Params) != 3 {
			return b, false
		}
		b.epsilon, b.batch = l.Epsilon, l.Batch
		b.mean, b.variance, b.factor = weight(n, 0), weight(n, 1), weight(n, 2).Data[0]
		b.readScale()
	case layer.FusedBatchNorm:
		if l.Fed || len(n.Params) < 2 {
			return b, false
		}
		b.epsilon, b.batch, b.axis = l.Epsilon, l.Batch, l.Axis
		b.gamma = weight(n, 0)
		if len(n.Params) == 4 {
			b.mean, b.variance = weight(n, 2), weight(n, 3)
		}
	default:
		return b, false
	}
	return b, true
}

func weight(n *graph.Node, i int) *tensor.Tensor[float64] {
	return tensor.As[float64](n.Params[i].Value)
}

// readScale finds the Scale behind the layer.
func (b *normalisation) readScale() {
	if b.scale = scaleBehind(b.Nodes, b.node); b.scale != nil && len(b.scale.Params) > 0 {
		b.gamma = weight(b.scale, 0)
	}
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

// channel returns the elements of a channel.
func (b normalisation) channel(s tensor.Shape, c int) layer.Group {
	return layer.FusedBatchNorm{Axis: b.axis}.Channel(s, c)
}

// input is what the layer reads, nil where its channels are not those of the statistics.
func (b normalisation) input() *tensor.Tensor[float64] {
	x := b.valueOf(b.node.Inputs[0])
	if x == nil || b.variance == nil || len(x.Shape) <= b.axis || x.Shape[b.axis] != len(b.variance.Data) {
		return nil
	}
	return x
}

// variances returns, channel by channel, the reference's variance and that plus epsilon which the candidate's numbers call
// for: y is gamma/sqrt(variance + epsilon) times x and a constant, and least squares tell the factor. NaN where a channel
// tells nothing.
func (b normalisation) variances() (stored, wanted []float64) {
	x := b.input()
	if x == nil || b.Output != b.end() || !x.Shape.Equal(b.Candidate.Shape) {
		return nil, nil
	}
	for c, v := range b.variance.Data {
		gamma := 1.0
		if b.gamma != nil {
			gamma = b.gamma.Data[c]
		}
		slope := slopeOf(b.channel(x.Shape, c), x.Data, b.Candidate.Data)
		stored = append(stored, v/b.factor)
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

// withEpsilon returns the segment's nodes with another epsilon.
func (b normalisation) withEpsilon(e float64) []*graph.Node {
	b.epsilon = e
	return b.with(nil, nil)
}

// with returns the segment's nodes with other statistics in the normalisation, nil for its own, and its own epsilon and sort of
// statistics as they are now.
func (b normalisation) with(mean, variance *tensor.Tensor[float64]) []*graph.Node {
	params := slices.Clone(b.node.Params)
	first := 0
	var changed layer.Layer
	switch l := b.node.Layer.(type) {
	case layer.BatchNorm:
		l.Epsilon, l.Batch = b.epsilon, b.batch
		changed = l
	case layer.FusedBatchNorm:
		l.Epsilon, first = b.epsilon, 2
		if l.Batch = b.batch; l.Batch {
			l.Factor, params = 1, params[:2]
		}
		changed = l
	}
	for i, t := range []*tensor.Tensor[float64]{mean, variance} {
		if t != nil {
			params[first+i] = &graph.Param{Name: params[first+i].Name, Value: t}
		}
	}
	return b.With(b.node, b.node.As(changed, params))
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
