package compare

import (
	"slices"

	"parity/parity/align"
)

// goOn looks at where the candidate's graph ends. If it goes on behind the tensor that equals an output of the reference, to an
// output of its own with as many numbers, then that is what it answers, and what the reference's output must be held against: a
// second softmax or a last rounding would pass otherwise. Returned is the place of the node that writes the output.
func (p *reconcile) goOn() (at int, changed bool, err error) {
	for _, v := range p.ref.Graph.Outputs {
		e := p.found[v]
		if p.state[v] != confirmed || e == nil || slices.Contains(p.cand.Graph.Outputs, e.name) || p.pairs[v].By == align.ByMap {
			continue
		}
		for _, o := range p.cand.Graph.Outputs {
			end := p.evidence[o]
			if !p.leads(e.name, o) {
				continue
			}
			if end == nil && p.canAsk() {
				return 0, false, errTrouble
			}
			if end == nil || end.owner != "" || !align.SameNumbers(end.t.Dims(), p.flow[v].Shape) || slices.Equal(end.value().Data, e.value().Data) {
				continue
			}
			p.moved(v, v, end)
			return p.accept(v, end)
		}
	}
	return 0, false, nil
}

// leads reports whether a value of the candidate depends on another one.
func (c *comparison) leads(from, to string) bool {
	seen := map[string]bool{}
	for queue := []string{to}; len(queue) > 0; queue = queue[1:] {
		v := queue[0]
		if v == from {
			return true
		}
		if n := c.writers[v]; n != nil && !seen[v] {
			seen[v] = true
			queue = append(queue, n.Inputs...)
		}
	}
	return false
}
