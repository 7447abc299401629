package compare

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/trace"
)

// native runs a graph and returns it as a recorded side.
func native(t *testing.T, g *graph.Graph, images *tensor.Tensor[float32]) Side {
	t.Helper()
	r, err := engine.Run(t.Context(), g, map[string]*tensor.Tensor[float32]{g.Inputs[0].Name: images}, engine.Options[float32]{Keep: engine.All})
	if err != nil {
		t.Fatal(err)
	}
	s := Side{Graph: g, Trace: &trace.Trace{Values: map[string]tensor.Any{}}, Producer: bound.Native32,
		Info: parity.Side{Framework: "tensorflow", Source: "recorded"}}
	for name, v := range r.Values {
		s.Trace.Values[name] = v
	}
	return s
}

func pair(t *testing.T, change func(g *graph.Graph)) (ref, cand Side) {
	t.Helper()
	g, images := googlenettest.Narrow(1)
	ref = native(t, g, images)
	port, _ := googlenettest.Narrow(1)
	change(port)
	return ref, native(t, port, images)
}

func compared(t *testing.T, ref, cand Side, opt Options) *parity.Result {
	t.Helper()
	opt.Threads = 2
	r, err := Run(context.Background(), ref, cand, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rowOf(t *testing.T, r *parity.Result, name string) parity.Layer {
	t.Helper()
	i := slices.IndexFunc(r.Layers, func(l parity.Layer) bool { return l.Name == name })
	if i < 0 {
		t.Fatalf("no row %q", name)
	}
	return r.Layers[i]
}

func same(*graph.Graph) {}

func TestTheSameNetworkIsParity(t *testing.T) {
	ref, cand := pair(t, same)
	r := compared(t, ref, cand, Options{})
	if r.Verdict != parity.Parity || r.Summary.Match != 143 || len(r.Findings) != 0 {
		t.Errorf("got %s with %+v and findings %v", r.Verdict, r.Summary, r.Findings)
	}
	if !(r.Summary.WorstRatio > 0 && r.Summary.WorstRatio < 1) {
		t.Errorf("worst ratio %v: a float32 run must differ from float64, within the bound", r.Summary.WorstRatio)
	}
}

func TestPaddingIsProven(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) {
		n := g.Node("conv1/7x7_s2")
		l := n.Layer.(layer.Convolution)
		l.Padding = layer.Padding{Mode: layer.SameUpper}
		n.Layer = l
	})
	r := compared(t, ref, cand, Options{})
	if r.Verdict != parity.Diverged || r.Summary.Introduced != 1 || r.Summary.Inherited != 141 || r.Summary.Match != 1 {
		t.Errorf("got %s with %+v", r.Verdict, r.Summary)
	}
	if len(r.Findings) != 1 {
		t.Fatalf("findings: %+v", r.Findings)
	}
	f := r.Findings[0]
	if f.Layer != "conv1/7x7_s2" || f.Cause != "conv.padding" || f.Severity != parity.Error {
		t.Errorf("finding %+v", f)
	}
	if !strings.Contains(f.Parameters["candidate"], "SAME") || !strings.Contains(f.Parameters["reference"], "top 3, left 3") {
		t.Errorf("parameters %v", f.Parameters)
	}
	if !(f.Evidence.RatioBefore > 100 && f.Evidence.RatioAfter <= 1) {
		t.Errorf("evidence %+v", f.Evidence)
	}
	if !strings.Contains(f.Fix, "[3, 3], [3, 3]") || !strings.Contains(f.Fix, "VALID") {
		t.Errorf("fix %q", f.Fix)
	}
}

// A fault in one branch reaches what reads it, and nothing else.
func TestFaultsReachOnlyWhatReadsThem(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) {
		w := g.Node("inception_4c/5x5").Params[0].Value.(*tensor.Tensor[float32])
		for i := range w.Data {
			w.Data[i] *= 1.01
		}
	})
	r := compared(t, ref, cand, Options{})
	for name, want := range map[string]parity.Verdict{
		"inception_4c/5x5_reduce": parity.Match, "inception_4c/5x5": parity.Introduced, "inception_4c/3x3": parity.Match,
		"inception_4c/output": parity.Inherited, "inception_5b/pool_proj": parity.Inherited, "prob": parity.Inherited,
	} {
		if got := rowOf(t, r, name).Verdict; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if len(r.Findings) != 1 || r.Findings[0].Cause != "weights.different" || r.Findings[0].Layer != "inception_4c/5x5" {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestTwoFaultsAreBothIntroduced(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) {
		n := g.Node("pool2/3x3_s2")
		n.Layer = layer.MaxPool{Pool: layer.Pool{Window: layer.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1},
			Padding: layer.Padding{Top: 1, Left: 1}}}}
		m := g.Node("inception_5a/relu_3x3")
		m.Layer = layer.ReLU{Slope: 0.1}
	})
	r := compared(t, ref, cand, Options{})
	if r.Summary.Introduced != 2 || rowOf(t, r, "pool2/3x3_s2").Verdict != parity.Introduced || rowOf(t, r, "inception_5a/relu_3x3").Verdict != parity.Introduced {
		t.Errorf("got %+v", r.Summary)
	}
}

func element(s Side, value string) *float32 {
	return &s.Trace.Values[value].(*tensor.Tensor[float32]).Data[5]
}

func TestNaNNeverPasses(t *testing.T) {
	nan := float32(math.NaN())
	g, _ := googlenettest.Narrow(1)
	values := []string{"data"}
	for _, n := range g.Nodes {
		values = append(values, n.Outputs...)
	}
	for i := 0; i < len(values); i += 9 {
		value := values[i]
		for _, which := range []string{"reference", "candidate"} {
			ref, cand := pair(t, same)
			if which == "reference" {
				*element(ref, value) = nan
			} else {
				*element(cand, value) = nan
			}
			r := compared(t, ref, cand, Options{})
			if r.Verdict != parity.Diverged {
				t.Errorf("NaN in %s of the %s: %s", value, which, r.Verdict)
			}
			if len(r.Findings) != 1 || r.Findings[0].Severity != parity.Error || value != "data" && r.Findings[0].Cause != "numerics.nonfinite" {
				t.Errorf("NaN in %s of the %s: findings %+v", value, which, r.Findings)
			}
			if r.Summary.Introduced != 1 {
				t.Errorf("NaN in %s of the %s: %+v", value, which, r.Summary)
			}
		}
	}
}

func TestAChangedReferenceRecordingIsNotTheCandidatesFault(t *testing.T) {
	ref, cand := pair(t, same)
	for i := range ref.Trace.Values["inception_4d/output"].(*tensor.Tensor[float32]).Data {
		ref.Trace.Values["inception_4d/output"].(*tensor.Tensor[float32]).Data[i] *= 1.0001
	}
	r := compared(t, ref, cand, Options{})
	if r.Verdict != parity.Diverged || len(r.Findings) == 0 || r.Findings[0].Cause != "recording.stale" || r.Findings[0].Layer != "inception_4d/output" {
		t.Errorf("got %s with findings %+v", r.Verdict, r.Findings)
	}
}

func TestPartialRecordings(t *testing.T) {
	ref, cand := pair(t, same)
	for name := range cand.Trace.Values {
		if name != "data" && name != "prob" && !strings.HasSuffix(name, "/output") {
			delete(cand.Trace.Values, name)
		}
	}
	r := compared(t, ref, cand, Options{})
	if r.Verdict != parity.Parity || r.Summary.Match != 11 || r.Summary.Covered != 132 {
		t.Errorf("got %s with %+v", r.Verdict, r.Summary)
	}
	if by := rowOf(t, r, "inception_3a/5x5").CoveredBy; by != "inception_3a/output" {
		t.Errorf("inception_3a/5x5 is covered by %q", by)
	}
	delete(cand.Trace.Values, "prob")
	r = compared(t, ref, cand, Options{})
	if r.Verdict != parity.Diverged || r.Summary.Missing != 4 || rowOf(t, r, "prob").Verdict != parity.Missing {
		t.Errorf("without the output: got %s with %+v", r.Verdict, r.Summary)
	}
}

// With few tensors a fault is proven inside its segment, and the blame goes to the layer of the proof.
func TestProofInsideASegment(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) {
		n := g.Node("conv1/7x7_s2")
		l := n.Layer.(layer.Convolution)
		l.Padding = layer.Padding{Top: 2, Left: 3, Bottom: 3, Right: 3}
		n.Layer = l
	})
	delete(cand.Trace.Values, "conv1/7x7_s2")
	r := compared(t, ref, cand, Options{})
	if len(r.Findings) != 1 || r.Findings[0].Layer != "conv1/7x7_s2" || r.Findings[0].Cause != "conv.padding" {
		t.Fatalf("findings %+v", r.Findings)
	}
	if rowOf(t, r, "conv1/7x7_s2").Verdict != parity.Introduced || rowOf(t, r, "conv1/relu_7x7").Verdict != parity.Inherited {
		t.Errorf("verdicts %s and %s", rowOf(t, r, "conv1/7x7_s2").Verdict, rowOf(t, r, "conv1/relu_7x7").Verdict)
	}
}

func TestShapesThatBroadcastAreNotEqual(t *testing.T) {
	ref, cand := pair(t, same)
	cand.Trace.Values["prob"] = tensor.From(cand.Trace.Values["prob"].(*tensor.Tensor[float32]).Data[:7], 1, 7)
	r := compared(t, ref, cand, Options{})
	if l := rowOf(t, r, "prob"); r.Verdict != parity.Diverged || l.Verdict != parity.Incomparable || !strings.Contains(l.Detail, "2x7") || !strings.Contains(l.Detail, "1x7") {
		t.Errorf("got %s, %+v", r.Verdict, l)
	}
}

func TestNothingCompared(t *testing.T) {
	ref, cand := pair(t, same)
	for name := range cand.Trace.Values {
		if name != "data" {
			delete(cand.Trace.Values, name)
		}
	}
	if r := compared(t, ref, cand, Options{}); r.Verdict != parity.Incomparable || r.ExitCode() != 2 {
		t.Errorf("got %s, exit %d", r.Verdict, r.ExitCode())
	}
}

func TestDifferentInputsAreBlamedOnTheInput(t *testing.T) {
	g, images := googlenettest.Narrow(1)
	ref := native(t, g, images)
	other := images.Clone()
	other.Data[17] += 1
	cand := native(t, g, other)
	r := compared(t, ref, cand, Options{})
	if rowOf(t, r, "data").Verdict != parity.Introduced || r.Summary.Introduced != 1 || rowOf(t, r, "conv1/7x7_s2").Verdict != parity.Inherited {
		t.Errorf("got %+v", r.Summary)
	}
}

func TestOnly(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) { g.Node("inception_3a/relu_1x1").Layer = layer.ReLU{Slope: 0.5} })
	r := compared(t, ref, cand, Options{Only: []string{"pool*/*", "conv1/7x7_s2"}})
	if len(r.Layers) != 8 || len(r.Findings) != 0 {
		t.Errorf("got %d rows, findings %v", len(r.Layers), r.Findings)
	}
	if _, err := Run(t.Context(), ref, cand, Options{Only: []string{"conv9"}}); err == nil || !strings.Contains(err.Error(), "conv9") {
		t.Errorf("a layer that does not exist: %v", err)
	}
}

func TestThreadsDoNotChangeTheResult(t *testing.T) {
	ref, cand := pair(t, func(g *graph.Graph) { g.Node("inception_3a/relu_1x1").Layer = layer.ReLU{Slope: 0.5} })
	one, err := Run(t.Context(), ref, cand, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	many, err := Run(t.Context(), ref, cand, Options{Threads: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range one.Layers {
		if m := many.Layers[i]; l.Isolated.Ratio != m.Isolated.Ratio || l.Chained.Ratio != m.Chained.Ratio || l.Isolated.RMS != m.Isolated.RMS {
			t.Errorf("%s differs between 1 and 5 threads", l.Name)
		}
	}
}

// only keeps the recorded tensors of some values.
func only(s Side, values ...string) Side {
	kept := map[string]tensor.Any{"data": s.Trace.Values["data"]}
	for _, v := range values {
		kept[v] = s.Trace.Values[v]
	}
	s.Trace = &trace.Trace{Values: kept}
	return s
}

// With nothing but the output recorded the segment is the whole network. Its limit must still be one that a fault exceeds.
func TestLongSegmentsStillShowFaults(t *testing.T) {
	ref, cand := pair(t, same)
	r := compared(t, ref, only(cand, "prob"), Options{})
	if r.Verdict != parity.Parity || r.Summary.Match != 2 || r.Summary.Covered != 141 {
		t.Errorf("an equal port: %s with %+v", r.Verdict, r.Summary)
	}
	for name, change := range map[string]func(g *graph.Graph){
		"LRN alpha": func(g *graph.Graph) {
			n := g.Node("conv2/norm2")
			l := n.Layer.(layer.LRN)
			l.Alpha *= 5
			n.Layer = l
		},
		"one bias": func(g *graph.Graph) {
			g.Node("inception_3a/3x3").Params[1].Value.(*tensor.Tensor[float32]).Data[3] += 0.1
		},
		"padding": func(g *graph.Graph) {
			n := g.Node("conv1/7x7_s2")
			l := n.Layer.(layer.Convolution)
			l.Padding = layer.Padding{Mode: layer.SameUpper}
			n.Layer = l
		},
	} {
		ref, cand := pair(t, change)
		located := compared(t, ref, only(cand, "prob"), Options{})
		if located.Verdict != parity.Diverged || len(located.Findings) != 1 || located.Findings[0].Cause == parity.Unexplained {
			t.Errorf("%s: %s with findings %+v", name, located.Verdict, located.Findings)
		}
		cand.Graph = &graph.Graph{Inputs: cand.Graph.Inputs} // as of a dump
		r := compared(t, ref, only(cand, "prob"), Options{})
		if r.Verdict != parity.Diverged || !(rowOf(t, r, "prob").Isolated.Ratio > 1) {
			t.Errorf("%s: %s, ratio %v", name, r.Verdict, rowOf(t, r, "prob").Isolated.Ratio)
		}
	}
}

// Two tensors that were exchanged in a recording hold the right numbers, under the wrong names.
func TestExchangedRecording(t *testing.T) {
	ref, cand := pair(t, func(*graph.Graph) {})
	values := cand.Trace.Values
	const a, b = "inception_3a/1x1@inception_3a/relu_1x1", "inception_3b/pool_proj@inception_3b/relu_pool_proj"
	if values[a] == nil || values[b] == nil || !values[a].Dims().Equal(values[b].Dims()) {
		t.Fatalf("%v and %v", values[a], values[b])
	}
	values[a], values[b] = values[b], values[a]
	r := compared(t, ref, cand, Options{})
	if r.Verdict != parity.Diverged {
		t.Fatalf("got %s", r.Verdict)
	}
	for _, f := range r.Findings {
		if f.Cause != "recording.stale" {
			t.Errorf("got %s: %s", f.Layer, f.Cause)
		}
	}
}
