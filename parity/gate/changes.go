package gate

import (
	"fmt"
	"slices"
	"strings"

	"parity/parity"
)

// Updated is the baseline with the runs taken over. Of the bundles that were not asked for, the entries stay as they are.
func Updated(old *Baseline, runs []Run, expected func(bundle string) bool) *Baseline {
	b := &Baseline{Schema: BaselineSchema}
	for _, e := range old.Comparisons {
		if !expected(e.Bundle) {
			b.Comparisons = append(b.Comparisons, e)
		}
	}
	for _, r := range runs {
		b.Comparisons = append(b.Comparisons, NewEntry(r.Key, r.Files, r.Result))
	}
	slices.SortStableFunc(b.Comparisons, func(a, b Entry) int { return strings.Compare(a.Bundle, b.Bundle) })
	return b
}

// Changes says, a line each, what a new baseline says otherwise than an old one. Ratios alone are no change.
func Changes(old, now *Baseline) []string {
	var list []string
	for _, e := range now.Comparisons {
		if was := old.find(e.Key); was == nil {
			list = append(list, fmt.Sprintf("%s: new, %s, %d layers (%s)", e.Key, e.Verdict, len(e.Layers), counted(e.Layers)))
		} else {
			list = append(list, was.changes(e)...)
		}
	}
	for _, e := range old.Comparisons {
		if now.find(e.Key) == nil {
			list = append(list, fmt.Sprintf("%s: gone, was %s", e.Key, e.Verdict))
		}
	}
	return list
}

func counted(layers []Layer) string {
	count := map[parity.Verdict]int{}
	for _, l := range layers {
		count[l.Verdict]++
	}
	var parts []string
	for _, v := range rank {
		if count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
		}
	}
	return strings.Join(parts, ", ")
}

func (e *Entry) changes(now Entry) (list []string) {
	say := func(format string, args ...any) { list = append(list, e.String()+": "+fmt.Sprintf(format, args...)) }
	if e.Verdict != now.Verdict {
		say("%s, was %s", now.Verdict, e.Verdict)
	}
	if !slices.Equal(e.Files, now.Files) {
		say("made with other files")
	}
	was := map[string]parity.Verdict{}
	names := named(e.Layers, func(l Layer) string { return l.Name })
	for i, l := range e.Layers {
		was[names[i]] = l.Verdict
	}
	for i, name := range named(now.Layers, func(l Layer) string { return l.Name }) {
		l := now.Layers[i]
		switch before, there := was[name]; {
		case !there:
			say("%s: new, %s", l.Name, l.Verdict)
		case before != l.Verdict:
			say("%s: %s, was %s", l.Name, l.Verdict, before)
		}
		delete(was, name)
	}
	for i, name := range names {
		if _, left := was[name]; left {
			say("%s: gone, was %s", e.Layers[i].Name, e.Layers[i].Verdict)
		}
	}
	return list
}
