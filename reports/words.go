package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"parity/parity"
)

// headline says in one sentence what the comparison came to.
func headline(r *parity.Result) string {
	ref, cand := r.Reference.Side, r.Candidate.Side
	switch r.Verdict {
	case parity.Parity:
		if r.Reference.Source == "weights" {
			return fmt.Sprintf("parity: the weights of %s and %s are draws of the same distributions", ref, cand)
		}
		if r.Reference.Source == "structure" {
			return fmt.Sprintf("parity: %s and %s are the same network", ref, cand)
		}
		return fmt.Sprintf("parity: %s and %s are equal up to rounding", ref, cand)
	case parity.Diverged:
		if text := apart(r); text != "" {
			return "diverged: " + text
		}
		return fmt.Sprintf("diverged: %s is not equal to %s (%s)", cand, ref, wrong(r.Summary))
	}
	return fmt.Sprintf("incomparable: nothing of %s could be compared with %s", cand, ref)
}

// apart says in how far two sides are apart whose runs have nothing to do with each other; empty for others.
func apart(r *parity.Result) string {
	ref, cand, s := r.Reference.Side, r.Candidate.Side, r.Structure
	switch {
	case s == nil:
		return ""
	case strangers(r):
		return fmt.Sprintf("%s and %s are different networks", cand, ref)
	case r.Reference.Source == "structure":
		return fmt.Sprintf("%s is another version of the network of %s (%s)", cand, ref, wrong(r.Summary))
	case s.Weights == nil || !s.Weights.Replaced:
		return ""
	case s.Verdict == parity.SameStructure:
		return fmt.Sprintf("%s is the network of %s with other weights", cand, ref)
	}
	return fmt.Sprintf("%s is another version of the network of %s, with other weights", cand, ref)
}

// strangers reports whether no layer was compared because the networks have too little in common.
func strangers(r *parity.Result) bool {
	return slices.ContainsFunc(r.Findings, func(f parity.Finding) bool { return f.Cause == "structure.network" })
}

// pairing says how many layers were paired where the two runs could not be: nothing for others.
func pairing(r *parity.Result) string {
	if apart(r) == "" || strangers(r) {
		return ""
	}
	all := 0
	for _, k := range r.Structure.Reference {
		all += k.Count
	}
	return fmt.Sprintf("%d of the reference's %d layers have a counterpart by kind, settings and place (a layer with its padding, bias and normalisation is one).", r.Structure.Paired, all)
}

// wrong counts what is not right.
func wrong(s parity.Summary) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Introduced, "introduced"}, {s.Inherited, "inherited"}, {s.Missing, "missing"}, {s.Incomparable, "incomparable"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "no output of the network was compared"
	}
	return strings.Join(parts, ", ")
}

// distance says how far from the bound the comparison came.
func distance(r *parity.Result) string {
	s := r.Summary
	if r.Reference.Source == "structure" {
		return "Only the graphs were compared, neither weights nor numbers."
	}
	if r.Reference.Source == "weights" && s.WorstLayer != "" {
		return fmt.Sprintf("The largest distance of first weights from the declared distribution is %s times what a right draw stays within, at %s.",
			ratio(s.WorstRatio), s.WorstLayer)
	}
	if s.WorstLayer == "" {
		return "No layer was compared on its own inputs."
	}
	of := "a layer's own inputs"
	if apart(r) != "" {
		of += ", with the reference's settings and the candidate's weights,"
	}
	switch v := float64(s.WorstRatio); {
	case math.IsNaN(v):
		return fmt.Sprintf("The worst layer, %s, holds values that are not numbers.", s.WorstLayer)
	case v > 1:
		return fmt.Sprintf("The largest difference on %s is %s times the rounding bound, at %s.", of, ratio(s.WorstRatio), s.WorstLayer)
	}
	return fmt.Sprintf("The largest difference on %s is %s of the rounding bound, at %s.", of, ratio(s.WorstRatio), s.WorstLayer)
}

// sketched says how many layers were compared through sketches, and what these cannot miss; empty for none.
func sketched(r *parity.Result) string {
	if r.Summary.Sketched == 0 {
		return ""
	}
	var element, offset *parity.Layer
	for i := range r.Layers {
		l := &r.Layers[i]
		if l.Sketch == nil {
			continue
		}
		if element == nil || l.Sketch.Element > element.Sketch.Element {
			element = l
		}
		if offset == nil || l.Sketch.Offset > offset.Sketch.Offset {
			offset = l
		}
	}
	return fmt.Sprintf("%d layers were compared through sketches of the candidate's tensors, which cannot miss one element off by more than %.2g (at %s, elsewhere less) or channels off by more than %.2g (at %s).",
		r.Summary.Sketched, float64(element.Sketch.Element), element.Name, float64(offset.Sketch.Offset), offset.Name)
}

// counted says how many layers were compared and how.
func counted(r *parity.Result) string {
	s := r.Summary
	text := fmt.Sprintf("%d layers: %d match", s.Layers, s.Match)
	if s.Covered > 0 {
		text += fmt.Sprintf(", %d covered by a later layer (the candidate recorded no tensor of their own)", s.Covered)
	}
	if w := wrong(s); s.Match+s.Covered < s.Layers {
		text += ", " + w
	}
	return strings.TrimSpace(text + ". " + sketched(r))
}

// produced says who computed a side's tensors.
func produced(s parity.Side) string {
	text := s.Side + ": " + s.Framework
	if s.Producer != "" { // nobody computed what were only weights
		text += ", " + s.Producer
	}
	if s.Source != "recorded" && s.Source != "structure" {
		text += " (" + s.Source + ")"
	}
	if s.Preparation != "" {
		text += ", " + s.Preparation
	}
	return text
}

// ratio writes a multiple of the bound in at most 7 characters.
func ratio(n parity.Number) string {
	v := float64(n)
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return "inf"
	case v == 0:
		return "0"
	}
	return fmt.Sprintf("%.2g", v)
}

// differenceRatio is ratio for a difference that may not exist.
func differenceRatio(d *parity.Difference) string {
	if d == nil {
		return "-"
	}
	return ratio(d.Ratio)
}

// coordinates writes an element's index as in 0,63,111,2.
func coordinates(d *parity.Difference) string {
	if d == nil || len(d.Index) == 0 || d.MaxAbs == 0 {
		return "-"
	}
	parts := make([]string, len(d.Index))
	for i, v := range d.Index {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, ",")
}

// images says how many images differ, and names the first.
func images(r *parity.Result) string {
	var names []string
	for _, image := range r.Images {
		if image.Verdict != parity.Parity {
			names = append(names, image.Name)
		}
	}
	text := fmt.Sprintf("%d images were compared one by one; ", len(r.Images))
	if len(r.Images) == 1 {
		text = "1 image was compared; "
	}
	switch n := len(names); {
	case n == 0:
		return text + "none differs."
	case n > 3:
		return fmt.Sprintf("%s%d differ: %s, ...", text, n, strings.Join(names[:3], ", "))
	case n == 1:
		return text + "1 differs: " + names[0] + "."
	}
	return fmt.Sprintf("%s%d differ: %s.", text, len(names), strings.Join(names, ", "))
}

// worstImage is the image of the difference that is shown of a layer.
func worstImage(l parity.Layer) string {
	switch {
	case l.Images == nil:
		return ""
	case worstOf(l) == l.Isolated:
		return cmp.Or(l.Images.Worst, "-")
	}
	return cmp.Or(l.Images.WorstChained, "-")
}

// wrongIn says in how many of the images a layer is wrong on its own inputs.
func wrongIn(l parity.Layer, r *parity.Result) string {
	if l.Images == nil {
		return ""
	}
	return fmt.Sprintf("%d/%d", l.Images.Introduced, len(r.Images))
}
