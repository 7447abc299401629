package reports

import (
	"bufio"
	"fmt"
	"io"

	"parity/parity"
)

// mostProblems is how many problems of a comparison are shown where somebody reads; the other formats have all.
const mostProblems = 12

func gateTerminal(w io.Writer, g *parity.Gate, o Options) error {
	b := bufio.NewWriter(w)
	t := terminal{b, o}
	if !o.Quiet {
		t.gateTable(g)
		t.gateProblems("the gate", g.Problems)
		for i := range g.Comparisons {
			t.gateProblems(g.Comparisons[i].Name(), g.Comparisons[i].Problems)
		}
		t.gateRemarks(g)
	}
	code := "1;32"
	if !g.Passed {
		code = "1;31"
	}
	for _, line := range wrap(gateHeadline(g)+".", t.gateWidth()) {
		fmt.Fprintln(t, t.paint(code, line))
	}
	return b.Flush()
}

// gateWidth leaves a quiet report on one line.
func (t terminal) gateWidth() int {
	if t.Quiet {
		return 0
	}
	return t.Width
}

func (t terminal) gateTable(g *parity.Gate) {
	if len(g.Comparisons) == 0 {
		return
	}
	columns := []column{{title: "gate"}, {title: "bundle", least: 10}, {title: "reference", least: 10}, {title: "candidate", least: 12},
		{title: "verdict"}, {title: "worst", right: true}, {title: "baseline"}, {title: "worst", right: true}}
	for _, c := range g.Comparisons {
		was, before := verdictBefore(c)
		for i, cell := range []string{gateMark(c), c.Bundle, c.Reference, c.Candidate, verdictNow(c), ratioNow(c), was, before} {
			columns[i].cells = append(columns[i].cells, cell)
		}
		color := "32"
		if !c.Passed {
			color = "1;31"
		}
		columns[0].color = append(columns[0].color, color)
	}
	t.print(columns, fit(columns, t.Width))
}

func (t terminal) gateProblems(where string, list []parity.Problem) {
	if len(list) == 0 {
		return
	}
	for _, line := range wrap("fails: "+where, t.Width) {
		fmt.Fprintln(t, t.paint("1;31", line))
	}
	for i, p := range list {
		if i == mostProblems && len(list) > mostProblems+1 {
			t.field("", fmt.Sprintf("and %d more problems", len(list)-mostProblems))
			break
		}
		t.field("problem", problemTitle(p))
		t.field("what", p.Text)
		if p.Fix != "" {
			t.field("fix", p.Fix)
		}
	}
	fmt.Fprintln(t)
}

// gateRemarks are what does not fail and must be seen all the same.
func (t terminal) gateRemarks(g *parity.Gate) {
	for _, c := range g.Comparisons {
		if len(c.Accepted)+len(c.Notes) == 0 {
			continue
		}
		for _, line := range wrap("noted: "+c.Name(), t.Width) {
			fmt.Fprintln(t, t.paint("36", line))
		}
		for _, a := range c.Accepted {
			t.field("accepted", acceptanceText(a))
		}
		for _, n := range c.Notes {
			t.field("note", n)
		}
		fmt.Fprintln(t)
	}
}
