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
		{CosineDecay{Base: 8, Steps: 4, Alpha: 0.5}, []float64{8, 4 + 4*(2+math.Sqrt2)/4, 6, 4 + 4*(2-math.Sqrt2)/4, 4, 4}},
		{CosineDecayRestarts{Base: 8, Steps: 2, Longer: 1, Lower: 0.5}, []float64{8, 4, 4, 2, 2, 1}},
		{CosineDecayRestarts{Base: 8, Steps: 2, Longer: 2, Lower: 1}, []float64{8, 4, 8, 4 * (1 + math.Sqrt2/2), 4, 4 * (1 - math.Sqrt2/2), 8}},
		{ExponentialDecay{Base: 8, Steps: 2, Factor: 0.25}, []float64{8, 4, 2, 1}},
		{ExponentialDecay{Base: 8, Steps: 2, Factor: 0.25, Staircase: true}, []float64{8, 8, 2, 2, 0.5}},
		{InverseTimeDecay{Base: 12, Steps: 2, Factor: 2}, []float64{12, 6, 4, 3}},
		{InverseTimeDecay{Base: 12, Steps: 2, Factor: 2, Staircase: true}, []float64{12, 12, 4, 4}},
		{LinearCosineDecay{Base: 8, Steps: 4, Periods: 0.5, Alpha: 0.5, Beta: 0.25}, []float64{14, 8 * (1.25*(2+math.Sqrt2)/4 + 0.25), 6, 8 * (0.75*(2-math.Sqrt2)/4 + 0.25), 2, 2}},
		{NaturalExpDecay{Base: 8, Steps: 1, Factor: math.Ln2}, []float64{8, 4, 2, 1}},
		{NaturalExpDecay{Base: 8, Steps: 2, Factor: math.Ln2, Staircase: true}, []float64{8, 8, 4, 4}},
		{PiecewiseConstant{At: []int{1, 2}, Values: []float64{8, 4, 2}}, []float64{8, 8, 4, 2, 2}},
		{PolynomialDecay{Base: 9, Steps: 4, End: 1, Power: 2}, []float64{9, 5.5, 3, 1.5, 1, 1}},
		{PolynomialDecay{Base: 9, Steps: 2, End: 1, Power: 1, Cycle: true}, []float64{9, 5, 1, 3, 1, 1 + 8./6}},
		{Sigmoid{Base: 2, Gamma: math.Ln2, Middle: 1}, []float64{2. / 3, 1, 4. / 3}},
	} {
		for i, got := range rates(c.policy, len(c.want)) {
			limit := 1e-14
			if strings.Contains(c.policy.Name(), "_") { // computed in float32
				limit = 1e-6
			}
			if math.Abs(got-c.want[i]) > limit {
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
