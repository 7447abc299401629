package studies

import (
	"fmt"
	"io"
	"strings"

	"parity/parity/study"
)

// Terminal writes a table, a line a variant, and a sentence for each.
func Terminal(w io.Writer, r *study.Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.Factor, r.About)
	fmt.Fprintf(&b, "model     %s (classes %s, features %s)\n", r.Model.Side, r.Model.Output, r.Model.Feature)
	fmt.Fprintf(&b, "images    %s: %d of %d classes, %d of them held against rounding bounds\n", r.Data.Source, r.Data.Images, r.Data.Classes, r.BoundImages)
	fmt.Fprintf(&b, "fed       %s\n\n", r.Preparation)
	rows := [][]string{{"variant", "moved", "first", "x bound", "features", "same top-1", "in top-5", "Recall@1", "change, points", "p", "verdict"}}
	for _, v := range r.Variants {
		rows = append(rows, terminalRow(v))
	}
	table(&b, rows)
	b.WriteString("\n")
	for _, v := range r.Variants {
		fmt.Fprintf(&b, "%s (%s): %s.\n", v.ID, v.Title, v.Says)
	}
	b.WriteString(`
moved: layers whose values differ. first: the first of them. x bound: the most that a layer differs, as a multiple of the rounding
bounds of both runs. features: mean relative drift. same top-1, in top-5: images whose first class stays, or is among
the first five. [ ]: 95 % intervals. p: McNemar's exact test, adjusted (Holm) for all variants.
`)
	_, err := io.WriteString(w, b.String())
	return err
}

func terminalRow(v study.Row) []string {
	if v.Absent != "" {
		return []string{v.ID, "-", "-", "-", "-", "-", "-", "-", "-", "-", v.Verdict}
	}
	moved, first, ratio := drift(v)
	row := []string{v.ID, fmt.Sprintf("%d/%d", moved, len(v.Layers)), first, ratio, mean(v.Features), fraction(v.Top1), fraction(v.Top5), "-", "-", "-", v.Verdict}
	if c := v.Recall; c != nil {
		row[7] = fraction(c.Variant)
		row[8] = fmt.Sprintf("%+.1f [%+.1f, %+.1f]", 100*c.Difference, 100*c.Low, 100*c.High)
		row[9] = fmt.Sprintf("%.2g", float64(c.Adjusted))
	}
	return row
}

// drift counts the layers that move, and names the first one and the largest multiple of a bound.
func drift(v study.Row) (moved int, first, ratio string) {
	first, ratio = "-", "-"
	worst := 0.0
	for _, l := range v.Layers {
		if l.Shapes == "" && l.Relative.Mean == 0 {
			continue
		}
		if moved++; moved == 1 {
			first = l.Name
		}
		if l.Ratio != nil && !(float64(l.Ratio.Worst) <= worst) {
			worst = float64(l.Ratio.Worst)
		}
	}
	if len(v.Layers) > 0 && v.Layers[len(v.Layers)-1].Ratio != nil {
		ratio = fmt.Sprintf("%.2g", worst)
	}
	return moved, first, ratio
}

func mean(m *study.Mean) string {
	if m.Mean == 0 && m.High == 0 {
		return "0"
	}
	return fmt.Sprintf("%.2g [%.2g, %.2g]", float64(m.Mean), float64(m.Low), float64(m.High))
}

func fraction(f *study.Fraction) string {
	return fmt.Sprintf("%d/%d [%.1f, %.1f]", f.K, f.N, 100*float64(f.Low), 100*float64(f.High))
}

// table writes rows in columns.
func table(b *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += fmt.Sprintf("%-*s  ", widths[i], cell)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}
