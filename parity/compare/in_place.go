package compare

import (
	"fmt"
	"maps"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/trace"
)

// overwritten reports whether the candidate has recorded a tensor after the layer that reads v had changed it in place: it holds
// the very numbers that were found to be what that layer makes of v. It is noted then.
func (p *reconcile) overwritten(v string, e *evidence) bool {
	for _, n := range p.consumers[v] {
		if !changesInPlace(n) {
			continue
		}
		w := n.Outputs[0]
		if other := p.found[w]; p.state[w] == confirmed && other != nil && other != e && slices.Equal(other.value().Data, e.value().Data) {
			p.inPlace[e.name] = true
			return true
		}
	}
	return false
}

// overwrittenIn lists, of a side's values that its graph does not reproduce, those that hold what the one layer behind them
// leaves: it wrote over the memory before that was recorded.
func overwrittenIn(s Side, wrong []string) (list []string) {
	consumers := s.Graph.Consumers()
	for _, v := range wrong {
		for _, n := range consumers[v] {
			if changesInPlace(n) && equalTensors(s.Trace.Values[v], s.Trace.Values[n.Outputs[0]]) {
				list = append(list, v)
				break
			}
		}
	}
	slices.Sort(list)
	return list
}

// changesInPlace reports whether a node may write its output over its input.
func changesInPlace(n *graph.Node) bool { return len(n.Inputs) == 1 && len(n.Outputs) == 1 }

func equalTensors(a, b tensor.Any) bool {
	return a != nil && b != nil && a.Dims().Equal(b.Dims()) && slices.Equal(tensor.As[float32](a).Data, tensor.As[float32](b).Data)
}

// lacking returns a trace that lacks some values.
func lacking(t *trace.Trace, values []string) *trace.Trace {
	changed := *t
	changed.Values = maps.Clone(t.Values)
	for _, v := range values {
		delete(changed.Values, v)
	}
	return &changed
}

// noteOverwritten mentions tensors that were left out because something else had been written over them.
func (c *comparison) noteOverwritten(who string, list []string) {
	if len(list) > 0 {
		c.findings = append(c.findings, parity.Finding{
			Cause: "recording.in-place", Severity: parity.Note,
			Explanation: fmt.Sprintf("%s of the %s: recorded after the layers that change them in place, whose outputs they hold, and therefore not compared: %s",
				tensors(len(list)), who, few(list)),
		})
	}
}

func tensors(n int) string {
	if n == 1 {
		return "1 tensor"
	}
	return fmt.Sprintf("%d tensors", n)
}

// noteInPlace mentions tensors that were recorded before or after a layer that changes them in place, where the replay has
// shown which.
func (c *comparison) noteInPlace() {
	before, after := c.recordedInPlace()
	for _, note := range []struct {
		list []string
		text string
	}{
		{after, "recorded after the layers that change them in place, and compared with what these leave"},
		{before, "recorded before the layers that change them in place, and compared with what these read"},
	} {
		slices.Sort(note.list)
		if list := slices.Compact(note.list); len(list) > 0 {
			c.findings = append(c.findings, parity.Finding{
				Cause: "recording.in-place", Severity: parity.Note,
				Explanation: fmt.Sprintf("%s of the candidate: %s: %s", tensors(len(list)), note.text, few(list)),
			})
		}
	}
}

// recordedInPlace lists the candidate's tensors that were recorded before and after a layer that changes them in place, against
// what their names stand for.
func (c *comparison) recordedInPlace() (before, after []string) {
	after = sortedNames(c.inPlace)
	names := map[string]string{} // the candidate's tensors by the value that their name stands for
	for v, p := range c.alignment.Pairs {
		names[v] = p.Candidate
	}
	for _, n := range c.ref.Graph.Nodes {
		if !changesInPlace(n) {
			continue
		}
		in, out := n.Inputs[0], n.Outputs[0]
		if e := c.found[out]; e != nil && !e.native && e.name == names[in] && e.name != names[out] {
			after = append(after, e.name)
		} else if e := c.found[in]; e != nil && !e.native && e.name == names[out] && e.name != names[in] {
			before = append(before, e.name)
		}
	}
	if len(c.cand.Graph.Nodes) == 0 {
		for _, name := range c.cand.Trace.InPlace {
			if !slices.ContainsFunc(before, func(v string) bool { return slices.Contains(c.ref.Graph.Stages[name], v) }) {
				after = append(after, name)
			}
		}
	}
	return before, after
}
