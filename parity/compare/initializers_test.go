package compare

import (
	"math/rand/v2"
	"strings"
	"testing"

	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/filler"
	"parity/parity"
	"parity/parity/trace"
)

// drawn is a network whose weights, of more than one axis, are drawn by a filler; declared is what it says it is.
func drawn(t *testing.T, seed uint64, declared, actual filler.Filler) Side {
	t.Helper()
	g, images := googlenettest.Narrow(1)
	r := rand.New(rand.NewPCG(seed, 3))
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			w := p.Value.(*tensor.Tensor[float32])
			p.Filler = filler.Constant{Value: 0.25}
			f := p.Filler
			if len(w.Shape) > 1 {
				p.Filler, f = declared, actual
			}
			if err := filler.Fill(f, r, w); err != nil {
				t.Fatal(err)
			}
		}
	}
	return Side{Graph: g, Trace: &trace.Trace{Values: map[string]tensor.Any{"data": images}}, Info: parity.Side{Source: "weights"}}
}

func initializers(t *testing.T, ref, cand Side) *parity.Result {
	t.Helper()
	r, err := Initializers(t.Context(), ref, cand, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDrawsOfOneLawAreParity(t *testing.T) {
	xavier := filler.Xavier{}
	r := initializers(t, drawn(t, 1, xavier, xavier), drawn(t, 2, nil, xavier))
	if r.Verdict != parity.Parity || r.Summary.Match != 116 || len(r.Findings) != 0 {
		t.Errorf("%s, %+v, %v", r.Verdict, r.Summary, r.Findings)
	}
}

func TestOtherLawsAreFound(t *testing.T) {
	xavier := filler.Xavier{}
	for name, other := range map[string]filler.Filler{
		"fan out": filler.Xavier{Norm: filler.FanOut}, "normal": filler.MSRA{}, "narrow": filler.Gaussian{Std: 0.01, Sparse: filler.Dense},
	} {
		r := initializers(t, drawn(t, 1, xavier, xavier), drawn(t, 2, nil, other))
		if r.Verdict != parity.Diverged || r.Summary.Introduced < 10 || r.Findings[0].Cause != "init.distribution" {
			t.Errorf("%s: %s, %+v", name, r.Verdict, r.Summary)
		}
	}
}

func TestATrainedReferenceIsNoted(t *testing.T) {
	xavier := filler.Xavier{}
	r := initializers(t, drawn(t, 1, xavier, filler.MSRA{}), drawn(t, 2, nil, xavier))
	last := r.Findings[len(r.Findings)-1]
	if r.Verdict != parity.Parity || last.Severity != parity.Note || !strings.Contains(last.Explanation, "was trained") {
		t.Errorf("%s, %+v", r.Verdict, r.Findings)
	}
}

func TestNothingDeclaredIsAnError(t *testing.T) {
	ref := drawn(t, 1, nil, filler.Xavier{})
	for _, n := range ref.Graph.Nodes {
		n.Params = append([]*graph.Param(nil), n.Params...)
		for _, p := range n.Params {
			p.Filler = nil
		}
	}
	if _, err := Initializers(t.Context(), ref, ref, Options{}); err == nil || !strings.Contains(err.Error(), "declares no initialisers") {
		t.Errorf("got %v", err)
	}
}
