package reports

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"parity/parity"
)

// testdata/sarif-schema-2.1.0.json is the schema that OASIS publishes with the standard (errata 01), without its white space.
func TestSARIFFollowsTheSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range scenarios {
		log, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, "sarif", r, Options{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		log.(map[string]any)["runs"].([]any)[0].(map[string]any)["finding"] = 1
		if schema.Validate(log) == nil {
			t.Errorf("%s: an unknown field passes", name)
		}
	}
}

// Every difference is a result: a log without one is green.
func TestSARIFResults(t *testing.T) {
	for name, r := range scenarios {
		list, rules, errors := sarifResults(r), sarifRules(r), 0
		for i, f := range sarifFindings(r) {
			if got := list[i]; rules[got.RuleIndex].ID != f.Cause || got.RuleID != f.Cause {
				t.Errorf("%s: result %d is %s of rule %s", name, i, got.RuleID, rules[got.RuleIndex].ID)
			}
			if f.Severity == parity.Error {
				errors++
			}
		}
		if (errors == 0) != (r.Verdict == parity.Parity) {
			t.Errorf("%s: %d errors for %s", name, errors, r.Verdict)
		}
	}
}

func TestURI(t *testing.T) {
	for path, want := range map[string]string{"a/b.pb": "a/b.pb", `a\b c.pb`: "a/b%20c.pb", "né#1?.pb": "n%C3%A9%231%3F.pb"} {
		if got := uri(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
