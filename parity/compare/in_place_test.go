package compare

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/trace"
)

// retold changes what a side has recorded: change gets the tensors, and the blobs that are overwritten with their two stages.
func retold(s Side, change func(recorded map[string]tensor.Any, blob, first, last string)) Side {
	recorded := maps.Clone(s.Trace.Values)
	for blob, stages := range s.Graph.Stages {
		change(recorded, blob, stages[0], stages[1])
	}
	s.Trace = &trace.Trace{Values: recorded}
	return s
}

// A blob that is overwritten in place may be recorded before or after: the replay tells which it was.
func TestInPlaceRecordings(t *testing.T) {
	alone := func(s Side) Side {
		s.Graph = &graph.Graph{Inputs: s.Graph.Inputs}
		return s
	}
	after := func(recorded map[string]tensor.Any, _, first, last string) {
		recorded[first] = recorded[last]
		delete(recorded, last)
	}
	twice := func(recorded map[string]tensor.Any, _, first, last string) { recorded[first] = recorded[last] }
	before := func(recorded map[string]tensor.Any, _, first, last string) {
		recorded[last] = recorded[first]
		delete(recorded, first)
	}
	for name, c := range map[string]struct {
		who    string
		change func(ref, cand Side) (Side, Side)
		says   string
	}{
		"a dump, after":         {"candidate", func(ref, cand Side) (Side, Side) { return ref, alone(retold(cand, after)) }, "after the layers that change them in place, and compared"},
		"a dump, before":        {"candidate", func(ref, cand Side) (Side, Side) { return ref, alone(retold(cand, before)) }, "before the layers that change them in place, and compared"},
		"a graph, before":       {"candidate", func(ref, cand Side) (Side, Side) { return ref, retold(cand, before) }, "before the layers that change them in place, and compared"},
		"a graph, both after":   {"candidate", func(ref, cand Side) (Side, Side) { return ref, retold(cand, twice) }, "after the layers that change them in place, and compared"},
		"reference, both after": {"reference", func(ref, cand Side) (Side, Side) { return retold(ref, twice), cand }, "after the layers that change them in place, whose outputs they hold"},
	} {
		ref, cand := c.change(pair(t, same))
		r := compared(t, ref, cand, Options{})
		if r.Verdict != parity.Parity || len(r.Findings) != 1 {
			t.Errorf("%s: %s with %v", name, r.Verdict, blamed(r.Findings))
			continue
		}
		f := r.Findings[0]
		if f.Cause != "recording.in-place" || f.Severity != parity.Note || !strings.Contains(f.Explanation, c.says) || !strings.Contains(f.Explanation, c.who) {
			t.Errorf("%s: %s %s", name, f.Cause, f.Explanation)
		}
	}
}

// What was written over is still a recording: a fault behind it is found.
func TestFaultsBehindOverwrittenTensors(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) {
		setLayer("pool2/3x3_s2", func(l *layer.MaxPool) { l.Kernel = [2]int{2, 2} })(g, nil)
	})
	cand = retold(cand, func(recorded map[string]tensor.Any, _, first, last string) { recorded[first] = recorded[last] })
	r := compared(t, ref, cand, Options{})
	if got := blamed(r.Findings); !slices.Contains(got, "error pool2/3x3_s2 pool.window") || len(got) != 2 {
		t.Errorf("findings %v", got)
	}
}
