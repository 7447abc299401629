package schedule

import (
	"math"
	"os"
	"strings"
	"testing"
)

// rates runs a policy from the start and returns the rate of each iteration.
func rates(p Policy, n int) []float64 {
	var list []float64
	step := 0
	for i := range n {
		step = p.Step(i, step)
		list = append(list, Rate[float64](p, i, step))
	}
	return list
}

func TestRates(t *testing.T) {
	for _, c := range []struct {
		policy Policy
		want   []float64
	}{
		{Fixed{Base: 0.5}, []float64{0.5, 0.5, 0.5}},
		{Step{Base: 8, Gamma: 0.5, Every: 2}, []float64{8, 8, 4, 4, 2}},
		{Exp{Base: 8, Gamma: 0.5}, []float64{8, 4, 2, 1}},
		{Inv{Base: 12, Gamma: 1, Power: 1}, []float64{12, 6, 4, 3}},
		{MultiStep{Base: 8, Gamma: 0.5, At: []int{1, 4}}, []float64{8, 4, 4, 4, 2, 2}},
		// One step an iteration, however many are due.
		{MultiStep{Base: 8, Gamma: 0.5, At: []int{1, 1, 0}}, []float64{8, 4, 2, 1, 1}},
		{Poly{Base: 3, Power: 1, Iterations: 3}, []float64{3, 2, 1, 0}},
		{Sigmoid{Base: 2, Gamma: math.Ln2, Middle: 1}, []float64{2. / 3, 1, 4. / 3}},
	} {
		for i, got := range rates(c.policy, len(c.want)) {
			if math.Abs(got-c.want[i]) > 1e-14 {
				t.Errorf("%T %v: iteration %d: got %g, want %g", c.policy, c.policy.Attributes(), i, got, c.want[i])
			}
		}
	}
}

// TestPolicies checks the registry: a file for each, settings to read, and float32 that is float64 rounded, nearly.
func TestPolicies(t *testing.T) {
	names := map[string]bool{}
	for _, p := range Policies {
		if names[p.Name()] {
			t.Errorf("two policies are called %s", p.Name())
		}
		names[p.Name()] = true
		if _, err := os.Stat(p.Name() + ".go"); err != nil {
			t.Error(err)
		}
		for _, a := range p.Attributes() {
			if a.Value == "" || a.Value == "0" {
				t.Errorf("%s: the example has no %s", p.Name(), a.Name)
			}
		}
		for i, r := range rates(p, 9) {
			step := 0
			for j := range i + 1 {
				step = p.Step(j, step)
			}
			if single := float64(Rate[float32](p, i, step)); math.Abs(single-r) > 1e-6*r {
				t.Errorf("%s: iteration %d: %g in float32, %g in float64", p.Name(), i, single, r)
			}
		}
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".go")
		if name != "schedule" && !strings.HasSuffix(name, "_test") && !names[name] {
			t.Errorf("%s is not registered", name)
		}
	}
}
