package reports

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"parity/parity"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// scenarios are results with everything that a report has to cope with.
var scenarios = map[string]*parity.Result{
	"parity":       {Verdict: parity.Parity, Layers: []parity.Layer{matched("data", "Input", "input", 0), matched("conv1/7x7_s2", "Convolution", "conv1/BiasAdd", 0.034), {Name: "conv1/relu_7x7", Kind: "ReLU", Verdict: parity.Covered, CoveredBy: "pool1/3x3_s2"}, throughSketch()}},
	"diverged":     {Verdict: parity.Diverged, Layers: diverged(), Findings: findings()},
	"images":       overImages(),
	"versions":     versions(),
	"strangers":    strangersResult(),
	"incomparable": {Verdict: parity.Incomparable, Layers: []parity.Layer{{Name: "prob", Kind: "?Mystery", Verdict: parity.Incomparable, Detail: "the operation, or one that it depends on, is not supported"}}},
}

// throughSketch is a layer of which the candidate has kept a sketch.
func throughSketch() parity.Layer {
	l := matched("pool1/3x3_s2", "MaxPool", "pool1/MaxPool", 0.01)
	l.Sketch = &parity.Sketch{Elements: 200704, Numbers: 1260, Element: 0.0031, Offset: 2.7e-05}
	return l
}

// versions are two versions of one network that were trained separately.
func versions() *parity.Result {
	var many []string
	for i := range 15 {
		many = append(many, fmt.Sprintf("inception_%d/1x1", i))
	}
	incomparable := matched("conv1", "Convolution", "Conv2d_1a/Conv2D", 0.03)
	incomparable.Verdict, incomparable.Detail, incomparable.Chained = parity.Incomparable, "the weights are other ones", nil
	inherited := matched("pool1", "MaxPool", "MaxPool_1a", 0)
	inherited.Verdict, inherited.Chained = parity.Inherited, nil
	texts := []string{"all 15 convolutions end in a bias in the reference, in batch normalisation in the candidate", "the candidate lacks 2 LRN layers"}
	return &parity.Result{Verdict: parity.Diverged, Layers: []parity.Layer{incomparable, inherited, {Name: "norm1", Kind: "LRN", Verdict: parity.Missing}},
		Structure: &parity.Structure{
			Verdict: parity.OtherStructure, Likeness: 0.94, Paired: 16,
			Reference: []parity.KindCount{{Kind: "convolution", Count: 15}, {Kind: "LRN layer", Count: 2}, {Kind: "max pool", Count: 1}},
			Candidate: []parity.KindCount{{Kind: "convolution", Count: 15}, {Kind: "max pool", Count: 1}},
			Differences: []parity.StructureDifference{
				{Cause: "structure.extra-layer", Reference: "a bias", Candidate: "batch normalisation", Layers: []parity.LayerPair{{Reference: "conv1", Candidate: "Conv2d_1a/Conv2D"}}, Text: texts[0]},
				{Cause: "structure.missing-layer", Layers: []parity.LayerPair{{Reference: "norm1"}, {Reference: "norm2", ReferenceValue: "5"}}, Text: texts[1]},
			},
			Weights: &parity.WeightsRelation{Unrelated: 15, Replaced: true},
		},
		Findings: []parity.Finding{
			{Layer: "norm1", Layers: []string{"norm1", "norm2"}, Cause: "structure.missing-layer", Severity: parity.Error, Explanation: texts[1], Fix: "add the operation"},
			{Layer: many[0], Layers: many, Candidate: "Conv2d_1a/Conv2D", Cause: "structure.extra-layer", Severity: parity.Note, Explanation: texts[0]},
		}}
}

// strangersResult is of two networks that have little in common.
func strangersResult() *parity.Result {
	return &parity.Result{Verdict: parity.Diverged, Layers: []parity.Layer{{Name: "conv1", Kind: "Convolution", Verdict: parity.Missing}},
		Structure: &parity.Structure{Verdict: parity.OtherNetwork, Likeness: 0.2, Reference: []parity.KindCount{{Kind: "convolution", Count: 1}},
			Candidate: []parity.KindCount{{Kind: "fully connected layer", Count: 3}}, Differences: []parity.StructureDifference{}, Weights: &parity.WeightsRelation{}},
		Findings: []parity.Finding{{Cause: "structure.network", Severity: parity.Error, Explanation: "these are different networks"}}}
}

func matched(name, kind, candidate string, ratio parity.Number) parity.Layer {
	d := &parity.Difference{Ratio: ratio, MaxAbs: ratio / 1e6, RMS: ratio / 1e7, Index: []int{0, 1, 2, 3}, ReferenceValue: 1.5, CandidateValue: 1.5 + ratio/1e6, Bound: 1e-6}
	return parity.Layer{Name: name, Kind: kind, Candidate: candidate, PairedBy: "weights", Why: "the 9408 weights are identical to those of " + candidate, Verdict: parity.Match, Isolated: d, Chained: d}
}

// overImages is a comparison over three images, of which two show a fault.
func overImages() *parity.Result {
	right, wrong, after := matched("data", "Input", "input", 0), matched("conv2/3x3", "Convolution", "conv2/BiasAdd", 812), matched("prob", "Softmax", "prob", 0.5)
	wrong.Verdict, after.Verdict = parity.Introduced, parity.Inherited
	right.Images = &parity.LayerImages{}
	wrong.Images = &parity.LayerImages{Introduced: 2, Worst: "birds/albatross.jpg", WorstChained: "birds/albatross.jpg"}
	after.Images = &parity.LayerImages{Inherited: 2, Worst: "cat.jpg", WorstChained: "cat.jpg"}
	found := parity.Finding{Layer: "conv2/3x3", Cause: "weights.different", Severity: parity.Error, Explanation: "the weights are others", Image: "birds/albatross.jpg", Images: 2}
	r := &parity.Result{Verdict: parity.Diverged, Layers: []parity.Layer{right, wrong, after}, Findings: []parity.Finding{found}}
	for i, name := range []string{"birds/albatross.jpg", "cat.jpg", "grey.jpg"} {
		v := []parity.Verdict{parity.Diverged, parity.Diverged, parity.Parity}[i]
		r.Images = append(r.Images, parity.Image{Name: name, SHA256: strings.Repeat("0b", 32), Verdict: v, WorstRatio: 812, WorstLayer: "conv2/3x3"})
	}
	r.Summary.Images, r.Summary.ImagesDiffering = 3, 2
	return r
}

func diverged() []parity.Layer {
	wrong := matched("inception_3a/relu_5x5_reduce_with_a_long_name", "Convolution", "mixed_3a/branch_5x5/reduce/a/very/long/scope/BiasAdd", 131072)
	wrong.Verdict = parity.Introduced
	nan := matched("nan", "ReLU", "nan", parity.Number(math.NaN()))
	nan.Verdict = parity.Introduced
	inf := matched("inf", "ReLU", "inf", parity.Number(math.Inf(1)))
	inf.Verdict = parity.Introduced
	inherited := matched("prob", "Softmax", "prob", 1e-12)
	inherited.Verdict = parity.Inherited
	shape := parity.Layer{Name: "pool", Kind: "MaxPool", Candidate: "pool", PairedBy: "name", Verdict: parity.Incomparable, Detail: "the reference has shape 1x2x3x4, the candidate 1x2x4x4"}
	return []parity.Layer{wrong, nan, inf, inherited, shape, {Name: "lost", Kind: "LRN", Verdict: parity.Missing}}
}

func findings() []parity.Finding {
	return []parity.Finding{
		{Layer: "conv1/7x7_s2", Candidate: "conv1/BiasAdd", Cause: "conv.padding", Severity: parity.Error,
			Parameters:  map[string]string{"reference": "top 3", "candidate": "SAME"},
			Evidence:    &parity.Evidence{RatioBefore: 131072, RatioAfter: 0.04},
			Explanation: "the reference pads its input by top 3, the candidate by SAME", Fix: "pad explicitly before conv1/Conv2D",
			Indistinguishable: []string{"pool.padding"}, NarrowedTo: []string{"a", "b"}},
		{Cause: "recording.incomplete", Severity: parity.Note, Explanation: "2 recorded tensor(s) of the candidate have names that its model does not know"},
	}
}

func init() {
	for _, r := range scenarios {
		r.Schema = parity.Schema
		r.Reference = parity.Side{Side: "caffe", Framework: "caffe", Producer: "Caffe 1.0.0", Source: "recorded",
			Files: []parity.File{{Path: "deploy.prototxt", SHA256: strings.Repeat("0a", 32)}}}
		r.Candidate = parity.Side{Side: "tf", Framework: "tensorflow", Producer: "parity float32", Source: "native", Preparation: "fed the input of caffe", Files: []parity.File{}}
		r.Environment = parity.Environment{Version: "v1", CPU: "amd64 avx2", Threads: 2, Go: "go1.26"}
		if r.Findings == nil {
			r.Findings = []parity.Finding{}
		}
		r.Causes = []parity.Cause{{ID: "conv.padding", Title: "padding", Symptom: "errors at the border", Why: "SAME & <others>"}}
		for _, l := range r.Layers {
			r.Summary.Add(l)
		}
	}
}

func render(t *testing.T, format string, r *parity.Result, o Options) string {
	t.Helper()
	f, err := ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// goldens are the forms of every scenario that lie in testdata.
var goldens = map[string]struct {
	format string
	Options
}{
	"txt":       {"terminal", Options{}},
	"80.txt":    {"terminal", Options{Width: 80}},
	"color.txt": {"terminal", Options{Color: true}},
	"quiet.txt": {"terminal", Options{Quiet: true}},
	"md":        {"markdown", Options{}},
	"quiet.md":  {"markdown", Options{Quiet: true}},
	"xml":       {"junit", Options{}},
	"sarif":     {"sarif", Options{}},
}

func TestGolden(t *testing.T) {
	for name, r := range scenarios {
		for file, as := range goldens {
			checkGolden(t, name+"."+file, render(t, as.format, r, as.Options))
		}
	}
}

// checkGolden holds what was written against a file of testdata, or with -update makes it that file.
func checkGolden(t *testing.T, file, got string) {
	t.Helper()
	golden := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test ./reports -update rewrites it):\n%s", golden, diff)
	}
}

func TestTerminalFitsItsWidth(t *testing.T) {
	for name, r := range scenarios {
		for _, width := range []int{80, 100, 200} {
			for _, line := range strings.Split(render(t, "terminal", r, Options{Width: width}), "\n") {
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%s: %d columns in a width of %d: %s", name, n, width, line)
				}
			}
		}
	}
}

// sameNumbers makes NaN equal to NaN.
var sameNumbers = cmp.Comparer(func(a, b parity.Number) bool { return a == b || a != a && b != b })

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("result.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJSONFollowsTheSchema(t *testing.T) {
	s := schema(t)
	for name, r := range scenarios {
		for _, o := range []Options{{}, {Quiet: true}} {
			text := render(t, "json", r, o)
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(value); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			var back parity.Result
			if err := json.Unmarshal([]byte(text), &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r, &back, sameNumbers, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s does not survive its JSON form:\n%s", name, diff)
			}
		}
	}
}

// The schema must notice what it is there for.
func TestSchemaRefuses(t *testing.T) {
	s := schema(t)
	for name, change := range map[string]func(m map[string]any){
		"an unknown likeness": func(m map[string]any) { m["structure"] = map[string]any{"verdict": "alike"} },
		"another version":     func(m map[string]any) { m["schema"] = "parity.result/2" },
		"an unknown field":    func(m map[string]any) { m["extra"] = 1 },
		"a missing field":     func(m map[string]any) { delete(m, "summary") },
		"an unknown word":     func(m map[string]any) { m["verdict"] = "equal" },
		"a ratio in words":    func(m map[string]any) { m["summary"].(map[string]any)["worst_ratio"] = "big" },
		"a negative count":    func(m map[string]any) { m["summary"].(map[string]any)["match"] = -1 },
		"no image of many":    func(m map[string]any) { m["images"] = []any{} },
		"a row without name":  func(m map[string]any) { delete(m["layers"].([]any)[0].(map[string]any), "name") },
	} {
		var m map[string]any
		if err := json.Unmarshal([]byte(render(t, "json", scenarios["diverged"], Options{})), &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		if s.Validate(m) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := ByName("pdf"); err == nil || !strings.Contains(err.Error(), "terminal, json") {
		t.Errorf("got %v", err)
	}
}
