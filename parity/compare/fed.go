package compare

import "parity/parity/align"

// fedAs is what the candidate feeds to its first layers in the place of an input of the reference, where it prepares what it is
// given inside its graph: the value that the counterparts of the input's readers read, if they all read the same. It is nil
// where that is the given input itself or has other dimensions.
func (p *reconcile) fedAs(v string, given *evidence) *evidence {
	var fed *evidence
	for _, n := range p.consumers[v] {
		if len(n.Outputs) == 0 {
			return nil
		}
		parts := p.alignment.Counterpart(p.pairs[n.Outputs[0]].Candidate)
		if len(parts) == 0 || len(parts[0].Inputs) == 0 {
			return nil
		}
		e := p.evidence[parts[0].Inputs[0]]
		if e == nil || e == given || fed != nil && e != fed || e.owner != "" && e.owner != v || !align.SameNumbers(e.t.Dims(), p.flow[v].Shape) || !p.leads(given.name, e.name) {
			return nil
		}
		fed = e
	}
	return fed
}
