package cases

import (
	"path/filepath"
	"testing"
)

const traces = "../../../fixtures/metric_cases/steps"

// TestEverySettingOfATraceMatters changes the settings of every recorded training run, one at a time, by little: the run must then be refused.
func TestEverySettingOfATraceMatters(t *testing.T) {
	for _, dir := range folders(t, traces) {
		passes := func(change func(s *stepsSettings)) bool {
			s, err := readStepsSettings(filepath.Join(dir, "case.json"))
			if err != nil {
				t.Fatal(err)
			}
			change(s)
			c, err := openStepsAs(dir, s)
			if err != nil {
				t.Fatal(err)
			}
			c.threads = 2
			r, err := c.check(t.Context(), dir, Options{})
			return err == nil && r.compared() && r.within()
		}
		if !passes(func(*stepsSettings) {}) {
			t.Errorf("%s fails", dir)
		}
		for name, change := range map[string]func(s *stepsSettings){
			"rate": func(s *stepsSettings) { s.LR *= 1.0001 }, "heated rate": func(s *stepsSettings) { s.Heated *= 1.0001 },
			"momentum": func(s *stepsSettings) { s.Momentum += 1e-4 }, "epsilon": func(s *stepsSettings) { s.Adam = words("epsilon 0.020002") },
			"alpha": func(s *stepsSettings) { s.Alpha[0] *= 1.0001 }, "heated alpha": func(s *stepsSettings) { s.Alpha[1] *= 1.0001 },
			"heated later": func(s *stepsSettings) { s.HeatStep++ }, "the other momentum": otherMomentum,
		} {
			s, _ := readStepsSettings(filepath.Join(dir, "case.json"))
			if unused[s.Optimizer == "tf-adam"][name] {
				continue
			}
			if passes(change) {
				t.Errorf("%s: changed %s, and nothing fails", filepath.Base(dir), name)
			}
		}
	}
}

// unused are the settings that Adam does not read, and those that the others do not.
var unused = map[bool]map[string]bool{true: {"momentum": true, "the other momentum": true}, false: {"epsilon": true}}

func words(s string) *string { return &s }

func otherMomentum(s *stepsSettings) {
	s.Optimizer = map[string]string{"tf-momentum": "caffe-momentum", "caffe-momentum": "tf-momentum"}[s.Optimizer]
}

func TestTracesRefused(t *testing.T) {
	dir := filepath.Join(traces, "ln_adam")
	for name, change := range map[string]func(s *stepsSettings){
		"net": func(s *stepsSettings) { s.Net = "two layers" }, "variant": func(s *stepsSettings) { s.Variant = "an" },
		"optimizer": func(s *stepsSettings) { s.Optimizer = "sgd" }, "steps": func(s *stepsSettings) { s.Steps++ },
		"epsilon": func(s *stepsSettings) { s.Adam = words("epsilon 1e") },
	} {
		s, err := readStepsSettings(filepath.Join(dir, "case.json"))
		if err != nil {
			t.Fatal(err)
		}
		change(s)
		if _, err := openStepsAs(dir, s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
