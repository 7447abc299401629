package reports

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"parity/parity"
)

// gates are gates with everything that a report has to cope with.
func gates() map[string]*parity.Gate {
	passed := parity.Gated{Bundle: "narrow_googlenet", Reference: "caffe", Candidate: "tf", Verdict: parity.Parity, WorstRatio: 0.23, WorstLayer: "conv2/3x3_reduce", Layers: 143,
		Before: &parity.GatedBefore{Verdict: parity.Parity, WorstRatio: 0.26, WorstLayer: "conv1"}, Files: []parity.File{{Path: "a.pb", SHA256: strings.Repeat("0a", 32)}}}
	living := parity.Gated{Bundle: "narrow_googlenet", Reference: "caffe", Candidate: "tf-same", Verdict: parity.Diverged, WorstRatio: 52000, WorstLayer: "conv1/7x7_s2", Layers: 143,
		Before: &parity.GatedBefore{Verdict: parity.Diverged, WorstRatio: 52000, WorstLayer: "conv1/7x7_s2"}, Notes: []string{"2 layers are better than in the baseline"},
		Accepted: []parity.Acceptance{
			{Layer: "conv1/7x7_s2", Cause: "conv.padding", Limit: 60000, Reason: "the mobile build pads <so> & cannot | otherwise", Review: "2027-01-31", Ratio: 52000, Seen: true},
			{Layer: "norm1", Cause: "missing", Reason: "fused", Review: "2027-01-31", Seen: true},
			{Layer: "prob", Cause: "inherited", Limit: 10, Reason: "was so once", Review: "2027-01-31"},
		}}
	failed := parity.Gated{Bundle: "../a/bundle/with a long name/and more", Reference: "onnx:../../build/an/exported/model.onnx@native", Candidate: "keras3@recorded", Verdict: parity.Diverged,
		WorstRatio: parity.Number(math.NaN()), WorstLayer: "inception_3a/relu", Layers: 20, Problems: []parity.Problem{
			{Kind: parity.ProblemDifference, Layer: "inception_3a/relu", Cause: "conv.padding", Text: "the reference pads its input by top 3, the candidate by SAME", Fix: "pad explicitly"},
			{Kind: parity.ProblemGrown, Layer: "fc", Cause: "weights.precision", Text: "accepted up to 100 times the rounding bound, now NaN"},
			{Kind: parity.ProblemExpired, Layer: "fc", Cause: "bias.missing", Text: "accepted until 2026-01-01 (later)", Fix: "look again"},
		}}
	for range 14 {
		failed.Problems = append(failed.Problems, parity.Problem{Kind: parity.ProblemWorse, Layer: "conv", Text: "covered, was match in the baseline"})
	}
	lost := parity.Gated{Bundle: "formats", Reference: "?", Candidate: "?", Problems: []parity.Problem{{Kind: parity.ProblemNotRun, Text: "formats/manifest.json:3:2: not valid JSON"}}}
	gone := parity.Problem{Kind: parity.ProblemGone, Text: "old: a and b: the baseline has this comparison, and it was not run", Fix: "restore the bundle"}
	nothing := parity.Problem{Kind: parity.ProblemNothing, Text: "no bundle was found: nothing was compared", Fix: "record one"}
	list := map[string]*parity.Gate{
		"passed":  {Comparisons: []parity.Gated{passed, living}, Accepted: "fixtures/accepted.json"},
		"failed":  {Comparisons: []parity.Gated{passed, living, failed, lost}, Problems: []parity.Problem{gone}},
		"nothing": {Problems: []parity.Problem{nothing}},
	}
	for _, g := range list {
		complete(g)
	}
	return list
}

func complete(g *parity.Gate) {
	g.Schema, g.Date, g.Baseline = parity.GateSchema, "2026-11-25", "fixtures/baseline.json"
	g.Environment = parity.Environment{Version: "v1", CPU: "amd64 avx2", Threads: 2, Go: "go1.26"}
	g.Problems = append([]parity.Problem{}, g.Problems...)
	g.Comparisons = append([]parity.Gated{}, g.Comparisons...)
	for i := range g.Comparisons {
		c := &g.Comparisons[i]
		c.Problems, c.Accepted = append([]parity.Problem{}, c.Problems...), append([]parity.Acceptance{}, c.Accepted...)
		c.Notes, c.Files = append([]string{}, c.Notes...), append([]parity.File{}, c.Files...)
	}
	g.Count()
}

func renderGate(t *testing.T, format string, g *parity.Gate, o Options) string {
	t.Helper()
	f, err := ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Gate(&b, g, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGateGolden(t *testing.T) {
	for name, g := range gates() {
		for file, as := range goldens {
			checkGolden(t, "gate-"+name+"."+file, renderGate(t, as.format, g, as.Options))
		}
	}
}

func TestGateTerminalFitsItsWidth(t *testing.T) {
	for name, g := range gates() {
		for _, width := range []int{80, 100, 200} {
			for _, line := range strings.Split(renderGate(t, "terminal", g, Options{Width: width}), "\n") {
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%s: %d columns in a width of %d: %s", name, n, width, line)
				}
			}
		}
		if quiet := renderGate(t, "terminal", g, Options{Width: 40, Quiet: true}); strings.Count(quiet, "\n") != 1 {
			t.Errorf("%s: quiet is not one line: %q", name, quiet)
		}
	}
}

func TestGateJSONFollowsItsSchema(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile("gate.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			return err
		}
		return s.Validate(value)
	}
	for name, g := range gates() {
		text := renderGate(t, "json", g, Options{})
		if err := valid(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var back parity.Gate
		if err := json.Unmarshal([]byte(text), &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(g, &back, sameNumbers); diff != "" {
			t.Errorf("%s does not survive its JSON form:\n%s", name, diff)
		}
		for _, from := range []string{`"passed"`, `"kind": "`, `"verdict": "`, `"date": "`} {
			if broken := strings.Replace(text, from, from+"x", 1); broken != text && valid(broken) == nil {
				t.Errorf("%s: passes with a wrong %s", name, from)
			}
		}
	}
}

func TestGateSARIFFollowsTheSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range gates() {
		text := renderGate(t, "sarif", g, Options{})
		log, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Count(text, `"level": "error"`); got != g.Summary.Problems {
			t.Errorf("%s: %d errors for %d problems", name, got, g.Summary.Problems)
		}
		if got := strings.Count(text, `"justification"`); got != g.Summary.Accepted {
			t.Errorf("%s: %d suppressed for %d accepted", name, got, g.Summary.Accepted)
		}
	}
}

// What is accepted is seen in every format.
func TestAcceptedStaysVisible(t *testing.T) {
	g := gates()["passed"]
	for _, f := range Formats {
		if f.Gate == nil {
			continue
		}
		if text := renderGate(t, f.Name, g, Options{}); !strings.Contains(text, "the mobile build") || !strings.Contains(text, "2027-01-31") {
			t.Errorf("%s does not show the accepted difference:\n%s", f.Name, text)
		}
	}
}

func TestEveryProblemIsExplained(t *testing.T) {
	schema, err := os.ReadFile("gate.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	xsd, err := os.ReadFile("junit.xsd")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range gateProblems {
		if !strings.Contains(string(schema), `"`+p.kind+`"`) || !strings.Contains(string(xsd), `"`+p.kind+`"`) {
			t.Errorf("a schema lacks the kind %s", p.kind)
		}
	}
	if len(gateProblems) != 10 {
		t.Errorf("%d kinds of problems are explained", len(gateProblems))
	}
}
