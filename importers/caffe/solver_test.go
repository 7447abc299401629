package caffe_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/train/optim"
	"parity/googlenet/train/schedule"
	"parity/importers/caffe"
)

func parseSolver(t *testing.T, text string) *caffe.Solver {
	t.Helper()
	s, err := caffe.ParseSolver("dir/solver.prototxt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSolverDefaults(t *testing.T) {
	s := parseSolver(t, `net: "n" lr_policy: "fixed"`)
	want := &caffe.Solver{
		File: "dir/solver.prototxt", Type: "SGD", Momentum2: 0.999, Delta: 1e-8, RMSDecay: 0.99, LRPolicy: "fixed", IterSize: 1, ClipGradients: -1,
		RegularizationType: "L2", AverageLoss: 1, TestInitialization: true, SnapshotPrefix: "dir/solver", SnapshotFormat: "BINARYPROTO",
		SnapshotAfterTrain: true, SolverMode: "GPU", RandomSeed: -1, LayerWiseReduce: true, Settings: s.Settings,
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

func TestSolverFields(t *testing.T) {
	s := parseSolver(t, `train_net: "a" test_net: "b" test_iter: 3 test_interval: 4 test_compute_loss: true test_initialization: false
base_lr: 0.5 display: 7 average_loss: 2 max_iter: 8 iter_size: 9 lr_policy: "multistep" gamma: 0.25 power: 1.5 momentum: 0.75 weight_decay: 0.125
regularization_type: "L1" stepsize: 11 stepvalue: 5 stepvalue: 6 clip_gradients: 13 snapshot: 14 snapshot_prefix: "p/q" snapshot_diff: true
snapshot_format: HDF5 solver_mode: CPU device_id: 15 random_seed: 9223372036854775807 solver_type: NESTEROV delta: 0.0625 momentum2: 0.5 rms_decay: 0.375
debug_info: true snapshot_after_train: false layer_wise_reduce: false weights: "x, y" weights: "z"`)
	want := &caffe.Solver{
		File: "dir/solver.prototxt", Type: "Nesterov", Momentum: 0.75, Momentum2: 0.5, Delta: 0.0625, RMSDecay: 0.375,
		LRPolicy: "multistep", BaseLR: 0.5, Gamma: 0.25, Power: 1.5, StepSize: 11, StepValues: []int{5, 6}, MaxIter: 8,
		IterSize: 9, ClipGradients: 13, WeightDecay: 0.125, RegularizationType: "L1", Display: 7, AverageLoss: 2,
		TestIter: []int{3}, TestInterval: 4, TestComputeLoss: true, Snapshot: 14, SnapshotPrefix: "p/q", SnapshotFormat: "HDF5", SnapshotDiff: true,
		SolverMode: "CPU", DeviceID: 15, RandomSeed: 1<<63 - 1, DebugInfo: true, Weights: []string{"x", "y", "z"}, Settings: s.Settings,
		Notes: []string{
			"dir/solver.prototxt:2:101: Caffe ignores power with multistep", "dir/solver.prototxt:3:27: Caffe ignores stepsize with multistep",
			"dir/solver.prototxt:4:123: Caffe ignores momentum2 with Nesterov", "dir/solver.prototxt:4:109: Caffe ignores delta with Nesterov",
			"dir/solver.prototxt:4:138: Caffe ignores rms_decay with Nesterov",
		},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

// TestMethod checks every policy and optimiser, with settings rounded as Caffe holds them.
func TestMethod(t *testing.T) {
	const rate = float64(float32(0.1))
	sgd := optim.SGD{Momentum: float64(float32(0.9))}
	for _, c := range []struct {
		text string
		want optim.Method
	}{
		{`lr_policy: "fixed" momentum: 0.9`, optim.Method{Schedule: schedule.Fixed{Base: rate}, Optimizer: sgd}},
		{`lr_policy: "step" gamma: 0.5 stepsize: 3`, optim.Method{Schedule: schedule.Step{Base: rate, Gamma: 0.5, Every: 3}, Optimizer: optim.SGD{}}},
		{`lr_policy: "exp" gamma: 0.5`, optim.Method{Schedule: schedule.Exp{Base: rate, Gamma: 0.5}, Optimizer: optim.SGD{}}},
		{`lr_policy: "inv" gamma: 0.5 power: 2`, optim.Method{Schedule: schedule.Inv{Base: rate, Gamma: 0.5, Power: 2}, Optimizer: optim.SGD{}}},
		{`lr_policy: "multistep" gamma: 0.5 stepvalue: 1 stepvalue: 4`, optim.Method{Schedule: schedule.MultiStep{Base: rate, Gamma: 0.5, At: []int{1, 4}}, Optimizer: optim.SGD{}}},
		{`lr_policy: "poly" power: 2 max_iter: 9`, optim.Method{Schedule: schedule.Poly{Base: rate, Power: 2, Iterations: 9}, Optimizer: optim.SGD{}}},
		{`lr_policy: "sigmoid" gamma: 0.5 stepsize: 3`, optim.Method{Schedule: schedule.Sigmoid{Base: rate, Gamma: 0.5, Middle: 3}, Optimizer: optim.SGD{}}},
		{`lr_policy: "fixed" type: "Nesterov" momentum: 0.5`, optim.Method{Schedule: schedule.Fixed{Base: rate}, Optimizer: optim.Nesterov{Momentum: 0.5}}},
		{`lr_policy: "fixed" type: "AdaGrad" delta: 0.5`, optim.Method{Schedule: schedule.Fixed{Base: rate}, Optimizer: optim.AdaGrad{Delta: 0.5}}},
		{`lr_policy: "fixed" type: "RMSProp" delta: 0.5 rms_decay: 0.75`, optim.Method{Schedule: schedule.Fixed{Base: rate}, Optimizer: optim.RMSProp{Decay: 0.75, Delta: 0.5}}},
		{`lr_policy: "fixed" type: "AdaDelta" delta: 0.5 momentum: 0.75`, optim.Method{Schedule: schedule.Fixed{Base: rate}, Optimizer: optim.AdaDelta{Momentum: 0.75, Delta: 0.5}}},
		{`lr_policy: "fixed" solver_type: ADAM momentum: 0.5 momentum2: 0.75 delta: 0.25`, optim.Method{Schedule: schedule.Fixed{Base: rate}, Optimizer: optim.Adam{Beta1: 0.5, Beta2: 0.75, Delta: 0.25}}},
	} {
		s := parseSolver(t, `net: "n" base_lr: 0.1 iter_size: 4 clip_gradients: 0.5 weight_decay: 0.25 regularization_type: "L1" `+c.text)
		c.want.Accumulate, c.want.Clip, c.want.Decay, c.want.Penalty = 4, optim.ClipGlobalNorm{Most: 0.5}, 0.25, optim.L1
		got, err := s.Method()
		if err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(&c.want, got); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
		if len(s.Notes) != 0 {
			t.Errorf("%s: %v", c.text, s.Notes)
		}
	}
}

func TestSolverRefused(t *testing.T) {
	const fixed = `net: "n" lr_policy: "fixed" `
	for _, c := range []struct{ text, want string }{
		{`lr_policy: "fixed"`, "s:1:1: a solver needs a network: net, net_param, train_net or train_net_param"},
		{fixed + `train_net: "m"`, "s:1:29: a solver takes one network to train, found net and train_net"},
		{`net: "n"`, `s:1:1: unknown lr_policy ""; it is one of exp, fixed,`},
		{`net: "n" lr_policy: "polly"`, `s:1:10: unknown lr_policy "polly"; did you mean`},
		{`net: "n" lr_policy: "step"`, `lr_policy "step" needs a positive stepsize, found 0`},
		{`net: "n" lr_policy: "sigmoid" stepsize: -1`, `s:1:31: lr_policy "sigmoid" needs a positive stepsize, found -1`},
		{`net: "n" lr_policy: "exp" gamma: -0.5`, `s:1:27: gamma must not be negative, found -0.5`},
		{`net: "n" lr_policy: "poly"`, `lr_policy "poly" needs max_iter`},
		{fixed + `type: "sgd"`, `s:1:29: unknown solver type "sgd"; did you mean "SGD"?`},
		{fixed + `type: "SGD" solver_type: SGD`, "s:1:41: type and the older solver_type are both stated"},
		{fixed + `type: "AdaGrad" momentum: 0.5`, "s:1:45: momentum cannot be used with AdaGrad, found 0.5"},
		{fixed + `type: "RMSProp" momentum: 0.5`, "s:1:45: momentum cannot be used with RMSProp, found 0.5"},
		{fixed + `type: "RMSProp" rms_decay: 1`, "s:1:45: rms_decay lies between 0 and 1, found 1"},
		{fixed + `weight_decay: 1 regularization_type: "L3"`, `s:1:45: regularization_type is L1 or L2, found "L3"`},
		{fixed + `average_loss: 0`, "s:1:29: average_loss must be at least 1"},
		{fixed + `iter_size: 0`, "s:1:29: iter_size must be at least 1"},
		{fixed + `test_net: "t"`, "s:1:1: test_iter must be stated for each of the 1 test networks, found 0"},
		{`train_net: "n" lr_policy: "fixed" test_iter: 1 test_interval: 1`, "test_iter must be stated for each of the 0 test networks, found 1"},
		{fixed + `test_iter: 1`, "test_interval must be positive where there is a test network, found 0"},
		{fixed + `test_iter: 1 test_interval: 1 test_state {} test_state {}`, "test_state must be stated once for each of the 1 test networks or not at all, found 2"},
		{fixed + `moment: 1`, `SolverParameter has no field "moment"`},
	} {
		_, err := caffe.ParseSolver("s", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.text, err, c.want)
		}
	}
}

// TestSolverNets finds networks where the solver is, in the states that Caffe gives them.
func TestSolverNets(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"net.prototxt": `name: "file" state { level: 2 stage: "own" }` + input,
		"sub/t":        `name: "test" state { phase: TRAIN }` + input,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := caffe.ParseSolver(filepath.Join(dir, "solver.prototxt"), []byte(`net: "/elsewhere/net.prototxt" lr_policy: "fixed" test_net: "sub/t"
test_iter: 1 test_iter: 1 test_interval: 1 train_state { level: 3 stage: "more" } test_state {} test_state { stage: "last" }`))
	if err != nil {
		t.Fatal(err)
	}
	train, err := s.TrainNet()
	if err != nil {
		t.Fatal(err)
	}
	tests, err := s.TestNets()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range append([]*caffe.Net{train}, tests...) {
		var stages []string
		for _, f := range n.State.Fields {
			if f.Name == "stage" {
				stages = append(stages, f.String())
			}
		}
		got = append(got, strings.Join(append([]string{n.Name, n.State.Text("phase", ""), string(rune('0' + n.State.Int("level", 0)))}, stages...), " "))
	}
	if want := []string{"file TRAIN 3 own more", "test TRAIN 0", "file TEST 2 own last"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	inline := parseSolver(t, `train_net_param { name: "inline" } lr_policy: "fixed"`)
	if n, err := inline.TrainNet(); err != nil || n.Name != "inline" {
		t.Errorf("got %v, %v", n, err)
	}
	if _, err := parseSolver(t, `net: "nowhere" lr_policy: "fixed"`).TrainNet(); err == nil || !strings.Contains(err.Error(), "names the file nowhere, which is neither there nor in dir") {
		t.Errorf("got %v", err)
	}
}

// TestSnapshotPrefix names snapshots for the solver where the prefix is a folder.
func TestSnapshotPrefix(t *testing.T) {
	dir := t.TempDir()
	if s := parseSolver(t, `net: "n" lr_policy: "fixed" snapshot_prefix: "`+dir+`"`); s.SnapshotPrefix != filepath.Join(dir, "solver") {
		t.Errorf("got %s", s.SnapshotPrefix)
	}
}
