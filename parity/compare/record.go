package compare

import (
	"fmt"
	"slices"

	"parity/googlenet/graph"
	"parity/parity"
	"parity/parity/align"
)

// mostAdvised is how many tensors are named to be recorded next: what three halvings need, whatever they show.
const mostAdvised = 7

// suspects are the layers of a segment, of which some are under suspicion.
type suspects struct {
	nodes  []*graph.Node
	output string
	before map[string]map[*graph.Node]bool // the layers that a value depends on
	narrow map[string]bool                 // values that everything before them flows through
}

func newSuspects(nodes []*graph.Node, output string) *suspects {
	s := &suspects{nodes: nodes, output: output, before: map[string]map[*graph.Node]bool{}, narrow: map[string]bool{}}
	for _, n := range nodes {
		all := map[*graph.Node]bool{n: true}
		for _, v := range n.Inputs {
			for other := range s.before[v] {
				all[other] = true
			}
		}
		for _, v := range n.Outputs {
			s.before[v] = all
		}
	}
	for _, n := range nodes {
		if len(n.Outputs) == 1 {
			s.narrow[n.Outputs[0]] = s.dominates(n)
		}
	}
	return s
}

// dominates reports whether everything flows through a node: what is not before it depends on it, and reads nothing that
// is before it.
func (s *suspects) dominates(n *graph.Node) bool {
	before, behind := s.before[n.Outputs[0]], map[string]bool{n.Outputs[0]: true}
	for _, other := range s.nodes {
		if before[other] {
			continue
		}
		depends := slices.ContainsFunc(other.Inputs, func(v string) bool { return behind[v] })
		passes := slices.ContainsFunc(other.Inputs, func(v string) bool { return !behind[v] && s.before[v] != nil })
		if !depends || passes {
			return false
		}
		for _, v := range other.Outputs {
			behind[v] = true
		}
	}
	return true
}

// halving is a value and how it divides suspects: those that it depends on are left if it is wrong, the others if not.
type halving struct {
	node         *graph.Node
	value        string
	wrong, right []*graph.Node
}

func (h halving) left() int { return max(len(h.wrong), len(h.right)) }

// halvings lists values to record, so that the first n of them are the best n: the one that halves the suspects, then those
// that halve what it leaves, the larger part first.
func (s *suspects) halvings(blamed []*graph.Node) (list []halving) {
	for parts := [][]*graph.Node{blamed}; len(parts) > 0 && len(list) < mostAdvised; {
		slices.SortStableFunc(parts, func(a, b []*graph.Node) int { return len(b) - len(a) })
		h, ok := s.best(parts[0])
		if parts = parts[1:]; ok {
			list = append(list, h)
			parts = append(parts, h.wrong, h.right)
		}
	}
	return list
}

func (s *suspects) best(part []*graph.Node) (best halving, found bool) {
	for _, n := range s.nodes {
		for _, v := range n.Outputs {
			h := halving{node: n, value: v}
			for _, p := range part {
				if s.before[v][p] {
					h.wrong = append(h.wrong, p)
				} else {
					h.right = append(h.right, p)
				}
			}
			if v != s.output && len(h.wrong) > 0 && len(h.right) > 0 && (!found || s.better(h, best)) {
				best, found = h, true
			}
		}
	}
	return best, found
}

// better prefers a value that everything flows through: what is behind it is then compared on inputs that are all known. A
// fault before a branch shows in that branch and beside it.
func (s *suspects) better(a, b halving) bool {
	switch {
	case s.narrow[a.value] != s.narrow[b.value]:
		return s.narrow[a.value]
	case a.left() != b.left():
		return a.left() < b.left()
	}
	return align.Plumbing(b.node) && !align.Plumbing(a.node)
}

// recordNext names the tensors to record next to narrow a fault that lies in one of the blamed layers.
func (c *comparison) recordNext(nodes []*graph.Node, output string, blamed []string) (list []parity.Recording) {
	under := slices.DeleteFunc(slices.Clone(nodes), func(n *graph.Node) bool { return !slices.Contains(blamed, n.Name) })
	for _, h := range newSuspects(nodes, output).halvings(under) {
		list = append(list, parity.Recording{Layer: h.node.Name, Tensor: c.tensorName(h.value), Left: h.left()})
	}
	return list
}

// tensorName is what the candidate calls a value of the reference, as far as that is known: a dump may use the same names.
func (c *comparison) tensorName(value string) string {
	if len(c.cand.Graph.Nodes) == 0 {
		for v, p := range c.pairs {
			if c.byValue[v].node != nil && p.Candidate == v {
				return value
			}
		}
		return ""
	}
	for _, pairs := range []map[string]align.Pair{c.pairs, c.alignment.Pairs} {
		if p, ok := pairs[value]; ok {
			return p.Candidate
		}
	}
	if c.diff != nil {
		for r, other := range c.diff.Counterpart {
			if r.Output == value {
				return other.Output
			}
		}
	}
	return ""
}

// noteMissing says what to record for the outputs that could not be compared.
func (c *comparison) noteMissing() {
	var list []parity.Recording
	for _, v := range c.ref.Graph.Outputs {
		if r := c.byValue[v]; r.Verdict == parity.Missing && r.node != nil && c.selected(r) {
			list = append(list, parity.Recording{Layer: r.Name, Tensor: c.tensorName(v)})
		}
	}
	if len(list) == 0 {
		return
	}
	n := 0
	for _, r := range c.rows {
		if r.Verdict == parity.Missing {
			n++
		}
	}
	c.findings = append(c.findings, parity.Finding{
		Layer: list[0].Layer, Candidate: list[0].Tensor, Cause: "recording.incomplete", Severity: parity.Note, RecordNext: list,
		Explanation: missingText(n, len(list)),
	})
}

func missingText(rows, outputs int) string {
	what := "an output"
	if outputs > 1 {
		what = fmt.Sprintf("%d outputs", outputs)
	}
	return fmt.Sprintf("the candidate has no tensor for %s of the network, so that nothing says whether the %d layers without a tensor before it are right", what, rows)
}
