package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"parity/parity"
)

// Markdown writes the verdict, the findings and, folded away, the table of layers, as GitHub and GitLab show it under a pull
// request. With Quiet it is the headline alone.
func Markdown(w io.Writer, r *parity.Result, o Options) error {
	b := bufio.NewWriter(w)
	if o.Quiet {
		fmt.Fprintf(b, "**%s.** %s\n", escaped(headline(r)), escaped(distance(r)))
		return b.Flush()
	}
	fmt.Fprintf(b, "### %s\n\n%s %s\n", escaped(headline(r)), escaped(distance(r)), escaped(counted(r)))
	if len(r.Images) > 0 {
		fmt.Fprintf(b, "\n%s\n", escaped(images(r)))
	}
	if text := pairing(r); text != "" {
		fmt.Fprintf(b, "\n%s\n", escaped(text))
	}
	for _, f := range r.Findings {
		markdownFinding(b, f)
	}
	markdownLayers(b, r)
	fmt.Fprintf(b, "\n%s. %s.\n", escaped(produced(r.Reference)), escaped(produced(r.Candidate)))
	return b.Flush()
}

func markdownFinding(b *bufio.Writer, f parity.Finding) {
	fmt.Fprintf(b, "\n#### %s: %s\n\n", f.Severity, escaped(title(f)))
	for _, p := range paragraphs(f) {
		fmt.Fprintf(b, "- **%s**: %s\n", p.Label, escaped(p.Text))
	}
}

func markdownLayers(b *bufio.Writer, r *parity.Result) {
	fmt.Fprintf(b, "\n<details><summary>%d layers</summary>\n\n", len(r.Layers))
	titles, lines := "| layer | kind | candidate | verdict | alone | chained | worst at | |", "|---|---|---|---|--:|--:|---|---|"
	if len(r.Images) > 0 {
		titles, lines = titles+" wrong in | worst image |", lines+"--:|---|"
	}
	fmt.Fprintf(b, "%s\n%s\n", titles, lines)
	for _, l := range r.Layers {
		cells := []string{l.Name, l.Kind, candidate(l), string(l.Verdict), differenceRatio(l.Isolated), differenceRatio(l.Chained), coordinates(worstOf(l)), l.Detail}
		if len(r.Images) > 0 {
			cells = append(cells, wrongIn(l, r), worstImage(l))
		}
		for i, c := range cells {
			cells[i] = escaped(c)
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
	fmt.Fprint(b, "\n</details>\n")
}

// escaped keeps what stands in a name from being read as Markdown or HTML.
var escaped = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, `\`, `\\`, "\n", " ", "~", `\~`, "#", `\#`, "@", "&#64;",
).Replace
