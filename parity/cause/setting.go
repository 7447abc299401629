package cause

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// setting is a layer as it would have to be, and what differs in words.
type setting struct {
	layer                layer.Layer
	reference, candidate string
	trial                // where its number is from
}

// trial is a number that a setting may have, and where it is from.
type trial struct {
	value    float64
	stated   bool // in the candidate's own graph
	unknowns int  // solved from the candidate's numbers
}

func stated(v float64) trial { return trial{value: v, stated: true} }

func solved(values ...float64) []trial {
	var list []trial
	for _, v := range values {
		list = append(list, trial{value: v, unknowns: 1})
	}
	return list
}

// usual are values that people and frameworks have.
func usual(values ...float64) []trial {
	var list []trial
	for _, v := range values {
		list = append(list, trial{value: v})
	}
	return list
}

// mark notes on a variant where its number is from.
func (t trial) mark(v Variant) Variant {
	v.Stated, v.Unknowns = t.stated, t.unknowns
	return v
}

// otherThan drops trials that are no numbers or the reference's own, and makes one of those of one value.
func otherThan(own float64, list []trial) []trial {
	var kept []trial
	for _, t := range list {
		if t.value == own || math.IsNaN(t.value) {
			continue
		}
		if i := slices.IndexFunc(kept, func(k trial) bool { return k.value == t.value }); i >= 0 {
			kept[i].stated = kept[i].stated || t.stated
			continue
		}
		kept = append(kept, t)
	}
	return kept
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
			variants = append(variants, to.mark(Variant{
				Nodes: s.WithLayer(n, to.layer), Layer: n,
				Parameters:  map[string]string{"reference": to.reference, "candidate": to.candidate},
				Explanation: fmt.Sprintf("%s is %s in the reference, %s in the candidate", what, to.reference, to.candidate),
				Fix:         fmt.Sprintf("set %s to %s at %s", what, to.reference, s.counterpartName(n.Layer.Kind())),
			}))
		}
	}
	return variants
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
