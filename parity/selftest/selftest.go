// Package selftest breaks small networks in the way of every cause of the catalogue and counts what a comparison makes of
// it: exactly that cause must be found, at exactly that layer, whatever was recorded of the port.
package selftest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parity/parity"
	"parity/parity/compare"
)

// Outcome is what one comparison made of a case.
type Outcome struct {
	Case     Case
	Evidence string
	// Found is the cause that was reported, with where if that is not the layer; empty where the case was taken for parity.
	Found string
	// Tied lists the causes that were reported as indistinguishable from it.
	Tied []string
	// Hidden: what was recorded of the port differs from the reference by no more than rounding.
	Hidden bool
	Result *parity.Result
}

// What may follow the name of a cause in Outcome.Found.
const (
	Narrowed  = " (narrowed)"  // the layer is among those that the blame was narrowed to
	Elsewhere = " (elsewhere)" // another layer was blamed
)

// Named reports whether exactly the cause was found, at exactly the layer.
func (o Outcome) Named() bool { return o.Found == o.Case.Cause }

// Run compares a case with its reference, on one kind of evidence.
func Run(ctx context.Context, c Case, e Evidence) (Outcome, error) {
	p, err := c.build(ctx)
	if err != nil {
		return Outcome{}, err
	}
	r, err := compare.Run(ctx, c.net.ref, e.side(p), compare.Options{Threads: 1})
	if err != nil {
		return Outcome{}, fmt.Errorf("%s, %s: %w", c.Name(), e.Name, err)
	}
	o := Outcome{Case: c, Evidence: e.Name, Result: r}
	o.Found, o.Tied = c.judge(r)
	if o.Found == "" {
		o.Hidden, err = c.hidden(e.kept(p))
	}
	return o, err
}

// judge reads the result.
func (c Case) judge(r *parity.Result) (found string, tied []string) {
	severity := parity.Error
	if c.Fault.Note {
		severity = parity.Note
	}
	list := slices.DeleteFunc(slices.Clone(r.Findings), func(f parity.Finding) bool { return f.Severity != severity })
	switch {
	case c.Fault.Note && r.Verdict != parity.Parity:
		return string(r.Verdict), nil
	case len(list) == 0 && r.Verdict == parity.Parity:
		return "", nil
	case len(list) == 0:
		return "no finding", nil
	case len(list) > 1:
		var all []string
		for _, f := range list {
			all = append(all, f.Layer+": "+f.Cause)
		}
		return "several: " + strings.Join(all, ", "), nil
	}
	return list[0].Cause + c.place(list[0]), list[0].Indistinguishable
}

func (c Case) place(f parity.Finding) string {
	layers := append([]string{c.Fault.Layer}, c.Fault.Also...)
	switch {
	case slices.Contains(layers, f.Layer) && len(f.NarrowedTo) == 0, c.Fault.Note:
		return ""
	case slices.ContainsFunc(layers, func(l string) bool { return slices.Contains(f.NarrowedTo, l) }), slices.Contains(layers, f.Layer):
		return Narrowed
	}
	return Elsewhere
}
