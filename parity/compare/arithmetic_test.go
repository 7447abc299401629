package compare

import (
	"math"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/bound"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/trace"
)

// faint is a network whose sums are denormal numbers for small inputs.
func faint() (*graph.Graph, *tensor.Tensor[float32]) {
	x := tensor.From([]float32{0x1p-130, -0x1p-128, 0x1p-127, 1, 0, -3}, 1, 6)
	g := &graph.Graph{Inputs: []graph.Input{{Name: "x"}}, Outputs: []string{"sum"}, Nodes: []*graph.Node{
		{Name: "pass", Layer: layer.ReLU{Slope: 1}, Inputs: []string{"x"}, Outputs: []string{"pass"}},
		{Name: "sum", Layer: layer.Eltwise{}, Inputs: []string{"x", "pass"}, Outputs: []string{"sum"}},
	}}
	return g, x
}

// recordedAs gives a side other tensors.
func recordedAs(s Side, change func(name string, t *tensor.Tensor[float32])) Side {
	values := map[string]tensor.Any{}
	for name, t := range s.Trace.Values {
		own := t.(*tensor.Tensor[float32]).Clone()
		change(name, own)
		values[name] = own
	}
	s.Trace = &trace.Trace{Values: values}
	return s
}

func flushSums(name string, t *tensor.Tensor[float32]) {
	for i, v := range t.Data {
		if math.Abs(float64(v)) < smallest && name == "sum" {
			t.Data[i] = 0
		}
	}
}

func TestFlushedNumbersAreANote(t *testing.T) {
	g, x := faint()
	plain := native(t, g, x)
	plain.Producer = bound.AnyOrder
	flushed := recordedAs(plain, flushSums)
	for who, sides := range map[string][2]Side{"candidate": {plain, flushed}, "reference": {flushed, plain}} {
		r := compared(t, sides[0], sides[1], Options{})
		if r.Verdict != parity.Parity {
			t.Errorf("flushed by the %s: got %s with %+v", who, r.Verdict, r.Findings)
		}
		i := slices.IndexFunc(r.Findings, func(f parity.Finding) bool { return f.Parameters["side"] == who })
		if i < 0 || r.Findings[i].Cause != "numerics.flush" || r.Findings[i].Severity != parity.Note || r.Findings[i].Parameters["numbers"] != "2" {
			t.Errorf("flushed by the %s: findings %+v", who, r.Findings)
		}
	}
	r := compared(t, plain, plain, Options{})
	if len(r.Findings) != 0 || r.Verdict != parity.Parity {
		t.Errorf("nothing is flushed: got %s with %+v", r.Verdict, r.Findings)
	}
}

// A side that flushes in one place and is wrong in another is wrong; one that keeps denormal numbers does not flush.
func TestFlushingExcusesNothingElse(t *testing.T) {
	g, x := faint()
	plain := native(t, g, x)
	plain.Producer = bound.AnyOrder
	wrong := recordedAs(recordedAs(plain, flushSums), func(name string, t *tensor.Tensor[float32]) {
		if name == "sum" {
			t.Data[3] = 2.5
		}
	})
	if r := compared(t, plain, wrong, Options{}); r.Verdict != parity.Diverged || rowOf(t, r, "sum").Verdict != parity.Introduced {
		t.Errorf("got %s with %+v", r.Verdict, r.Findings)
	}
	one := recordedAs(plain, func(name string, t *tensor.Tensor[float32]) {
		if name == "sum" {
			t.Data[0] = 0
		}
	})
	if r := compared(t, plain, one, Options{}); r.Verdict != parity.Diverged {
		t.Errorf("one denormal number of three is zero: got %s with %+v", r.Verdict, r.Findings)
	}
}

// roundedTo rounds the factors of one convolution as TF32 does, and computes it.
func inTF32(t *testing.T, s Side, node string) Side {
	t.Helper()
	n := s.Graph.Node(node)
	cut := func(x *tensor.Tensor[float64]) *tensor.Tensor[float64] {
		out := x.Clone()
		for i, v := range x.Data {
			out.Data[i] = float64(math.Float32frombits((math.Float32bits(float32(v)) + 0x1000) &^ 0x1fff))
		}
		return out
	}
	in := cut(tensor.As[float64](s.Trace.Values[n.Inputs[0]]))
	params := []*tensor.Tensor[float64]{cut(tensor.As[float64](n.Params[0].Value)), tensor.As[float64](n.Params[1].Value)}
	out := tensor.New[float64](s.Trace.Values[n.Outputs[0]].Dims()...)
	n.Layer.Forward64(&layer.Call[float64]{In: []*tensor.Tensor[float64]{in}, Params: params, Out: []*tensor.Tensor[float64]{out}, Workers: 2})
	return recordedAs(s, func(name string, t *tensor.Tensor[float32]) {
		if name == n.Outputs[0] {
			for i, v := range out.Data {
				t.Data[i] = float32(v)
			}
		}
	})
}

// An arithmetic that nobody has declared is named, whether the candidate's own graph is known or not, and is no stale recording.
func TestUndeclaredArithmeticIsNamed(t *testing.T) {
	const node = "conv2/3x3_reduce"
	ref, cand := pair(t, same)
	for what, sides := range map[string][2]Side{"candidate": {ref, inTF32(t, cand, node)}, "reference": {inTF32(t, ref, node), cand}} {
		sides[0].Info.Framework = "caffe"
		r := compared(t, sides[0], sides[1], Options{})
		i := slices.IndexFunc(r.Findings, func(f parity.Finding) bool { return f.Layer == node })
		if i < 0 || r.Verdict != parity.Diverged {
			t.Fatalf("%s: got %s with %+v", what, r.Verdict, r.Findings)
		}
		f := r.Findings[i]
		if f.Cause != "numerics.precision" || f.Parameters[what] != "tf32" || !strings.Contains(f.Fix, "math=tf32") || !(f.Evidence.RatioBefore > 1 && f.Evidence.RatioAfter <= 1) {
			t.Errorf("%s: got %+v", what, f)
		}
		p, err := sides[0].Producer.With("tf32")
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index([]string{"reference", "candidate"}, what)
		if sides[at].Producer = p; compared(t, sides[0], sides[1], Options{}).Verdict == parity.Incomparable {
			t.Error("incomparable")
		}
	}
}

// Another fault in the same layer does not hide behind the arithmetic, nor the arithmetic behind it.
func TestArithmeticAndAFault(t *testing.T) {
	const node = "conv1/7x7_s2"
	ref, cand := pair(t, func(g *graph.Graph) {
		n := g.Node(node)
		l := n.Layer.(layer.Convolution)
		l.Padding = layer.Padding{Mode: layer.SameUpper}
		n.Layer = l
	})
	ref.Info.Framework = "caffe"
	r := compared(t, ref, inTF32(t, cand, node), Options{})
	causes := map[string]bool{}
	for _, f := range r.Findings {
		if f.Layer == node {
			causes[f.Cause] = true
		}
	}
	if !causes["conv.padding"] || !causes["numerics.precision"] || len(causes) != 2 {
		t.Errorf("got %+v", r.Findings)
	}
}

// Where the declared arithmetic allows any value nothing is proven.
func TestVacuousBoundsProveNothing(t *testing.T) {
	g := &graph.Graph{Inputs: []graph.Input{{Name: "x"}}, Outputs: []string{"y"}}
	w := tensor.New[float32](2, 3000)
	for i := range w.Data {
		w.Data[i] = float32(i%5) - 2
	}
	g.Nodes = []*graph.Node{{Name: "y", Layer: layer.InnerProduct{Outputs: 2}, Inputs: []string{"x"}, Outputs: []string{"y"}, Params: []*graph.Param{{Name: "w", Value: w}}}}
	x := tensor.New[float32](1, 3000)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 2
	}
	ref, cand := native(t, g, x), native(t, g, x)
	if r := compared(t, ref, cand, Options{}); r.Verdict != parity.Parity {
		t.Fatalf("got %s", r.Verdict)
	}
	p, err := cand.Producer.With("float16:accumulations")
	if err != nil {
		t.Fatal(err)
	}
	cand.Producer = p
	if r := compared(t, ref, cand, Options{}); r.Verdict == parity.Parity || !strings.Contains(rowOf(t, r, "y").Detail, "prove nothing") {
		t.Errorf("got %s with %+v", r.Verdict, rowOf(t, r, "y"))
	}
}
