package selftest

import (
	"runtime"
	"strings"
	"testing"

	"parity/parity/cause"
)

// Every cause breaks networks in its own ways, and exactly it must be found. A sample of the sweep behind the confusion table.
func TestBrokenNetworksAreExplained(t *testing.T) {
	cases, err := Cases(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	every := sampled
	if testing.Short() {
		every = 4 * sampled
	}
	var sample []Case
	for i, c := range cases {
		if i%every == 0 {
			sample = append(sample, c)
		}
	}
	var kinds []Evidence
	for _, e := range Kinds {
		if e.Name == "all" || e.Name == "output" || e.Name == "dump" {
			kinds = append(kinds, e)
		}
	}
	outcomes, err := Sweep(t.Context(), sample, kinds, runtime.GOMAXPROCS(0))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if !o.Named() && o.Why() == "" {
			t.Errorf("%s, %s: got %q, tied with %v", o.Case.Name(), o.Evidence, o.Found, o.Tied)
		}
	}
}

// sampled is one in how many cases the test runs, in its long form.
const sampled = 6

// Nothing is found in networks that nobody has broken.
func TestWholeNetworksAreParity(t *testing.T) {
	for _, n := range networks() {
		s, err := newSubject(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range Kinds {
			o, err := Run(t.Context(), Case{Network: n.name, net: s}, e)
			if err != nil {
				t.Fatal(err)
			}
			if o.Result.Verdict != "parity" {
				t.Errorf("%s, %s: %s, %+v", n.name, e.Name, o.Result.Verdict, o.Result.Findings)
			}
		}
	}
}

// Every cause breaks some network, and every tie names two of them.
func TestEveryCauseBreaks(t *testing.T) {
	cases, err := Cases(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string]bool{}
	for _, c := range cases {
		broken[c.Cause] = true
	}
	for _, c := range cause.Catalogue {
		if !broken[c.ID] && unbroken[c.ID] == "" {
			t.Errorf("%s breaks no network: give it a Break", c.ID)
		}
	}
	for i, tie := range cause.Ties {
		if cause.ByID(tie.A) == nil || cause.ByID(tie.B) == nil || tie.A >= tie.B || tie.Why == "" || tie.Apart == "" {
			t.Errorf("tie %d: %+v", i, tie)
		}
		if i > 0 && strings.Compare(cause.Ties[i-1].A+" "+cause.Ties[i-1].B, tie.A+" "+tie.B) >= 0 {
			t.Errorf("tie %d is not in order", i)
		}
	}
}

// unbroken are the causes that are no faults of a port in this sense, and where they are tested.
var unbroken = map[string]string{
	"init.distribution":    "first weights are compared by themselves: parity/compare/initializers_test.go",
	"structure.equivalent": "a note: parity/compare/equivalent_test.go",
	"structure.network":    "two other networks: parity/compare/networks_test.go",
	"numerics.flush":       "a note: parity/compare/arithmetic_test.go",
}
