package caffe_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReread checks which values Caffe's backward pass no longer finds in memory.
func TestReread(t *testing.T) {
	const begin = input + `layer { name: "s" type: "Tile" bottom: "x" top: "c" tile_param { tiles: 2 } } `
	inPlace := func(name, settings string) string {
		return `layer { name: "` + name + `" bottom: "c" top: "c" ` + settings + ` } `
	}
	relu, drop := inPlace("relu", `type: "ReLU"`), inPlace("drop", `type: "Dropout"`)
	training := drop + `state { phase: TRAIN } `
	for _, row := range []struct {
		what, layers, node string
		want               map[string]string
	}{
		{"what ReLU needs it leaves", relu, "relu", nil},
		{"dropping takes nothing that has a gradient", relu + training, "relu", nil},
		{"a falling slope turns the side", inPlace("r", `type: "ReLU" relu_param { negative_slope: -1 }`), "r", map[string]string{"c": "c@r"}},
		{"a shift in place takes the side away", relu + inPlace("p", `type: "Power" power_param { shift: 1 }`), "relu", map[string]string{"c": "c@p"}},
		{"clip reads its own output", inPlace("clip", `type: "Clip" clip_param { min: 0 max: 1 }`), "clip", map[string]string{"c": "c@clip"}},
		{"sigmoid reads its output", inPlace("a", `type: "Sigmoid"`), "a", nil},
		{"sigmoid reads what ReLU leaves", inPlace("a", `type: "Sigmoid"`) + relu, "a", map[string]string{"c@a": "c@relu"}},
		{"an inactive dropout leaves all", inPlace("a", `type: "Sigmoid"`) + drop, "a", nil},
		{"an active one does not", inPlace("a", `type: "Sigmoid"`) + training, "a", map[string]string{"c@a": "c@drop"}},
		{"ELU reads a side and a number", inPlace("e", `type: "ELU"`) + relu, "e", map[string]string{"c@e": "c@relu"}},
		{"a power reads both", inPlace("p", `type: "Power" power_param { power: 3 }`) + relu, "p", map[string]string{"c": "c@relu", "c@p": "c@relu"}},
		{"a square reads its input", inPlace("p", `type: "Power" power_param { power: 2 }`), "p", map[string]string{"c": "c@p"}},
		{"a factor reads neither", inPlace("p", `type: "Power" power_param { scale: 2 }`), "p", nil},
	} {
		t.Run(row.what, func(t *testing.T) {
			n := lower(t, begin+row.layers).Node(row.node)
			if diff := cmp.Diff(row.want, n.Reread); diff != "" || len(n.Notes) != len(row.want) {
				t.Errorf("%s, notes %q", diff, n.Notes)
			}
		})
	}
}

// TestDropoutInTraining checks that the mask is an input of the graph, and that a layer's own phase counts.
func TestDropoutInTraining(t *testing.T) {
	const layers = input + `layer { name: "d" type: "Dropout" bottom: "x" top: "x" } layer { name: "t" type: "Dropout" phase: TEST bottom: "x" top: "y" }
state { phase: TRAIN }`
	want := `input x [-1 3 8 9]
input d:mask [-1 3 8 9]
d: Dropout(x d:mask) ratio=0.5 active=true -> x@d
t: Dropout(x@d) ratio=0.5 -> y
outputs y
`
	if diff := cmp.Diff(want, outline(lower(t, layers))); diff != "" {
		t.Error(diff)
	}
}
