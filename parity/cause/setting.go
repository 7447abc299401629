package cause

import (
	"fmt"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// setting is a layer as it would have to be, and what differs in words.
type setting struct {
	layer                layer.Layer
	reference, candidate string
}

// settings proposes, for every layer of one type in the segment, the same layer with another setting.
func settings[L layer.Layer](s *Segment, what string, list func(n *graph.Node, l L, in tensor.Shape) []setting) []Variant {
	var variants []Variant
	for _, n := range s.Nodes {
		l, ok := n.Layer.(L)
		if !ok {
			continue
		}
		for _, to := range list(n, l, s.shape(n.Inputs[0])) {
			variants = append(variants, Variant{
				Nodes: s.WithLayer(n, to.layer), Layer: n,
				Parameters:  map[string]string{"reference": to.reference, "candidate": to.candidate},
				Explanation: fmt.Sprintf("%s is %s in the reference, %s in the candidate", what, to.reference, to.candidate),
				Fix:         fmt.Sprintf("set %s to %s at %s", what, to.reference, s.counterpartName(n.Layer.Kind())),
			})
		}
	}
	return variants
}

// otherNumbers proposes, for every layer of one type in the segment, the same layer with another number at one place: the
// candidate's own, where its graph has one such layer here, then those to be tried.
func otherNumbers[L layer.Layer](s *Segment, what string, at func(l *L) *float64, tries func(n *graph.Node, l L) []float64) []Variant {
	return settings(s, what, func(n *graph.Node, l L, _ tensor.Shape) []setting {
		own, values := *at(&l), tries(n, l)
		if d, ok := declared[L](s); ok {
			values = append([]float64{*at(&d)}, values...)
		}
		var list []setting
		for _, v := range distinct(own, values...) {
			changed := l
			*at(&changed) = v
			list = append(list, setting{changed, number(own), number(v)})
		}
		return list
	})
}

// otherAxes proposes, for every layer of one type in the segment, the same layer along each of the other axes; explanation
// is a format of both axes.
func otherAxes[L layer.Layer](s *Segment, explanation string, axisOf func(L) int, along func(axis int) L) []Variant {
	var variants []Variant
	for _, n := range s.Nodes {
		l, ok := n.Layer.(L)
		if !ok {
			continue
		}
		own := axisOf(l)
		for axis := range s.shape(n.Inputs[0]) {
			if axis == own {
				continue
			}
			variants = append(variants, Variant{
				Nodes: s.WithLayer(n, along(axis)), Layer: n,
				Parameters:  map[string]string{"reference": strconv.Itoa(own), "candidate": strconv.Itoa(axis)},
				Explanation: fmt.Sprintf(explanation, own, axis),
			})
		}
	}
	return variants
}

// counterpartName is what the candidate calls its layer of a kind.
func (s *Segment) counterpartName(kind string) string {
	for _, n := range s.Counterpart {
		if n.Layer.Kind() == kind {
			return n.Name
		}
	}
	if len(s.Counterpart) > 0 {
		return s.Counterpart[len(s.Counterpart)-1].Name
	}
	return "this layer"
}

// declared returns the candidate's layer of a type where its graph has exactly one in this place.
func declared[L layer.Layer](s *Segment) (l L, ok bool) {
	for _, n := range s.Counterpart {
		if found, is := n.Layer.(L); is {
			if ok {
				return l, false
			}
			l, ok = found, true
		}
	}
	return l, ok
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// distinct drops settings whose value stands earlier in the list or is the reference's own.
func distinct(own float64, values ...float64) []float64 {
	var list []float64
next:
	for _, v := range values {
		if v == own || v != v {
			continue
		}
		for _, seen := range list {
			if seen == v {
				continue next
			}
		}
		list = append(list, v)
	}
	return list
}
