package gate

import (
	"fmt"
	"slices"
	"strings"

	"parity/parity"
)

// differences demands an acceptance for everything that is not right: for every finding that is an error, and for every layer that
// is wrong without one. A layer that is right on its own inputs needs none if the layers that it inherits from have one.
func (j *judgement) differences() {
	j.accounted, j.reported = map[string]bool{}, map[string]bool{}
	explained := map[string]bool{}
	for _, f := range j.result.Findings {
		if f.Severity != parity.Error {
			continue
		}
		layers := f.Layers
		if len(layers) == 0 {
			layers = []string{f.Layer}
		}
		for _, l := range layers {
			explained[l] = true
		}
		j.demand(f.Layer, f.Cause, f.Explanation, f.Fix, layers)
	}
	for _, l := range j.result.Layers {
		if wrong(l) && l.Verdict != parity.Inherited && !explained[l.Name] {
			j.demand(l.Name, causeOf(l), said(l), "", []string{l.Name})
		}
	}
	j.inherited()
	if j.result.Verdict == parity.Incomparable && len(j.Problems) == 0 {
		j.problem(parity.ProblemDifference, "", "", "nothing could be compared", "")
	}
	if j.result.Verdict == parity.Diverged && len(j.Problems) == 0 && len(j.accounted) == 0 {
		j.problem(parity.ProblemDifference, "", "", "the comparison is not parity: no output of the network was compared", "")
	}
}

// wrong is written so that what nobody has thought of is wrong.
func wrong(l parity.Layer) bool {
	right := l.Verdict == parity.Match || l.Verdict == parity.Covered
	return !right || l.Isolated != nil && !l.Isolated.Ratio.Within() || l.Chained != nil && !l.Chained.Ratio.Within()
}

func causeOf(l parity.Layer) string {
	if l.Verdict == parity.Introduced || l.Verdict == parity.Match || l.Verdict == parity.Covered {
		return parity.Unexplained
	}
	return string(l.Verdict)
}

func said(l parity.Layer) string {
	text := string(l.Verdict)
	switch d := measured(l); {
	case l.Detail != "":
		text += ": " + l.Detail
	case d != nil:
		text += fmt.Sprintf(", %.2g times the rounding bound", float64(d.Ratio))
	}
	return text
}

// measured is the difference that a layer is judged by; nil for none.
func measured(l parity.Layer) *parity.Difference {
	if l.Verdict == parity.Inherited {
		return l.Chained
	}
	return l.Isolated
}

// demand looks for the acceptance of a difference in a layer, which may show in several, and holds it to its limit and its date.
func (j *judgement) demand(layer, cause, text, fix string, layers []string) {
	a := j.acceptance(layer, cause)
	if a == nil {
		j.report(parity.ProblemDifference, layer, cause, text, fix, layers)
		return
	}
	a.Seen = true
	for _, l := range j.result.Layers {
		if d := measured(l); slices.Contains(layers, l.Name) && d != nil && !(d.Ratio <= a.Ratio) {
			a.Ratio = d.Ratio
		}
	}
	ok := true
	if !(a.Ratio <= max(1, a.Limit)) {
		j.report(parity.ProblemGrown, layer, cause, fmt.Sprintf("accepted up to %s times the rounding bound, now %s", plain(a.Limit), plain(a.Ratio)), fix, layers)
		ok = false
	}
	if a.Review <= j.date {
		j.report(parity.ProblemExpired, layer, cause, fmt.Sprintf("accepted until %s (%s)", a.Review, a.Reason), "look again: mend it, or accept it with a later date", layers)
		ok = false
	}
	for _, l := range layers {
		if ok {
			j.accounted[l] = true
		}
	}
}

func plain(n parity.Number) string { return fmt.Sprintf("%.3g", float64(n)) }

func (j *judgement) report(kind, layer, cause, text, fix string, layers []string) {
	j.problem(kind, layer, cause, text, fix)
	for _, l := range layers {
		j.reported[l] = true
	}
}

func (j *judgement) acceptance(layer, cause string) *parity.Acceptance {
	for i := range j.Accepted {
		if a := &j.Accepted[i]; a.Layer == layer && a.Cause == cause {
			return a
		}
	}
	return nil
}

// inherited accounts for the layers that are wrong because of others. One that inherits from a layer with a problem says nothing new;
// one that is listed itself is held to its limit.
func (j *judgement) inherited() {
	from := sources(j.result.Layers)
	for _, l := range j.result.Layers {
		if l.Verdict != parity.Inherited {
			continue
		}
		blamed := slices.ContainsFunc(from[l.Name], func(s string) bool { return j.reported[s] })
		accepted := slices.ContainsFunc(from[l.Name], func(s string) bool { return j.accounted[s] })
		switch {
		case j.acceptance(l.Name, string(parity.Inherited)) != nil:
			j.demand(l.Name, string(parity.Inherited), said(l), "", []string{l.Name})
		case blamed:
			j.reported[l.Name] = true
		case accepted:
			j.accounted[l.Name] = true
		default:
			j.demand(l.Name, string(parity.Inherited), said(l), "", []string{l.Name})
		}
	}
}

// sources lists, for each layer, the layers before it, from near to far, that are wrong on their own inputs.
func sources(layers []parity.Layer) map[string][]string {
	all := map[string][]string{}
	for _, l := range layers { // in the order of computation
		var list []string
		for _, in := range l.Inputs {
			list = append(list, all[in]...)
		}
		if wrong(l) && l.Verdict != parity.Inherited {
			list = append(list, l.Name)
		}
		slices.Sort(list)
		all[l.Name] = slices.Compact(list)
	}
	return all
}

// useless says of acceptances that did not apply what is wrong with them. One that names no layer is an error: it was meant
// to say something.
func (j *judgement) useless() {
	for _, a := range j.Accepted {
		switch known := slices.ContainsFunc(j.result.Layers, func(l parity.Layer) bool { return l.Name == a.Layer }); {
		case a.Seen:
		case !known:
			j.problem(parity.ProblemMisspelt, a.Layer, a.Cause, "a difference is accepted in a layer that is not there"+near(a.Layer, j.result.Layers), "correct or delete the entry")
		default:
			j.note("%s (%s) is accepted and not there any more; delete the entry, or it may come back unnoticed", a.Layer, a.Cause)
		}
	}
}

// near names layers that may have been meant.
func near(name string, layers []parity.Layer) string {
	var list []string
	for _, l := range layers {
		if strings.Contains(l.Name, name) || strings.Contains(name, l.Name) || strings.EqualFold(l.Name, name) {
			list = append(list, l.Name)
		}
	}
	if len(list) == 0 || len(list) > 3 {
		return ""
	}
	return "; is it " + strings.Join(list, " or ") + "?"
}
