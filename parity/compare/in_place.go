package compare

import (
	"fmt"
	"slices"

	"parity/parity"
)

// overwrittenBy returns the value that a tensor really is, if the candidate has recorded it after the next layer had changed it
// in place: the very numbers that were found to be what that layer, which reads only v, makes of it.
func (p *reconcile) overwrittenBy(v string, e *evidence) string {
	for _, n := range p.consumers[v] {
		if len(n.Inputs) != 1 {
			continue
		}
		for _, w := range n.Outputs {
			if other := p.found[w]; p.state[w] == confirmed && other != nil && other != e && slices.Equal(other.value().Data, e.value().Data) {
				return w
			}
		}
	}
	return ""
}

// overwrite leaves a value without a tensor: what the candidate has recorded for it is a later one's.
func (p *reconcile) overwrite(v string, e *evidence) {
	p.settled[v] = true
	delete(p.pairs, v)
	p.inPlace[e.name] = true
}

// noteInPlace mentions tensors that were recorded as they were in the end.
func (c *comparison) noteInPlace() {
	list := sortedNames(c.inPlace)
	if len(c.cand.Graph.Nodes) == 0 {
		list = append(list, c.cand.Trace.InPlace...)
	}
	if len(list) == 0 {
		return
	}
	slices.Sort(list)
	c.findings = append(c.findings, parity.Finding{
		Cause: "recording.in-place", Severity: parity.Note,
		Explanation: fmt.Sprintf("%d blob(s) of the candidate were recorded after the layers that change them in place, and are compared with what these leave: %s", len(list), few(slices.Compact(list))),
	})
}
