package cases

import (
	"math"
	"path/filepath"
	"reflect"
	"testing"

	"parity/googlenet/train/filler"
	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
)

const (
	solvers      = "../../../fixtures/caffe_cases/solver"
	optimizers   = "../../../fixtures/tensorflow_cases/optimizers"
	caffeDraws   = "../../../fixtures/caffe_cases/fillers"
	initializers = "../../../fixtures/tensorflow_cases/initializers"
)

// folders lists the cases in a folder.
func folders(t *testing.T, root string) []string {
	t.Helper()
	list, err := Find(root)
	if err != nil || len(list) == 0 {
		t.Fatalf("%s: %v, %v", root, list, err)
	}
	return list
}

// TestEverySettingOfASolverMatters changes every setting of every run of Caffe, one at a time: its updates must then be
// refused.
func TestEverySettingOfASolverMatters(t *testing.T) {
	for _, dir := range folders(t, solvers) {
		c, err := openCaffeSolver(dir)
		if err != nil {
			t.Fatal(err)
		}
		changed(t, filepath.Base(dir), c.method, func() bool {
			c.forward = &Check{}
			return c.checkUpdates() == nil && c.checkSnapshots() == nil && c.forward.Ratio.Within()
		})
	}
}

// TestEverySettingOfAnOptimizerMatters does so for those of TensorFlow, in either precision.
func TestEverySettingOfAnOptimizerMatters(t *testing.T) {
	for _, dir := range folders(t, optimizers) {
		c, err := openTensorFlowOptimizer(dir)
		if err != nil {
			t.Fatal(err)
		}
		c.threads = 1
		changed(t, filepath.Base(dir), c.method, func() bool {
			forward, backward := &Check{}, &Check{}
			err := checkSteps[float64](t.Context(), c, dir, "run64.npz", double, forward, backward)
			return err == nil && forward.Ratio.Within() && backward.Ratio.Within()
		})
	}
}

// rounding are changes that are within rounding, and why.
var rounding = map[string]string{
	"adam_wd: Adam.RunningPowers": "at 0.99 and in float32 products of powers are nearly the powers",
}

// changed runs a case with the method as it is, which must pass, and with each of its settings changed, which must not.
func changed(t *testing.T, name string, m *optim.Method, passes func() bool) {
	t.Helper()
	if !passes() {
		t.Errorf("%s: fails", name)
	}
	right := *m
	check := func(what string) {
		t.Helper()
		if passes() && rounding[name+": "+what] == "" {
			t.Errorf("%s: changed %s, and nothing fails", name, what)
		}
		*m = right
	}
	for _, x := range mutations(reflect.ValueOf(m.Optimizer), m.Optimizer.Name()) {
		m.Optimizer = x.value.Interface().(optim.Optimizer)
		check(x.what)
	}
	for _, x := range mutations(reflect.ValueOf(m.Schedule), m.Schedule.Name()) {
		m.Schedule = x.value.Interface().(schedule.Policy)
		check(x.what)
	}
	if m.Decay != 0 {
		m.Decay *= 1.01
		check("decay")
	}
	if right.Clip != nil {
		for _, x := range mutations(reflect.ValueOf(right.Clip).FieldByName("Most"), "clip") {
			m.Clip = optim.ClipGlobalNorm{Most: x.value.Float(), Always: true}
			check(x.what)
		}
	}
	if right.Average != nil {
		for _, x := range mutations(reflect.ValueOf(*right.Average), "average") {
			average := x.value.Interface().(optim.MovingAverage)
			m.Average = &average
			check(x.what)
		}
	}
}

// TestEverySettingOfAFillerMatters changes the settings of every filler that frameworks drew with.
func TestEverySettingOfAFillerMatters(t *testing.T) {
	fillers, err := readCaffeFillers(filepath.Join(caffeDraws, "stats.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*drawn
	for _, file := range []string{"stats.json", "stats_more.json"} {
		list, err := readInitializers(filepath.Join(initializers, file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
	}
	for _, d := range append(all, fillers...) {
		right := d.filler
		for _, x := range mutations(reflect.ValueOf(right), "") {
			d.filler = x.value.Interface().(filler.Filler)
			if g, ok := d.filler.(filler.Gaussian); ok && x.what == ".Sparse" {
				g.Sparse *= 2
				d.filler = g
			}
			if d.near(right) {
				continue
			}
			if check, err := compareDraws("stats.json", []*drawn{d}); err == nil && check.Ratio.Within() {
				t.Errorf("%s: changed from %+v to %+v, and nothing fails", d.name, right, d.filler)
			}
		}
		d.filler = right
	}
}

// near reports whether a law differs from another of the same kind by less than some standard errors of a tensor's moments.
func (d *drawn) near(other filler.Filler) bool {
	a, err := d.filler.Law(d.shape)
	b, _ := other.Law(d.shape)
	if err != nil || reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	limit := 8 * b.Std() / math.Sqrt(float64(d.shape.Len()))
	return math.Abs(a.Mean()-b.Mean()) <= limit && math.Abs(a.Std()-b.Std()) <= limit
}

// TestMissingTensors fails where a recording lacks a step.
func TestMissingTensors(t *testing.T) {
	dir := filepath.Join(optimizers, "quad_ftrl_l1")
	c, err := openTensorFlowOptimizer(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, steps := range []int{c.steps - 1, c.steps + 1} {
		c.steps = steps
		if err := checkSteps[float32](t.Context(), c, dir, "run.npz", single, &Check{}, &Check{}); err == nil {
			t.Errorf("%d steps: no error", steps)
		}
	}
}

func TestSettingsRefused(t *testing.T) {
	for _, text := range []string{
		`{"optimizer": "Adamax"}`, `{"optimizer": "Adam", "schedule": {"kind": "decay"}}`, `{"optimizer": "Adam", "ema": [1]}`,
		`{"optimizer": "Adam", "clip_by_value": [1]}`, `{"optimizer": "Adam", "schedule": {"kind": "piecewise_constant", "boundaries": [1], "values": [1]}}`,
	} {
		s, err := readSettings("case.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := s.method(); err == nil {
			t.Errorf("%s: got %+v", text, m)
		}
	}
}
