package reports

import (
	"io"
	"strings"

	"parity/parity"
)

// gateJUnit writes a test case for the gate itself, one for each comparison and one for each accepted difference: those are
// skipped, so that they stay in sight.
func gateJUnit(w io.Writer, g *parity.Gate, _ Options) error {
	suite := junitSuite{Name: "parity gate"}
	suite.add(gateCase("gate", "complete", "", g.Problems))
	for i := range g.Comparisons {
		c := &g.Comparisons[i]
		class := clean("gate." + c.Bundle)
		suite.add(gateCase(class, c.Reference+" and "+c.Candidate, gateOut(c), c.Problems))
		for _, a := range c.Accepted {
			suite.add(junitCase{Class: class, Name: clean(c.Reference + " and " + c.Candidate + ", " + a.Layer), Skipped: &junitSkipped{clean("accepted: " + acceptanceText(a))}})
		}
	}
	return writeJUnit(w, suite)
}

func gateOut(c *parity.Gated) string {
	lines := append([]string{verdictNow(*c) + ", worst ratio to the rounding bound " + ratioNow(*c) + " at " + c.WorstLayer}, c.Notes...)
	return strings.Join(lines, "\n")
}

func gateCase(class, name, out string, problems []parity.Problem) junitCase {
	c := junitCase{Class: class, Name: clean(name), Out: clean(out)}
	if len(problems) == 0 {
		return c
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, problemTitle(p)+": "+problemText(p))
	}
	c.Failure = &junitFailure{Message: clean(lines[0]), Type: problems[0].Kind, Text: clean(strings.Join(lines, "\n"))}
	return c
}
