package reports

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"parity/parity"
)

// gateProblems says of every kind of problem what it means, for reports that explain their rules.
var gateProblems = []struct{ kind, title, text string }{
	{parity.ProblemDifference, "a difference that nobody has accepted", "A layer is not right, or a finding is an error, and the file of accepted differences does not list it."},
	{parity.ProblemWorse, "a verdict got worse", "A layer or a comparison has a worse verdict than in the baseline."},
	{parity.ProblemGrown, "an accepted difference has grown", "The difference is beyond the limit up to which it was accepted."},
	{parity.ProblemExpired, "an accepted difference is due for review", "The date by which somebody has to look again has come."},
	{parity.ProblemMisspelt, "an acceptance that cannot apply", "The file of accepted differences names a layer or a comparison that does not exist."},
	{parity.ProblemChanged, "other files", "A file is not what its manifest says, or the manifest is not the one that the baseline was made with."},
	{parity.ProblemNew, "not in the baseline", "The baseline lacks the comparison: a change of it would go unnoticed."},
	{parity.ProblemGone, "no longer run", "The baseline has a comparison, or a layer of one, that is not there any more."},
	{parity.ProblemNotRun, "not run", "A comparison could not be run."},
	{parity.ProblemNothing, "nothing to run", "No bundle was found."},
}

// acceptedRule is what an accepted difference is reported as.
const acceptedRule = "accepted"

// gateHeadline says in one sentence what a gate came to.
func gateHeadline(g *parity.Gate) string {
	s := g.Summary
	of := fmt.Sprintf("%s of %s", plural(s.Comparisons, "comparison"), plural(s.Bundles, "bundle"))
	switch {
	case g.Passed:
		return fmt.Sprintf("gate passed: %s, none worse than the baseline, %s", of, plural(s.Accepted, "accepted difference"))
	case s.Comparisons == 0:
		return "gate failed: nothing was compared"
	}
	return fmt.Sprintf("gate failed: %s; %d of %s fail, %s", plural(s.Problems, "problem"), s.Failed, of, plural(s.Accepted, "accepted difference"))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// problemTitle names a problem: where and what.
func problemTitle(p parity.Problem) string {
	text := p.Kind
	if p.Layer != "" {
		text = p.Layer + ": " + p.Kind
	}
	if p.Cause != "" {
		text += " (" + p.Cause + ")"
	}
	return text
}

// problemText is a problem in words.
func problemText(p parity.Problem) string {
	if p.Fix == "" {
		return p.Text
	}
	return strings.TrimRight(p.Text, ".") + ". Fix: " + p.Fix
}

// acceptanceText says how far an accepted difference is and until when.
func acceptanceText(a parity.Acceptance) string {
	limit := ""
	switch {
	case !a.Seen:
		limit = "not there any more"
	case a.Limit == 0:
		limit = "without a ratio"
	default:
		limit = fmt.Sprintf("%s of at most %s times the rounding bound", ratio(a.Ratio), ratio(a.Limit))
	}
	return fmt.Sprintf("%s: %s, %s, until %s: %s", a.Layer, a.Cause, limit, a.Review, a.Reason)
}

// verdictNow and its ratio are dashes where a comparison could not be run.
func verdictNow(c parity.Gated) string { return cmp.Or(string(c.Verdict), "-") }

func ratioNow(c parity.Gated) string {
	if c.WorstLayer == "" {
		return "-"
	}
	return ratio(c.WorstRatio)
}

// verdictBefore is the baseline's verdict, with its ratio.
func verdictBefore(c parity.Gated) (verdict, worst string) {
	if c.Before == nil {
		return "-", "-"
	}
	return string(c.Before.Verdict), ratio(c.Before.WorstRatio)
}

func gateMark(c parity.Gated) string {
	if c.Passed {
		return "ok"
	}
	return "FAIL"
}

// manifestOf is where a comparison's bundle is described.
func manifestOf(g *parity.Gate, c parity.Gated) string {
	return path.Join(path.Dir(strings.ReplaceAll(g.Baseline, `\`, "/")), c.Bundle, "manifest.json")
}
