package caffe_test

import (
	"strings"
	"testing"

	"parity/googlenet/graph"
	"parity/importers/caffe"
)

const twoShared = input + `layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" PARAM1 inner_product_param { num_output: 4 bias_term: false } }
layer { name: "b" type: "InnerProduct" bottom: "x" top: "b" PARAM2 inner_product_param { num_output: 4 bias_term: false } }`

// TestMultipliers checks what layers state of their parameters, and of shared ones together.
func TestMultipliers(t *testing.T) {
	w := readBinary(t, weights("a", blob([]int{4, 216}, count(4*216, 0)...)))
	for _, c := range []struct {
		first, second string
		want          *graph.Multipliers
		refused       string
	}{
		{`param { name: "w" }`, `param { name: "w" }`, nil, ""},
		{`param { name: "w" lr_mult: 0.5 decay_mult: 0 }`, `param { name: "w" }`, &graph.Multipliers{LR: 0.5, Decay: 0}, ""},
		{`param { name: "w" lr_mult: 0.5 }`, `param { name: "w" lr_mult: 0.5 decay_mult: 2 }`, &graph.Multipliers{LR: 0.5, Decay: 2}, ""},
		{`param { name: "w" }`, `param { name: "w" lr_mult: 0 }`, &graph.Multipliers{LR: 0, Decay: 1}, ""},
		{`param { name: "w" lr_mult: 2 }`, `param { name: "w" lr_mult: 1 }`, nil, `shares the weights "w" with a[0], and states lr_mult 1 where 2 was stated before`},
		{`param { name: "w" decay_mult: 2 }`, `param { name: "w" decay_mult: 1 }`, nil, "states decay_mult 1 where 2 was stated before"},
	} {
		n := parse(t, strings.NewReplacer("PARAM1", c.first, "PARAM2", c.second).Replace(twoShared))
		g, err := caffe.Lower(n, w, caffe.Options{})
		if c.refused != "" {
			if err == nil || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%s: got %v, want %s", c.second, err, c.refused)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		a, b := g.Node("a").Params[0], g.Node("b").Params[0]
		if a != b || (a.Multipliers == nil) != (c.want == nil) || c.want != nil && *a.Multipliers != *c.want {
			t.Errorf("%s %s: got %+v, want %+v", c.first, c.second, a.Multipliers, c.want)
		}
	}
}
