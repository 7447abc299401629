package compare

import (
	"errors"

	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/align"
	"parity/parity/structure"
)

// Structures compares two networks as graphs: neither weights nor numbers are looked at. A layer matches if its counterpart
// has the same settings; one whose normalisation may be folded does too.
func Structures(ref, cand Side, opt Options) (*parity.Result, error) {
	c := &comparison{ref: ref, cand: cand, opt: opt, refShapes: declared(ref), candShape: declared(cand)}
	var err error
	if c.alignment, err = align.Values(align.Side{Graph: ref.Graph, Shapes: c.refShapes}, align.Side{Graph: cand.Graph, Shapes: c.candShape}, opt.Map); err != nil {
		return nil, err
	}
	c.networks()
	if c.diff == nil {
		return nil, errors.New("one of the networks has no layers")
	}
	c.byValue = map[string]*row{}
	for _, n := range ref.Graph.Nodes {
		c.addRow(&row{Layer: parity.Layer{Name: n.Name, Kind: n.Layer.Kind()}, node: n, values: n.Outputs})
	}
	if err := c.checkOnly(); err != nil {
		return nil, err
	}
	if c.structure.Verdict == parity.OtherNetwork {
		return c.otherNetwork(), nil
	}
	c.judgeStructure()
	for _, f := range c.structureFindings(nil) {
		if f.Layer == "" || len(f.Layers) > 0 || c.asked(f.Layer) {
			c.findings = append(c.findings, f)
		}
	}
	r := c.table()
	if r.Verdict = parity.Parity; r.Summary.Match < r.Summary.Layers || hasErrors(r.Findings) {
		r.Verdict = parity.Diverged
	}
	return r, nil
}

func hasErrors(findings []parity.Finding) bool {
	for _, f := range findings {
		if f.Severity == parity.Error {
			return true
		}
	}
	return false
}

// declared infers the shapes of a graph's values from what it declares of its inputs, an open batch as one, as far as they
// are known.
func declared(s Side) map[string]tensor.Shape {
	known := map[string]tensor.Shape{}
	for _, in := range s.Graph.Inputs {
		shape := in.Shape.Clone()
		if len(shape) > 0 && shape[0] < 0 {
			shape[0] = 1
		}
		if _, ok := shape.CheckedLen(); ok && shape != nil {
			known[in.Name] = shape
		}
	}
	for _, n := range s.Graph.Nodes {
		in := make([]tensor.Shape, len(n.Inputs))
		complete := !unknown(n)
		for i, v := range n.Inputs {
			in[i] = known[v]
			complete = complete && in[i] != nil
		}
		if !complete {
			continue
		}
		if out, err := n.Layer.Infer(in); err == nil {
			for i, v := range n.Outputs {
				known[v] = out[i]
			}
		}
	}
	return known
}

// judgeStructure gives every layer the verdict of its counterpart's settings.
func (c *comparison) judgeStructure() {
	other := map[*structure.Element]string{} // what differs, in words
	for _, d := range c.diff.Differences() {
		for _, p := range d.At {
			if p.Reference != nil && !d.Foldable() {
				other[p.Reference] = d.Text
			}
		}
	}
	owner := map[string]*structure.Element{}
	for _, r := range c.diff.Reference {
		for _, n := range r.Nodes {
			owner[n.Name] = r
		}
	}
	for _, row := range c.rows {
		r := owner[row.node.Name]
		switch pair := c.diff.Counterpart[r]; {
		case r == nil: // it only passes numbers on
			row.Verdict = parity.Match
		case pair == nil:
			row.Verdict = parity.Missing
		default:
			row.Candidate, row.PairedBy, row.Why = pair.Name(), align.ByStructure, "its counterpart by kind, settings and place"
			if row.Verdict = parity.Match; other[r] != "" {
				row.Verdict, row.Detail = parity.Incomparable, other[r]
			}
		}
	}
}
