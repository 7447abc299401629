package compare

import (
	"slices"

	"parity/parity"
	"parity/parity/cause"
)

// result is the table with its verdict.
func (c *comparison) result() *parity.Result {
	r := c.table()
	r.Verdict = c.overall(r)
	return r
}

// table lists the selected rows and counts them.
func (c *comparison) table() *parity.Result {
	r := &parity.Result{
		Schema: parity.Schema, Reference: c.ref.Info, Candidate: c.cand.Info,
		Structure: c.structure, Layers: []parity.Layer{}, Findings: c.findings, Environment: c.opt.Environment,
	}
	if r.Findings == nil {
		r.Findings = []parity.Finding{}
	}
	r.Causes = causesOf(r.Findings)
	for _, row := range c.rows {
		if c.selected(row) && (!row.hidden || len(c.opt.Only) > 0) {
			r.Layers = append(r.Layers, row.Layer)
			r.Summary.Add(row.Layer)
		}
	}
	return r
}

// causesOf lists what the catalogue says of the causes that findings name, in its order.
func causesOf(findings []parity.Finding) []parity.Cause {
	list := []parity.Cause{}
	for _, c := range cause.Catalogue {
		if slices.ContainsFunc(findings, func(f parity.Finding) bool { return f.Cause == c.ID || slices.Contains(f.Indistinguishable, c.ID) }) {
			list = append(list, parity.Cause{ID: c.ID, Title: c.Title, Symptom: c.Symptom, Why: c.Why})
		}
	}
	return list
}

// overall: parity needs every row to match or to be covered and, unless the rows were restricted, an output among
// what was compared.
func (c *comparison) overall(r *parity.Result) parity.Verdict {
	s := r.Summary
	compared := s.Match + s.Introduced + s.Inherited
	switch {
	case slices.ContainsFunc(r.Findings, func(f parity.Finding) bool { return f.Severity == parity.Error }):
		return parity.Diverged // also where nothing but shapes could be compared
	case compared == 0 || len(c.opt.Only) == 0 && compared == c.comparedInputs():
		return parity.Incomparable
	case s.Match+s.Covered < s.Layers:
		return parity.Diverged
	case len(c.opt.Only) == 0 && !c.outputCompared():
		return parity.Diverged
	}
	return parity.Parity
}

func (c *comparison) comparedInputs() int {
	n := 0
	for _, r := range c.rows {
		if r.node == nil && r.Isolated != nil {
			n++
		}
	}
	return n
}

func (c *comparison) outputCompared() bool {
	return slices.ContainsFunc(c.ref.Graph.Outputs, func(v string) bool { return c.byValue[v].Verdict == parity.Match })
}
