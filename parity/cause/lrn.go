package cause

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// response is a local response normalisation, across channels or within each: y = x / (k + alpha sum x^2)^beta.
type response struct {
	spatial        bool
	size           int
	alpha, beta, k float64
}

func responseOf(l layer.Layer) (r response, ok bool) {
	switch l := l.(type) {
	case layer.LRN:
		return response{false, l.Size, l.Alpha, l.Beta, l.K}, true
	case layer.SpatialLRN:
		return response{true, l.Size, l.Alpha, l.Beta, 1}, true
	}
	return r, false
}

func (r response) layer() layer.Layer {
	if r.spatial {
		return layer.SpatialLRN{Size: r.size, Alpha: r.alpha, Beta: r.beta}
	}
	return layer.LRN{Size: r.size, Alpha: r.alpha, Beta: r.beta, K: r.k}
}

// cells is how many numbers a window has, by which frameworks divide alpha.
func (r response) cells() float64 {
	if r.spatial {
		return float64(r.size * r.size)
	}
	return float64(r.size)
}

// sums are the sums of squares of all windows.
func (r response) sums(x *tensor.Tensor[float64], threads int) *tensor.Tensor[float64] {
	if !r.spatial {
		return layer.LRN{Size: r.size, Alpha: 1}.Scale(x, threads)
	}
	out := tensor.New[float64](x.Shape...)
	layer.SpatialLRN{Size: r.size}.EachWindow(x.Shape, threads, func(at int, window layer.Group) {
		for k := range window.All() {
			out.Data[at] += x.Data[k] * x.Data[k]
		}
	})
	return out
}

// responses proposes, for every local response normalisation of the segment, the same one with another number in the place
// of one of its settings.
func (s *Segment) responses(what string, own func(r response) float64, with func(r response, v float64) response, values func(n *graph.Node, r response) []trial) []Variant {
	var list []Variant
	for _, n := range s.Nodes {
		r, ok := responseOf(n.Layer)
		if !ok {
			continue
		}
		tries := values(n, r)
		if d, ok := s.declaredResponse(); ok {
			tries = append([]trial{stated(own(d))}, tries...)
		}
		for _, t := range otherThan(own(r), tries) {
			list = append(list, t.mark(Variant{
				Nodes: s.WithLayer(n, with(r, t.value).layer()), Layer: n,
				Parameters:  map[string]string{"reference": number(own(r)), "candidate": number(t.value)},
				Explanation: fmt.Sprintf("%s is %s in the reference, %s in the candidate", what, number(own(r)), number(t.value)),
				Fix:         fmt.Sprintf("set %s to %s at %s", what, number(own(r)), s.counterpartName(n.Layer.Kind())),
			}))
		}
	}
	return list
}

// declaredResponse is the one of the candidate's graph.
func (s *Segment) declaredResponse() (response, bool) {
	if l, ok := declared[layer.LRN](s); ok {
		return responseOf(l)
	}
	if l, ok := declared[layer.SpatialLRN](s); ok {
		return responseOf(l)
	}
	return response{}, false
}

// scales returns, for the largest elements that the segment maps directly from its input to its output, their offsets, what
// the candidate has divided them by, and the sums of squares in their windows.
func (s *Segment) scales(n *graph.Node, r response) (ratio, sums []float64) {
	x := s.Inputs[n.Inputs[0]]
	if x == nil || s.Output != n.Outputs[0] || len(x.Data) != len(s.Candidate.Data) {
		return nil, nil
	}
	all := r.sums(x, s.Threads)
	for _, i := range largest(x, 256) {
		if x.Data[i] != 0 && s.Candidate.Data[i] != 0 {
			ratio, sums = append(ratio, x.Data[i]/s.Candidate.Data[i]), append(sums, all.Data[i])
		}
	}
	return ratio, sums
}

// solveResponse is the median of what each of these elements calls for, and a round number near it.
func (s *Segment) solveResponse(n *graph.Node, r response, solve func(ratio, sum float64) float64) []trial {
	ratio, sums := s.scales(n, r)
	var list []float64
	for i := range ratio {
		list = append(list, solve(ratio[i], sums[i]))
	}
	return solved(rounded(median(list))...)
}
