package reports

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"parity/parity"
)

// Terminal writes a table with a line a layer, the findings, and a summary in words. With Quiet it is one line.
func Terminal(w io.Writer, r *parity.Result, o Options) error {
	b := bufio.NewWriter(w)
	t := terminal{b, o}
	if o.Quiet {
		fmt.Fprintln(b, headline(r)+". "+distance(r))
		return b.Flush()
	}
	if apart(r) == "" {
		t.table(r)
		t.details(r)
	} else {
		t.opening(r)
	}
	for _, f := range r.Findings {
		t.finding(f)
	}
	t.summary(r)
	return b.Flush()
}

// opening takes the place of the table where the two runs have nothing to do with each other: it would be all red.
func (t terminal) opening(r *parity.Result) {
	if text := pairing(r); text != "" {
		fmt.Fprintln(t, strings.Join(wrap(text, t.Width), "\n")+"\n")
	}
}

type terminal struct {
	*bufio.Writer
	Options
}

// column of the table: what narrows when the width does not suffice has a minimum.
type column struct {
	title string
	cells []string
	right bool
	least int // 0: keeps its width
	color []string
}

func (t terminal) table(r *parity.Result) {
	short := t.Width > 0 && t.Width < 110
	columns := []column{{title: "layer", least: 18}, {title: "kind"}, {title: "candidate", least: 13}, {title: "verdict"},
		{title: "alone", right: true}, {title: "chained", right: true}, {title: "worst at"}}
	if many := len(r.Images) > 0; many && short {
		columns = append(columns[:6], column{title: "wrong in", right: true})
	} else if many {
		columns = append(columns, column{title: "wrong in", right: true}, column{title: "worst image", least: 11})
	}
	for _, l := range r.Layers {
		cells := map[string]string{
			"layer": l.Name, "kind": kind(l.Kind, short), "candidate": candidate(l), "verdict": string(l.Verdict), "alone": differenceRatio(l.Isolated),
			"chained": differenceRatio(l.Chained), "worst at": coordinates(worstOf(l)), "wrong in": wrongIn(l, r), "worst image": worstImage(l),
		}
		for i, c := range columns {
			columns[i].cells = append(columns[i].cells, cells[c.title])
		}
		columns[3].color = append(columns[3].color, colors[l.Verdict])
	}
	t.print(columns, fit(columns, t.Width))
}

// candidate is the candidate's tensor or, in brackets, the layer that covers the row.
func candidate(l parity.Layer) string {
	if l.CoveredBy != "" {
		return "(" + l.CoveredBy + ")"
	}
	if l.Candidate == "" {
		return "-"
	}
	return l.Candidate
}

func worstOf(l parity.Layer) *parity.Difference {
	if l.Isolated != nil && !l.Isolated.Ratio.Within() || l.Chained == nil {
		return l.Isolated
	}
	return l.Chained
}

var shortKinds = map[string]string{"Convolution": "conv", "InnerProduct": "fc", "AveragePool": "avgpool"}

func kind(k string, short bool) string {
	if s := shortKinds[k]; short && s != "" {
		return s
	}
	if short {
		return strings.ToLower(k)
	}
	return k
}

// fit returns the columns' widths, narrowing those that may be narrowed until the line fits.
func fit(columns []column, width int) []int {
	widths := make([]int, len(columns))
	total := len(columns) - 1
	for i, c := range columns {
		widths[i] = utf8.RuneCountInString(c.title)
		for _, cell := range c.cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
		total += widths[i]
	}
	for width > 0 && total > width {
		widest := -1
		for i, c := range columns {
			if c.least > 0 && widths[i] > c.least && (widest < 0 || widths[i]-c.least > widths[widest]-columns[widest].least) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

func (t terminal) print(columns []column, widths []int) {
	line := func(cell func(c column) string, color func(c column) string) {
		var parts []string
		for i, c := range columns {
			text := pad(shorten(cell(c), widths[i]), widths[i], c.right)
			parts = append(parts, t.paint(color(c), text))
		}
		fmt.Fprintln(t, strings.TrimRight(strings.Join(parts, " "), " "))
	}
	line(func(c column) string { return c.title }, func(column) string { return bold })
	for row := range columns[0].cells {
		line(func(c column) string { return c.cells[row] }, func(c column) string {
			if c.color == nil {
				return ""
			}
			return c.color[row]
		})
	}
	fmt.Fprintln(t)
}

// shorten keeps the end of a name: its beginning is the module that the neighbours share.
func shorten(s string, width int) string {
	n := utf8.RuneCountInString(s)
	if n <= width {
		return s
	}
	r := []rune(s)
	return "…" + string(r[n-width+1:])
}

func pad(s string, width int, right bool) string {
	fill := strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
	if right {
		return fill + s
	}
	return s + fill
}

// details says for each layer that could not be compared what kept it from that.
func (t terminal) details(r *parity.Result) {
	some := false
	for _, l := range r.Layers {
		if l.Detail != "" {
			some = true
			for _, line := range wrap(l.Name+": "+l.Detail, t.Width) {
				fmt.Fprintln(t, line)
			}
		}
	}
	if some {
		fmt.Fprintln(t)
	}
}

const bold = "1"

// colors are SGR codes by verdict.
var colors = map[parity.Verdict]string{
	parity.Match: "32", parity.Covered: "2", parity.Introduced: "1;31", parity.Inherited: "33",
	parity.Missing: "35", parity.Incomparable: "35",
}

func (t terminal) paint(code, text string) string {
	if !t.Color || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (t terminal) finding(f parity.Finding) {
	code := "1;31"
	if f.Severity == parity.Note {
		code = "36"
	}
	fmt.Fprintln(t, t.paint(code, string(f.Severity)+" "+title(f)))
	for _, p := range paragraphs(f) {
		t.field(p.Label, p.Text)
	}
	fmt.Fprintln(t)
}

// field writes one labelled paragraph of a finding.
func (t terminal) field(label, text string) {
	for i, line := range wrap(text, t.Width-11) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(t, "  %-8s %s\n", label, line)
	}
}

func (t terminal) summary(r *parity.Result) {
	text := []string{headline(r) + ".", distance(r), counted(r)}
	if len(r.Images) > 0 {
		text = append(text, images(r))
	}
	code := "1;32"
	if r.Verdict != parity.Parity {
		code = "1;31"
	}
	for i, line := range text {
		for _, part := range wrap(line, t.Width) {
			if i > 0 {
				code = ""
			}
			fmt.Fprintln(t, t.paint(code, part))
		}
	}
	for _, s := range []parity.Side{r.Reference, r.Candidate} {
		for _, part := range wrap(produced(s)+".", t.Width) {
			fmt.Fprintln(t, part)
		}
	}
}

// wrap breaks text at spaces into lines of at most width columns; a width below 20 leaves it whole.
func wrap(text string, width int) []string {
	if width < 20 {
		return []string{text}
	}
	var lines []string
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return slices.Clip(lines)
}
