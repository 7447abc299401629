package gate

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/parity"
)

var key = Key{"net", "caffe", "tf"}

var manifest = []parity.File{{Path: "net/manifest.json", SHA256: "aa"}}

func layer(name string, v parity.Verdict, alone, chained float64, inputs ...string) parity.Layer {
	return parity.Layer{Name: name, Verdict: v, Isolated: &parity.Difference{Ratio: parity.Number(alone)}, Chained: &parity.Difference{Ratio: parity.Number(chained)}, Inputs: inputs}
}

// result has a verdict that follows from its layers and findings.
func result(layers []parity.Layer, findings ...parity.Finding) *parity.Result {
	r := &parity.Result{Verdict: parity.Parity, Layers: layers, Findings: findings}
	for _, l := range layers {
		r.Summary.Add(l)
	}
	if r.Summary.Match+r.Summary.Covered < len(layers) || len(findings) > 0 {
		r.Verdict = parity.Diverged
	}
	return r
}

func right() []parity.Layer {
	return []parity.Layer{layer("data", parity.Match, 0, 0), layer("conv", parity.Match, 0.2, 0.2, "data"), layer("prob", parity.Match, 0.1, 0.3, "conv")}
}

// faulty has a fault in conv.
func faulty(ratio float64) *parity.Result {
	layers := right()
	layers[1] = layer("conv", parity.Introduced, ratio, ratio, "data")
	layers[2] = layer("prob", parity.Inherited, 0.1, 40, "conv")
	return result(layers, parity.Finding{Layer: "conv", Cause: "conv.padding", Severity: parity.Error, Explanation: "padded", Fix: "pad"})
}

func with(change func([]parity.Layer) []parity.Layer) *parity.Result { return result(change(right())) }

func accepted(list ...Difference) *Accepted {
	for i := range list {
		list[i].Key, list[i].Reason = key, "for now"
		if list[i].Review == "" {
			list[i].Review = "2027-01-31"
		}
	}
	return &Accepted{Schema: AcceptedSchema, Differences: list}
}

// baselineOf is what --update-baseline makes of a result.
func baselineOf(r *parity.Result) *Baseline {
	return Updated(&Baseline{Schema: BaselineSchema}, []Run{{Key: key, Files: manifest, Result: r}}, everything)
}

func everything(string) bool { return true }

const today = "2026-11-25"

func TestJudge(t *testing.T) {
	padding := Difference{Layer: "conv", Cause: "conv.padding", Limit: 100}
	good := result(right())
	tests := []struct {
		name     string
		before   *Baseline
		now      *parity.Result
		accepted *Accepted
		want     []string // kinds of problems, with their layers
		notes    string
	}{
		{"the same", baselineOf(good), good, nil, nil, ""},
		{"other ratios within the bound", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { l[1] = layer("conv", parity.Match, 0.99, 0.9, "data"); return l }), nil, nil, ""},
		{"a fault", baselineOf(good), faulty(50), nil, []string{"difference conv"}, ""},
		{"a fault that the baseline knows is one all the same", baselineOf(faulty(50)), faulty(50), nil, []string{"difference conv"}, ""},
		{"an accepted fault", baselineOf(faulty(50)), faulty(50), accepted(padding), nil, ""},
		{"accepted before the baseline knows it", baselineOf(good), faulty(50), accepted(padding), nil, ""},
		{"accepted for another cause", baselineOf(good), faulty(50), accepted(Difference{Layer: "conv", Cause: "bias.missing", Limit: 100}), []string{"difference conv"}, "not there any more"},
		{"accepted in another layer", baselineOf(good), faulty(50), accepted(Difference{Layer: "con", Cause: "conv.padding", Limit: 100}), []string{"difference conv", "accepted-misspelt con"}, ""},
		{"grown", baselineOf(faulty(50)), faulty(101), accepted(padding), []string{"accepted-grown conv"}, ""},
		{"grown to NaN", baselineOf(faulty(50)), faulty(math.NaN()), accepted(padding), []string{"accepted-grown conv"}, ""},
		{"accepted without a limit", baselineOf(faulty(50)), faulty(50), accepted(Difference{Layer: "conv", Cause: "conv.padding"}), []string{"accepted-grown conv"}, ""},
		{"due today", baselineOf(faulty(50)), faulty(50), accepted(Difference{Layer: "conv", Cause: "conv.padding", Limit: 100, Review: today}), []string{"accepted-expired conv"}, ""},
		{"due tomorrow", baselineOf(faulty(50)), faulty(50), accepted(Difference{Layer: "conv", Cause: "conv.padding", Limit: 100, Review: "2026-11-26"}), nil, ""},
		{"mended", baselineOf(faulty(50)), good, accepted(padding), nil, "not there any more; delete the entry"},
		{"a second fault behind an accepted one", baselineOf(faulty(50)), with2(faulty(50), layer("prob", parity.Introduced, 3, 40, "conv")), accepted(padding), []string{"difference prob"}, ""},
		{"an inherited layer within its own limit", baselineOf(faulty(50)), faulty(50), accepted(padding, Difference{Layer: "prob", Cause: "inherited", Limit: 41}), nil, ""},
		{"an inherited layer beyond its own limit", baselineOf(faulty(50)), faulty(50), accepted(padding, Difference{Layer: "prob", Cause: "inherited", Limit: 39}), []string{"accepted-grown prob"}, ""},
		{"inherited from nowhere", baselineOf(good), with(func(l []parity.Layer) []parity.Layer {
			l[2] = layer("prob", parity.Inherited, 0.1, 2, "conv")
			return l
		}), nil, []string{"difference prob"}, ""},
		{"covered, was match", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { l[1].Verdict = parity.Covered; return l }), nil, []string{"worse conv"}, ""},
		{"match, was covered", baselineOf(with(func(l []parity.Layer) []parity.Layer { l[1].Verdict = parity.Covered; return l })), good, nil, nil, "1 layers are better"},
		{"missing", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { l[1].Verdict, l[1].Isolated = parity.Missing, nil; return l }), nil, []string{"difference conv"}, ""},
		{"missing, accepted", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { l[1].Verdict, l[1].Isolated = parity.Missing, nil; return l }), accepted(Difference{Layer: "conv", Cause: "missing"}), nil, ""},
		{"a layer less", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { return l[:2] }), nil, []string{"no-longer-run prob"}, ""},
		{"a layer more", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { return append(l, layer("top", parity.Match, 0, 0)) }), nil, nil, "1 layers that the baseline lacks"},
		{"a layer that is listed as right and is not", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { l[1].Isolated.Ratio = 1.01; return l }), nil, []string{"difference conv"}, ""},
		{"a verdict nobody knows", baselineOf(good), with(func(l []parity.Layer) []parity.Layer { l[1].Verdict = "fine"; return l }), nil, []string{"difference conv"}, ""},
		{"nothing compared", baselineOf(good), &parity.Result{Verdict: parity.Incomparable, Layers: right()}, nil, []string{"difference "}, ""},
		{"diverged without a reason", baselineOf(good), &parity.Result{Verdict: parity.Diverged, Layers: right()}, nil, []string{"difference "}, ""},
		{"not in the baseline", &Baseline{}, good, nil, []string{"not-in-baseline "}, ""},
	}
	for _, tt := range tests {
		g := All([]Run{{Key: key, Files: manifest, Result: tt.now}}, tt.before, tt.accepted, today, everything)
		var got []string
		for _, p := range g.Comparisons[0].Problems {
			got = append(got, p.Kind+" "+p.Layer)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if g.Passed != (tt.want == nil) || (g.ExitCode() == 0) != g.Passed {
			t.Errorf("%s: passed is %v", tt.name, g.Passed)
		}
		if notes := strings.Join(g.Comparisons[0].Notes, "\n"); (notes == "") != (tt.notes == "") || !strings.Contains(notes, tt.notes) {
			t.Errorf("%s: notes %q, want %q", tt.name, notes, tt.notes)
		}
	}
}

// with2 replaces the last layer.
func with2(r *parity.Result, l parity.Layer) *parity.Result {
	r.Layers[len(r.Layers)-1] = l
	return r
}

func TestWhatWasNotRun(t *testing.T) {
	good := result(right())
	run := Run{Key: key, Files: manifest, Result: good}
	tests := []struct {
		name string
		runs []Run
		want string
	}{
		{"nothing", nil, "nothing-to-run"},
		{"an error", []Run{{Key: key, Kind: parity.ProblemNotRun, Err: errors.New("no such file")}}, "not-run"},
		{"files that are not what the manifest says", []Run{{Key: key, Kind: parity.ProblemChanged, Err: errors.New("changed")}}, "files-changed"},
		{"another manifest", []Run{{Key: key, Files: []parity.File{{Path: "net/manifest.json", SHA256: "bb"}}, Result: good}}, "files-changed"},
		{"a manifest more", []Run{{Key: key, Files: append(slices.Clone(manifest), parity.File{Path: "x"}), Result: good}}, "files-changed"},
		{"a manifest less", []Run{{Key: key, Result: good}}, "files-changed"},
		{"another comparison", []Run{{Key: Key{"net", "caffe", "onnx"}, Files: manifest, Result: good}}, "no-longer-run"},
	}
	for _, tt := range tests {
		g := All(tt.runs, baselineOf(good), nil, today, everything)
		var kinds []string
		for _, p := range g.Problems {
			kinds = append(kinds, p.Kind)
		}
		for _, c := range g.Comparisons {
			for _, p := range c.Problems {
				kinds = append(kinds, p.Kind)
			}
		}
		if g.Passed || !slices.Contains(kinds, tt.want) {
			t.Errorf("%s: passed is %v, problems %v, want %s", tt.name, g.Passed, kinds, tt.want)
		}
	}
	if g := All([]Run{run}, baselineOf(good), nil, today, everything); !g.Passed {
		t.Errorf("the run that the baseline was made of fails: %+v", g)
	}
	elsewhere := func(bundle string) bool { return bundle == "other" }
	if g := All([]Run{run}, &Baseline{Comparisons: append(baselineOf(good).Comparisons, Entry{Key: Key{"third", "a", "b"}})}, nil, today, elsewhere); !g.Passed {
		t.Errorf("a bundle that was not asked for is missed: %+v", g.Problems)
	}
	if g := All([]Run{run}, baselineOf(good), &Accepted{Differences: []Difference{{Key: Key{"net", "caffe", "TF"}}}}, today, everything); g.Passed {
		t.Error("a difference accepted in a comparison that does not exist passes")
	}
}

func TestBaselineSurvivesItsFile(t *testing.T) {
	layers := append(right(), parity.Layer{Name: "lost <&>", Verdict: parity.Missing}, layer("nan", parity.Introduced, math.NaN(), math.Inf(1)))
	b := baselineOf(result(layers))
	file := filepath.Join(t.TempDir(), "baseline.json")
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	back, err := ReadBaseline(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	same := cmp.Comparer(func(a, b parity.Number) bool { return a == b || a != a && b != b })
	if diff := cmp.Diff(b, back, same); diff != "" {
		t.Error(diff)
	}
	if lines := strings.Count(out.String(), "\n"); lines < len(layers) {
		t.Errorf("%d lines for %d layers", lines, len(layers))
	}
}

func TestChanges(t *testing.T) {
	old := baselineOf(result(right()))
	layers := right()
	layers[1].Verdict = parity.Covered
	now := baselineOf(result(append(layers[:2], layer("top", parity.Match, 0, 0))))
	now.Comparisons[0].Files = nil
	now.Comparisons = append(now.Comparisons, Entry{Key: Key{"new", "a", "b"}, Verdict: parity.Parity, Layers: []Layer{{Name: "x", Verdict: parity.Match}}})
	old.Comparisons = append(old.Comparisons, Entry{Key: Key{"old", "a", "b"}, Verdict: parity.Parity})
	want := []string{
		"net: caffe and tf: made with other files", "net: caffe and tf: conv: covered, was match", "net: caffe and tf: top: new, match",
		"net: caffe and tf: prob: gone, was match", "new: a and b: new, parity, 1 layers (1 match)", "old: a and b: gone, was parity",
	}
	if diff := cmp.Diff(want, Changes(old, now)); diff != "" {
		t.Error(diff)
	}
	if list := Changes(old, old); list != nil {
		t.Errorf("no change: %q", list)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	const entry = `{"bundle": "net", "reference": "a", "candidate": "b", "layer": "conv", "cause": "conv.padding", "limit": 5, "reason": "x", "review": "2027-01-31"}`
	list := func(s string) string { return `{"schema": "parity.accepted/1", "differences": [` + s + `]}` }
	tests := []struct{ name, text, want string }{
		{"accepted", list(entry), ""},
		{"accepted", "", "ends too soon"},
		{"accepted", list(entry) + "{}", "more follows"},
		{"accepted", strings.Replace(list(entry), "accepted/1", "accepted/2", 1), `expected the schema "parity.accepted/1"`},
		{"accepted", strings.Replace(list(entry), "limit", "limits", 1), `unknown field "limits"`},
		{"accepted", strings.Replace(list(entry), "5", "1", 1), "expected a number above 1"},
		{"accepted", strings.Replace(list(entry), "5", `"NaN"`, 1), "expected a number above 1"},
		{"accepted", strings.Replace(list(entry), "5", "-5", 1), "expected a number above 1"},
		{"accepted", strings.Replace(list(entry), "2027-01-31", "31.1.2027", 1), "expected the day"},
		{"accepted", strings.Replace(list(entry), `"x"`, `""`, 1), `difference 1 (conv): expected a "reason"`},
		{"accepted", list(entry + "," + entry), "accepted twice"},
		{"baseline", `{"schema": "parity.baseline/1", "comparisons": []}`, ""},
		{"baseline", `{"schema": "parity.baseline/9"}`, "expected the schema"},
		{"baseline", "{\n\"schema\": 1}", ":2:"},
		{"baseline", `{"schema": "parity.baseline/1", "comparisons": [{"bundle": "a"}, {"bundle": "a"}]}`, "two entries"},
	}
	for _, tt := range tests {
		file := filepath.Join(t.TempDir(), tt.name)
		if err := os.WriteFile(file, []byte(tt.text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := ReadAccepted(file)
		if tt.name == "baseline" {
			_, err = ReadBaseline(file)
		}
		if (err == nil) != (tt.want == "") || err != nil && (!strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), file)) {
			t.Errorf("%s %s: got %v, want %q", tt.name, tt.text, err, tt.want)
		}
	}
}
