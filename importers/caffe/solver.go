package caffe

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parity/importers/source"
	"parity/importers/text"
)

// Solver is a solver's file with Caffe's defaults filled in: its SolverParameter.
type Solver struct {
	File string

	// Type is the optimiser: SGD, Nesterov, AdaGrad, RMSProp, AdaDelta or Adam.
	Type                       string
	Momentum, Momentum2, Delta float32
	RMSDecay                   float32

	// LRPolicy is how the learning rate changes: fixed, step, exp, inv, multistep, poly or sigmoid.
	LRPolicy             string
	BaseLR, Gamma, Power float32
	StepSize             int
	StepValues           []int
	MaxIter              int

	IterSize           int     // batches in an iteration
	ClipGradients      float32 // negative for none
	WeightDecay        float32
	RegularizationType string // L1 or L2

	Display, AverageLoss                int
	TestIter                            []int // batches in a test, for each test network
	TestInterval                        int
	TestComputeLoss, TestInitialization bool

	Snapshot           int
	SnapshotPrefix     string
	SnapshotFormat     string // BINARYPROTO or HDF5
	SnapshotDiff       bool
	SnapshotAfterTrain bool

	SolverMode      string // CPU or GPU
	DeviceID        int
	RandomSeed      int64 // negative for one that is drawn
	DebugInfo       bool
	LayerWiseReduce bool
	Weights         []string // files to start from

	// Settings is the file's message, in which the networks and their states stand.
	Settings *Message
	// Notes are things that Caffe does silently.
	Notes []string
}

// ReadSolver reads a solver's .prototxt. The networks are read on demand.
func ReadSolver(path string) (*Solver, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseSolver(path, data)
}

// ParseSolver reads a solver in text; file is what errors call it, and where networks are looked for.
func ParseSolver(file string, data []byte) (*Solver, error) {
	t, err := text.Parse(file, data)
	if err != nil {
		return nil, err
	}
	m, err := readText("SolverParameter", t)
	if err != nil {
		return nil, err
	}
	s := newSolver(m)
	if err := s.check(); err != nil {
		return nil, err
	}
	s.noteIgnored()
	return s, nil
}

// solverTypes names the optimisers that older files give as an enum.
var solverTypes = map[string]string{
	"SGD": "SGD", "NESTEROV": "Nesterov", "ADAGRAD": "AdaGrad", "RMSPROP": "RMSProp", "ADADELTA": "AdaDelta", "ADAM": "Adam",
}

func newSolver(m *Message) *Solver {
	s := &Solver{
		File: m.File, Settings: m,
		Type:     m.Text("type", solverTypes[m.Text("solver_type", "SGD")]),
		Momentum: m.Float("momentum", 0), Momentum2: m.Float("momentum2", 0.999), Delta: m.Float("delta", 1e-8), RMSDecay: m.Float("rms_decay", 0.99),
		LRPolicy: m.Text("lr_policy", ""), BaseLR: m.Float("base_lr", 0), Gamma: m.Float("gamma", 0), Power: m.Float("power", 0),
		StepSize: m.Int("stepsize", 0), StepValues: m.Ints("stepvalue"), MaxIter: m.Int("max_iter", 0),
		IterSize: m.Int("iter_size", 1), ClipGradients: m.Float("clip_gradients", -1),
		WeightDecay: m.Float("weight_decay", 0), RegularizationType: m.Text("regularization_type", "L2"),
		Display: m.Int("display", 0), AverageLoss: m.Int("average_loss", 1),
		TestIter: m.Ints("test_iter"), TestInterval: m.Int("test_interval", 0),
		TestComputeLoss: m.Bool("test_compute_loss", false), TestInitialization: m.Bool("test_initialization", true),
		Snapshot: m.Int("snapshot", 0), SnapshotFormat: m.Text("snapshot_format", "BINARYPROTO"), SnapshotDiff: m.Bool("snapshot_diff", false),
		SnapshotAfterTrain: m.Bool("snapshot_after_train", true),
		SolverMode:         m.Text("solver_mode", "GPU"), DeviceID: m.Int("device_id", 0), RandomSeed: get(m, "random_seed", int64(-1)),
		DebugInfo: m.Bool("debug_info", false), LayerWiseReduce: m.Bool("layer_wise_reduce", true),
	}
	s.SnapshotPrefix = s.prefix(m.Text("snapshot_prefix", ""))
	for _, w := range list[string](m, "weights") {
		for _, file := range strings.Split(w, ",") {
			s.Weights = append(s.Weights, strings.TrimSpace(file))
		}
	}
	return s
}

// prefix is what the names of snapshots begin with: by default the solver's file without its extension, and in a folder
// the file's name.
func (s *Solver) prefix(stated string) string {
	stem := strings.TrimSuffix(s.File, filepath.Ext(s.File))
	if stated == "" {
		return stem
	}
	if info, err := os.Stat(stated); err == nil && info.IsDir() {
		return filepath.Join(stated, filepath.Base(stem))
	}
	return stated
}

// check refuses what Caffe refuses.
func (s *Solver) check() error {
	m := s.Settings
	switch {
	case m.Has("type") && m.Has("solver_type"):
		return m.Errorf("solver_type", "type and the older solver_type are both stated; keep type: %q", s.Type)
	case s.AverageLoss < 1:
		return m.Errorf("average_loss", "average_loss must be at least 1, found %d", s.AverageLoss)
	case s.IterSize < 1:
		return m.Errorf("iter_size", "iter_size must be at least 1, found %d", s.IterSize)
	}
	if _, err := s.Method(); err != nil {
		return err
	}
	if err := s.checkTrainNet(); err != nil {
		return err
	}
	return s.checkTestNets()
}

var trainNetFields = []string{"net", "net_param", "train_net", "train_net_param"}

func (s *Solver) checkTrainNet() error {
	var stated []string
	for _, name := range trainNetFields {
		if s.Settings.Has(name) {
			stated = append(stated, name)
		}
	}
	switch len(stated) {
	case 0:
		return s.Settings.Errorf("", "a solver needs a network: net, net_param, train_net or train_net_param")
	case 1:
		return nil
	}
	return s.Settings.Errorf(stated[1], "a solver takes one network to train, found %s", strings.Join(stated, " and "))
}

func (s *Solver) checkTestNets() error {
	m := s.Settings
	own := len(list[*Message](m, "test_net_param")) + len(list[string](m, "test_net"))
	shared := m.Has("net") || m.Has("net_param")
	n, states := len(s.TestIter), len(list[*Message](m, "test_state"))
	switch {
	case n < own || n > own && !shared:
		return m.Errorf("test_iter", "test_iter must be stated for each of the %d test networks, found %d", own, n)
	case states > 0 && states != n:
		return m.Errorf("test_state", "test_state must be stated once for each of the %d test networks or not at all, found %d", n, states)
	case n > 0 && s.TestInterval < 1:
		return m.Errorf("test_interval", "test_interval must be positive where there is a test network, found %d", s.TestInterval)
	}
	return nil
}

// TrainNet reads the network to train. Its state is that of training, then what the network's own file says, then what the
// solver says.
func (s *Solver) TrainNet() (*Net, error) {
	m := s.Settings
	n, err := s.network(m.Sub("net_param"), m.Text("net", ""))
	if m.Has("train_net_param") || m.Has("train_net") {
		n, err = s.network(m.Sub("train_net_param"), m.Text("train_net", ""))
	}
	if err != nil {
		return nil, err
	}
	n.State = mergedState(Train, n.State, m.Sub("train_state"))
	return n, nil
}

// TestNets reads the networks to test with, in Caffe's order.
func (s *Solver) TestNets() ([]*Net, error) {
	m := s.Settings
	var nets []*Net
	add := func(inline *Message, file string) error {
		n, err := s.network(inline, file)
		nets = append(nets, n)
		return err
	}
	for _, inline := range list[*Message](m, "test_net_param") {
		if err := add(inline, ""); err != nil {
			return nil, err
		}
	}
	for _, file := range list[string](m, "test_net") {
		if err := add(nil, file); err != nil {
			return nil, err
		}
	}
	for len(nets) < len(s.TestIter) {
		if err := add(m.Sub("net_param"), m.Text("net", "")); err != nil {
			return nil, err
		}
	}
	states := list[*Message](m, "test_state")
	for i, n := range nets {
		var state *Message
		if i < len(states) {
			state = states[i]
		}
		n.State = mergedState(Test, n.State, state)
	}
	return nets, nil
}

func (s *Solver) network(inline *Message, file string) (*Net, error) {
	if inline != nil {
		return newNet(inline)
	}
	path, err := locate(file, s.File)
	if err != nil {
		return nil, err
	}
	return ReadNet(path)
}

// mergedState lays network states over each other as protobuf merges messages: the last value of a field counts, and
// lists are joined.
func mergedState(phase Phase, states ...*Message) *Message {
	merged := &Message{Type: "NetState"}
	merged.set("phase", "", string(phase))
	for _, m := range states {
		if m != nil {
			merged.Fields = append(merged.Fields, m.Fields...)
		}
	}
	return merged
}

// locate finds a file that another one names. Paths count from the folder that Caffe was started in, which is seldom
// this one: a path that is not there is looked for from the folder of the naming file, and at last just its name.
func locate(path, beside string) (string, error) {
	folder := filepath.Dir(beside)
	tried := []string{path, filepath.Join(folder, path), filepath.Join(folder, filepath.Base(path))}
	for _, p := range tried {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", source.Errorf(beside, "", "names the file %s, which is neither there nor in %s", path, folder)
}

// used lists the settings that each learning rate policy and each optimiser reads.
var used = map[string][]string{
	"fixed": nil, "step": {"gamma", "stepsize"}, "exp": {"gamma"}, "inv": {"gamma", "power"}, "multistep": {"gamma", "stepvalue"},
	"poly": {"power"}, "sigmoid": {"gamma", "stepsize"},
	"SGD": {"momentum"}, "Nesterov": {"momentum"}, "AdaGrad": {"momentum", "delta"}, "RMSProp": {"momentum", "delta", "rms_decay"},
	"AdaDelta": {"momentum", "delta"}, "Adam": {"momentum", "momentum2", "delta"},
}

// noteIgnored notes the settings that the policy and the optimiser do not read.
func (s *Solver) noteIgnored() {
	for _, group := range []struct {
		by     string
		fields []string
	}{
		{s.LRPolicy, []string{"gamma", "power", "stepsize", "stepvalue"}},
		{s.Type, []string{"momentum", "momentum2", "delta", "rms_decay"}},
	} {
		for _, name := range group.fields {
			if f := s.Settings.last(name); f != nil && !slices.Contains(used[group.by], name) {
				s.Notes = append(s.Notes, fmt.Sprintf("%s:%s: Caffe ignores %s with %s", s.File, f.Position, name, group.by))
			}
		}
	}
}
