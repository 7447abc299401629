package reports

import (
	"fmt"
	"strings"

	"parity/parity"
)

// title names a finding: where and what.
func title(f parity.Finding) string {
	switch {
	case f.Layer == "":
		return f.Cause
	case len(f.Layers) > 1:
		return fmt.Sprintf("%d layers: %s", len(f.Layers), f.Cause)
	}
	return f.Layer + ": " + f.Cause
}

// paragraph is one labelled piece of a finding.
type paragraph struct{ Label, Text string }

// paragraphs are what a finding says, in the order in which every format shows it.
func paragraphs(f parity.Finding) []paragraph {
	var list []paragraph
	for _, p := range []paragraph{
		{"what", f.Explanation},
		{"layers", listed(f.Layers)},
		{"proof", proof(f)},
		{"images", shownBy(f)},
		{"same as", strings.Join(f.Indistinguishable, ", ")},
		{"narrowed", strings.Join(f.NarrowedTo, ", ")},
		{"record", recordNext(f)},
		{"fix", f.Fix},
	} {
		if p.Text != "" {
			list = append(list, p)
		}
	}
	return list
}

// recordNext says what to record to narrow a finding.
func recordNext(f parity.Finding) string {
	var list []string
	for _, r := range f.RecordNext {
		name := r.Layer
		if r.Tensor != "" && r.Tensor != r.Layer {
			name = fmt.Sprintf("%s (%s)", r.Tensor, r.Layer)
		}
		list = append(list, name)
	}
	switch {
	case len(list) == 0:
		return ""
	case f.RecordNext[0].Left == 0:
		return strings.Join(list, ", ")
	}
	text := fmt.Sprintf("%s next, which leaves at most %d of the %d layers", list[0], f.RecordNext[0].Left, len(f.NarrowedTo))
	if len(list) > 1 {
		text += "; then " + strings.Join(list[1:], ", ")
	}
	return text
}

// listed names the layers of a finding that is about several.
func listed(layers []string) string {
	const most = 12
	if len(layers) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(layers[:most-1], ", "), len(layers)-most+1)
	}
	return strings.Join(layers, ", ")
}

// proof is empty for a finding that nothing was replayed for.
func proof(f parity.Finding) string {
	e := f.Evidence
	if e == nil || f.Fix == "" || f.Parameters == nil {
		return ""
	}
	return fmt.Sprintf("%s times the bound before, %s after the reference was replayed with the candidate's setting", ratio(e.RatioBefore), ratio(e.RatioAfter))
}

// shownBy is empty for a finding that does not rest on one of several images.
func shownBy(f parity.Finding) string {
	if f.Images == 0 {
		return ""
	}
	return fmt.Sprintf("%d show it; proven on %s", f.Images, f.Image)
}

// plain is a finding as lines of text.
func plain(f parity.Finding) string {
	lines := []string{string(f.Severity) + " " + title(f)}
	for _, p := range paragraphs(f) {
		lines = append(lines, fmt.Sprintf("  %-8s %s", p.Label, p.Text))
	}
	return strings.Join(lines, "\n")
}
