package gate

import (
	"fmt"
	"slices"

	"parity/parity"
)

// Run is one comparison that was run, or could not be.
type Run struct {
	Key
	Files  []parity.File // the manifests of the bundles that it reads
	Result *parity.Result
	// Kind and Err say why there is no result.
	Kind string
	Err  error
}

// Judge holds one comparison against its entry in the baseline and its accepted differences, as of a day.
func Judge(run Run, b *Baseline, a *Accepted, date string) parity.Gated {
	j := &judgement{
		Gated: parity.Gated{Bundle: run.Bundle, Reference: run.Reference, Candidate: run.Candidate,
			Problems: []parity.Problem{}, Accepted: []parity.Acceptance{}, Notes: []string{}, Files: []parity.File{}},
		result: run.Result, before: b.find(run.Key), date: date,
	}
	for _, d := range a.of(run.Key) {
		j.Accepted = append(j.Accepted, parity.Acceptance{Layer: d.Layer, Cause: d.Cause, Limit: d.Limit, Reason: d.Reason, Review: d.Review})
	}
	if e := j.before; e != nil {
		j.Before = &parity.GatedBefore{Verdict: e.Verdict, WorstRatio: e.WorstRatio, WorstLayer: e.WorstLayer}
	}
	if run.Result == nil {
		j.problem(run.Kind, "", "", fmt.Sprint(run.Err), "")
		return j.Gated
	}
	r := run.Result
	j.Verdict, j.WorstRatio, j.WorstLayer, j.Layers = r.Verdict, r.Summary.WorstRatio, r.Summary.WorstLayer, len(r.Layers)
	j.Files = append(append(j.Files, r.Reference.Files...), r.Candidate.Files...)
	j.differences()
	j.useless()
	if j.before == nil {
		j.problem(parity.ProblemNew, "", "", "the baseline has no such comparison: a change of it would go unnoticed", update)
		return j.Gated
	}
	j.files(run.Files)
	j.worse()
	return j.Gated
}

const update = "look at it, then take it over with parity gate --update-baseline"

type judgement struct {
	parity.Gated
	result *parity.Result
	before *Entry
	date   string
	// accounted are the layers whose difference is accepted, reported those that have a problem already.
	accounted, reported map[string]bool
}

func (j *judgement) problem(kind, layer, cause, text, fix string) {
	j.Problems = append(j.Problems, parity.Problem{Kind: kind, Layer: layer, Cause: cause, Text: text, Fix: fix})
}

// files fails where a manifest is not the one that the baseline was made with: other recordings prove something else.
func (j *judgement) files(now []parity.File) {
	for _, f := range now {
		i := slices.IndexFunc(j.before.Files, func(b parity.File) bool { return b.Path == f.Path })
		switch {
		case i < 0:
			j.problem(parity.ProblemChanged, "", "", f.Path+" is read, and the baseline was made without it", update)
		case j.before.Files[i].SHA256 != f.SHA256:
			j.problem(parity.ProblemChanged, "", "", fmt.Sprintf("%s has the sha256 %s, the baseline was made with %s", f.Path, f.SHA256, j.before.Files[i].SHA256), update)
		}
	}
	for _, b := range j.before.Files {
		if !slices.ContainsFunc(now, func(f parity.File) bool { return f.Path == b.Path }) {
			j.problem(parity.ProblemChanged, "", "", b.Path+" was read when the baseline was made, and is not any more", update)
		}
	}
}

// rank orders the verdicts of layers and of whole comparisons, the best first. Those that say less rank behind those that say
// what is wrong.
var rank = []parity.Verdict{parity.Parity, parity.Match, parity.Covered, parity.Inherited, parity.Introduced, parity.Diverged, parity.Incomparable, parity.Missing}

// isWorse is true for a verdict that nobody knows, too.
func isWorse(now, before parity.Verdict) bool {
	n, b := slices.Index(rank, now), slices.Index(rank, before)
	return n < 0 || n > b
}

// worse fails for every layer whose verdict is worse than the baseline's, and for each that is not there any more.
func (j *judgement) worse() {
	now, better := map[string]parity.Verdict{}, 0
	names := named(j.result.Layers, func(l parity.Layer) string { return l.Name })
	for i, l := range j.result.Layers {
		now[names[i]] = l.Verdict
	}
	for i, name := range named(j.before.Layers, func(l Layer) string { return l.Name }) {
		was := j.before.Layers[i].Verdict
		is, there := now[name]
		switch layer := j.before.Layers[i].Name; {
		case !there:
			j.problem(parity.ProblemGone, layer, "", fmt.Sprintf("the layer is not compared any more; in the baseline it is %s", was), update)
		case j.accounted[layer] || j.reported[layer]:
		case isWorse(is, was):
			j.problem(parity.ProblemWorse, layer, "", fmt.Sprintf("%s, was %s in the baseline", is, was), "")
		case is != was:
			better++
		}
	}
	if isWorse(j.Verdict, j.before.Verdict) && len(j.Problems) == 0 && len(j.accounted) == 0 {
		j.problem(parity.ProblemWorse, "", "", fmt.Sprintf("%s, was %s in the baseline", j.Verdict, j.before.Verdict), "")
	}
	if more := len(j.result.Layers) - len(j.before.Layers); more > 0 {
		j.note("%d layers that the baseline lacks; take them over with --update-baseline", more)
	}
	if better > 0 {
		j.note("%d layers are better than in the baseline; take that over with --update-baseline, or they may get worse again unnoticed", better)
	}
}

func (j *judgement) note(format string, args ...any) {
	j.Notes = append(j.Notes, fmt.Sprintf(format, args...))
}

// named makes names unique that occur several times, by counting them.
func named[T any](items []T, name func(T) string) []string {
	list, count := make([]string, len(items)), map[string]int{}
	for i, item := range items {
		n := name(item)
		if list[i] = n; count[n] > 0 {
			list[i] = fmt.Sprintf("%s\x00%d", n, count[n])
		}
		count[n]++
	}
	return list
}

// All judges every run, and fails for comparisons of the baseline that were not run although they should have been; expected says which.
func All(runs []Run, b *Baseline, a *Accepted, date string, expected func(bundle string) bool) *parity.Gate {
	g := &parity.Gate{Schema: parity.GateSchema, Date: date, Problems: []parity.Problem{}, Comparisons: []parity.Gated{}}
	ran := func(k Key) bool { return slices.ContainsFunc(runs, func(r Run) bool { return r.Key == k }) }
	for _, r := range runs {
		g.Comparisons = append(g.Comparisons, Judge(r, b, a, date))
	}
	if len(runs) == 0 {
		g.Problems = append(g.Problems, parity.Problem{Kind: parity.ProblemNothing, Text: "no bundle was found: nothing was compared", Fix: "record one with parity record SIDE -o fixtures/NAME"})
	}
	for _, e := range b.Comparisons {
		if expected(e.Bundle) && !ran(e.Key) {
			g.Problems = append(g.Problems, parity.Problem{Kind: parity.ProblemGone, Text: e.Key.String() + ": the baseline has this comparison, and it was not run", Fix: "restore the bundle; or if it is not wanted any more, take that over with parity gate --update-baseline"})
		}
	}
	if a != nil {
		for _, d := range a.Differences {
			if expected(d.Bundle) && !ran(d.Key) {
				g.Problems = append(g.Problems, parity.Problem{Kind: parity.ProblemMisspelt, Layer: d.Layer, Cause: d.Cause, Text: "a difference is accepted in " + d.Key.String() + ", which is no comparison that was run", Fix: "correct or delete the entry"})
			}
		}
	}
	g.Count()
	return g
}
