package parity

// GateSchema is the version of a gate's JSON form; reports/gate.schema.json describes it.
const GateSchema = "parity.gate/1"

// Gate is what all bundles of a repository came to, held against the committed baseline.
type Gate struct {
	Schema string `json:"schema"`
	Passed bool   `json:"passed"`
	// Date is the day, as in 2026-11-25, by which reviews that are due by then have expired.
	Date     string `json:"date"`
	Baseline string `json:"baseline"`           // the file
	Accepted string `json:"accepted,omitempty"` // the file of accepted differences, if there is one
	// Problems are those of no comparison that was run: nothing to run, or a comparison of the baseline that is gone.
	Problems    []Problem   `json:"problems"`
	Comparisons []Gated     `json:"comparisons"`
	Summary     GateSummary `json:"summary"`
	Environment Environment `json:"environment"`
}

// GateSummary counts the comparisons.
type GateSummary struct {
	Bundles     int `json:"bundles"`
	Comparisons int `json:"comparisons"`
	Passed      int `json:"passed"`
	Failed      int `json:"failed"`
	// Accepted counts the differences that are there and accepted, Problems everything that fails.
	Accepted int `json:"accepted"`
	Problems int `json:"problems"`
}

// Gated is one comparison, beside what the baseline says of it.
type Gated struct {
	Bundle    string `json:"bundle"` // from the baseline's folder
	Reference string `json:"reference"`
	Candidate string `json:"candidate"`
	Passed    bool   `json:"passed"`
	// Verdict and what follows it are empty where the comparison could not be run; Before is nil where the baseline lacks it.
	Verdict    Verdict      `json:"verdict,omitempty"`
	WorstRatio Number       `json:"worst_ratio"`
	WorstLayer string       `json:"worst_layer,omitempty"`
	Layers     int          `json:"layers"`
	Before     *GatedBefore `json:"before,omitempty"`
	Problems   []Problem    `json:"problems"`
	Accepted   []Acceptance `json:"accepted"`
	Notes      []string     `json:"notes"`
	Files      []File       `json:"files"`
}

// Name is the comparison in one line.
func (g *Gated) Name() string { return g.Bundle + ": " + g.Reference + " and " + g.Candidate }

// GatedBefore is the baseline's word on a comparison. Ratios are to be looked at: processors with other instructions get others.
type GatedBefore struct {
	Verdict    Verdict `json:"verdict"`
	WorstRatio Number  `json:"worst_ratio"`
	WorstLayer string  `json:"worst_layer,omitempty"`
}

// Kinds of problems.
const (
	ProblemNothing    = "nothing-to-run"    // no bundle was found
	ProblemGone       = "no-longer-run"     // the baseline has a comparison, or a layer of one, that is not there any more
	ProblemNotRun     = "not-run"           // a comparison could not be run
	ProblemChanged    = "files-changed"     // a file is not what its manifest says, or the manifest not what the baseline says
	ProblemNew        = "not-in-baseline"   // the baseline lacks the comparison
	ProblemWorse      = "worse"             // a verdict is worse than the baseline's
	ProblemDifference = "difference"        // a difference that nobody has accepted
	ProblemGrown      = "accepted-grown"    // an accepted difference beyond its limit
	ProblemExpired    = "accepted-expired"  // an accepted difference whose review is due
	ProblemMisspelt   = "accepted-misspelt" // an accepted difference of a layer that does not exist
)

// Problem is one reason for a gate to fail.
type Problem struct {
	Kind  string `json:"kind"`
	Layer string `json:"layer,omitempty"`
	Cause string `json:"cause,omitempty"`
	Text  string `json:"text"`
	Fix   string `json:"fix,omitempty"`
}

// Acceptance is a difference that a team has decided to live with, for a while.
type Acceptance struct {
	Layer string `json:"layer"`
	// Cause is the finding's; where there is none it is unexplained for a layer that is introduced, and else the layer's verdict.
	Cause  string `json:"cause"`
	Limit  Number `json:"limit,omitempty"` // the largest multiple of the bound; 0 for verdicts without a ratio
	Reason string `json:"reason"`
	Review string `json:"review"` // the first day on which it is not accepted any more, as in 2026-11-25
	// Ratio is what the difference is now; Seen says whether it is there at all.
	Ratio Number `json:"ratio,omitempty"`
	Seen  bool   `json:"seen"`
}

// ExitCode is what a program that made this should exit with.
func (g *Gate) ExitCode() int {
	if g.Passed {
		return 0
	}
	return 1
}

// Count fills in the summary and says whether the gate has passed: with at least one comparison, and no problem anywhere.
func (g *Gate) Count() {
	s := GateSummary{Comparisons: len(g.Comparisons), Problems: len(g.Problems)}
	bundles := map[string]bool{}
	for i := range g.Comparisons {
		c := &g.Comparisons[i]
		bundles[c.Bundle] = true
		s.Problems += len(c.Problems)
		for _, a := range c.Accepted {
			if a.Seen {
				s.Accepted++
			}
		}
		if c.Passed = len(c.Problems) == 0 && c.Verdict != ""; c.Passed {
			s.Passed++
		}
	}
	s.Bundles, s.Failed = len(bundles), s.Comparisons-s.Passed
	g.Summary, g.Passed = s, s.Problems == 0 && s.Passed == s.Comparisons && s.Passed > 0
}
