package caffe_test

import (
	"strings"
	"testing"

	"parity/importers/caffe"
)

// TestRules runs Caffe's own examples of include and exclude rules (docs of NetStateRule) against states.
func TestRules(t *testing.T) {
	train := caffe.Options{Phase: caffe.Train}
	for _, row := range []struct {
		rules string
		o     caffe.Options
		want  bool
	}{
		{"", caffe.Options{}, true},
		{"include { phase: TEST }", caffe.Options{}, true},
		{"include { phase: TRAIN }", caffe.Options{}, false},
		{"include { phase: TRAIN }", train, true},
		{"include { phase: 0 }", train, true},
		{"exclude { phase: TEST }", caffe.Options{}, false},
		{"exclude { phase: TEST }", train, true},
		{"exclude { phase: TRAIN } exclude { phase: TEST }", train, false},
		{"include { phase: TRAIN } include { phase: TEST }", caffe.Options{}, true},
		{"include { }", caffe.Options{}, true},
		{"exclude { }", caffe.Options{}, false},
		{"include { min_level: 1 }", caffe.Options{}, false},
		{"include { min_level: 1 }", caffe.Options{Level: 1}, true},
		{"include { max_level: 1 }", caffe.Options{Level: 2}, false},
		{"include { min_level: -1 max_level: 1 }", caffe.Options{}, true},
		{`include { stage: "a" }`, caffe.Options{}, false},
		{`include { stage: "a" }`, caffe.Options{Stages: []string{"b", "a"}}, true},
		{`include { stage: "a" stage: "b" }`, caffe.Options{Stages: []string{"a"}}, false},
		{`include { not_stage: "a" }`, caffe.Options{}, true},
		{`include { not_stage: "a" }`, caffe.Options{Stages: []string{"a"}}, false},
		{`exclude { stage: "a" not_stage: "b" }`, caffe.Options{Stages: []string{"a", "b"}}, true},
		{`include { phase: TEST stage: "a" }`, caffe.Options{Phase: caffe.Train, Stages: []string{"a"}}, false},
	} {
		n := parse(t, input+`layer { name: "r" type: "ReLU" bottom: "x" top: "y" `+row.rules+` }`)
		g, err := caffe.Lower(n, nil, row.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Node("r") != nil; got != row.want {
			t.Errorf("%q in %+v: got %v, want %v", row.rules, row.o, got, row.want)
		}
	}
}

// TestStateOfFile checks that a file can choose its own phase and stages.
func TestStateOfFile(t *testing.T) {
	g := lower(t, `state { phase: TRAIN level: 2 stage: "deep" }`+input+
		`layer { name: "r" type: "ReLU" bottom: "x" top: "y" include { phase: TRAIN min_level: 2 stage: "deep" } }`)
	if g.Node("r") == nil {
		t.Error("the layer is left out")
	}
}

func TestRuleErrors(t *testing.T) {
	got := refused(t, input+`layer { name: "r" type: "ReLU" bottom: "x" top: "y" include { phase: TEST } exclude { stage: "a" } }`, nil)
	if want := "has include and exclude rules"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	got = refused(t, `layer { name: "d" type: "Data" top: "x" include { phase: TRAIN } } layer { name: "r" type: "ReLU" bottom: "x" top: "y" }`, nil)
	want := `net.prototxt:1:68: layer "r" (ReLU): reads the blob "x", which no layer before it writes; ` +
		`the layer "d" does, but its include or exclude rules leave it out in phase TEST`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
