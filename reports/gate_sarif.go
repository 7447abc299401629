package reports

import (
	"io"

	"parity/parity"
)

// gateSARIF writes a result for each problem and, suppressed with the reason, one for each accepted difference.
func gateSARIF(w io.Writer, g *parity.Gate, o Options) error {
	log := sarifBuilder{results: []sarifResult{}, rules: []sarifRule{}}
	for _, p := range g.Problems {
		log.problem(g.Baseline, "", p)
	}
	for i := range g.Comparisons {
		c := &g.Comparisons[i]
		for _, p := range c.Problems {
			log.problem(manifestOf(g, *c), c.Name(), p)
		}
		for _, a := range c.Accepted {
			if a.Seen {
				log.accepted(manifestOf(g, *c), c.Name(), a)
			}
		}
	}
	return writeSARIF(w, g.Environment.Version, log.rules, log.results, o)
}

type sarifBuilder struct {
	rules   []sarifRule
	results []sarifResult
}

func (s *sarifBuilder) problem(file, where string, p parity.Problem) {
	text := problemTitle(p) + ": " + problemText(p)
	if where != "" {
		text = where + ": " + text
	}
	s.add(p.Kind, "error", text, file, p.Layer, where+"\x1f"+p.Layer+"\x1f"+p.Cause)
}

func (s *sarifBuilder) accepted(file, where string, a parity.Acceptance) {
	s.add(acceptedRule, "note", where+": accepted "+acceptanceText(a), file, a.Layer, where+"\x1f"+a.Layer+"\x1f"+a.Cause)
	s.results[len(s.results)-1].Suppressions = []sarifSuppression{{"external", a.Reason + " (until " + a.Review + ")"}}
}

func (s *sarifBuilder) add(rule, level, text, file, layer, print string) {
	at := sarifLocation{Physical: &sarifPhysical{sarifArtifact{uri(file)}}}
	if layer != "" {
		at.Logical = []sarifLogical{{layer, "member"}}
	}
	s.results = append(s.results, sarifResult{RuleID: rule, RuleIndex: s.rule(rule), Level: level, Message: sarifText{text},
		Locations: []sarifLocation{at}, Fingerprints: map[string]string{"comparisonLayerAndCause/v1": rule + "\x1f" + print}})
}

// rule is the index of a rule, which is added when it is first needed.
func (s *sarifBuilder) rule(id string) int {
	for i, r := range s.rules {
		if r.ID == id {
			return i
		}
	}
	rule := sarifRule{ID: id, Short: &sarifText{"a difference that is accepted for a while"}}
	for _, p := range gateProblems {
		if p.kind == id {
			rule.Short, rule.Full = &sarifText{p.title}, &sarifText{p.text}
		}
	}
	s.rules = append(s.rules, rule)
	return len(s.rules) - 1
}
