package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"parity/parity"
)

func gateMarkdown(w io.Writer, g *parity.Gate, o Options) error {
	b := bufio.NewWriter(w)
	if o.Quiet {
		fmt.Fprintf(b, "**%s.**\n", escaped(gateHeadline(g)))
		return b.Flush()
	}
	fmt.Fprintf(b, "### %s\n", escaped(gateHeadline(g)))
	markdownProblems(b, "the gate", g.Problems)
	for i := range g.Comparisons {
		markdownProblems(b, g.Comparisons[i].Name(), g.Comparisons[i].Problems)
	}
	markdownAccepted(b, g)
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n", plural(len(g.Comparisons), "comparison"))
	markdownRow(b, "gate", "bundle", "reference", "candidate", "verdict", "worst", "baseline", "worst")
	fmt.Fprintln(b, "|---|---|---|---|---|--:|---|--:|")
	for _, c := range g.Comparisons {
		was, before := verdictBefore(c)
		markdownRow(b, gateMark(c), c.Bundle, c.Reference, c.Candidate, verdictNow(c), ratioNow(c), was, before)
	}
	fmt.Fprint(b, "\n</details>\n")
	return b.Flush()
}

func markdownRow(b *bufio.Writer, cells ...string) {
	for i, c := range cells {
		cells[i] = escaped(c)
	}
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

func markdownProblems(b *bufio.Writer, where string, list []parity.Problem) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n#### %s\n\n", escaped(where))
	for i, p := range list {
		if i == mostProblems && len(list) > mostProblems+1 {
			fmt.Fprintf(b, "- and %d more problems\n", len(list)-mostProblems)
			break
		}
		fmt.Fprintf(b, "- **%s**: %s\n", escaped(problemTitle(p)), escaped(problemText(p)))
	}
}

// markdownAccepted lists what was accepted, and the notes.
func markdownAccepted(b *bufio.Writer, g *parity.Gate) {
	first := true
	for _, c := range g.Comparisons {
		for _, a := range c.Accepted {
			if first {
				fmt.Fprint(b, "\n#### Accepted and noted\n\n")
				first = false
			}
			fmt.Fprintf(b, "- %s: accepted %s\n", escaped(c.Name()), escaped(acceptanceText(a)))
		}
		for _, n := range c.Notes {
			if first {
				fmt.Fprint(b, "\n#### Accepted and noted\n\n")
				first = false
			}
			fmt.Fprintf(b, "- %s: %s\n", escaped(c.Name()), escaped(n))
		}
	}
}
