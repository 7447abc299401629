package caffe

import (
	"os"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/optim"
	"parity/importers/hdf5"
	"parity/importers/source"
	"parity/importers/wire"
)

// SolverState is a snapshot of a training run beside its weights.
type SolverState struct {
	File       string
	Iteration  int    // iterations done
	LearnedNet string // the caffemodel of the same moment; empty if none is named
	// CurrentStep counts the steps of the learning rate.
	CurrentStep int
	// History are the optimiser's blobs: the first of every parameter of the network, then the second of every parameter.
	History []*Blob
}

// ReadSolverState reads a .solverstate or .solverstate.h5.
func ReadSolverState(path string) (*SolverState, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if hdf5.Is(data) {
		return readHDF5State(path)
	}
	return ParseSolverState(path, data)
}

// ParseSolverState reads a binary solver state; file is what errors call it.
func ParseSolverState(file string, data []byte) (*SolverState, error) {
	if err := notProtobuf(file, "solverstate", data); err != nil {
		return nil, err
	}
	skipped := 0
	m, err := readBinary("SolverState", wire.New(file, data), &skipped)
	if err != nil {
		return nil, err
	}
	if skipped > 0 || !m.Has("iter") {
		return nil, source.Errorf(file, "", "expected a solverstate, found another kind of file")
	}
	return &SolverState{
		File: file, Iteration: m.Int("iter", 0), LearnedNet: m.Text("learned_net", ""),
		CurrentStep: m.Int("current_step", 0), History: list[*Blob](m, "history"),
	}, nil
}

// Encode returns the state as Caffe writes it.
func (s *SolverState) Encode() []byte {
	m := &Message{Type: "SolverState"}
	m.set("iter", "", int64(s.Iteration))
	m.set("learned_net", "", s.LearnedNet)
	for _, b := range s.History {
		m.set("history", "", b)
	}
	m.set("current_step", "", int64(s.CurrentStep))
	return m.encode(nil)
}

// Model finds the caffemodel that the state belongs to, beside the state's own file if the path is not there.
func (s *SolverState) Model() (string, error) {
	if s.LearnedNet == "" {
		return "", source.Errorf(s.File, "", "names no learned_net: give the caffemodel of the same iteration")
	}
	return locate(s.LearnedNet, s.File)
}

// StateFrom returns the training state for the parameters of a graph, as step.Learned lists them.
func StateFrom[T tensor.Float](s *SolverState, learned []*graph.Param) (*optim.State[T], error) {
	if n := len(learned); n == 0 || len(s.History)%n != 0 {
		return nil, source.Errorf(s.File, "", "expected history blobs for each of %d parameters, found %d in all", n, len(s.History))
	}
	out := &optim.State[T]{Iteration: s.Iteration, Step: s.CurrentStep}
	for i, b := range s.History {
		p := learned[i%len(learned)]
		if want := p.StoredShape(); !want.Equal(b.Shape) {
			return nil, source.Errorf(b.File, b.Position, "expected the history of %s, of shape %v, found %v", p.Name, want, b.Shape)
		}
		out.Histories = append(out.Histories, graph.ToCommon(p.Stored, tensor.As[T](b.Value)).Clone())
	}
	return out, nil
}

// SolverStateFrom returns what Caffe would save of a training state; model is the path of the caffemodel saved with it.
func SolverStateFrom[T tensor.Float](s *optim.State[T], learned []*graph.Param, model string) *SolverState {
	out := &SolverState{Iteration: s.Iteration, CurrentStep: s.Step, LearnedNet: model}
	for i, h := range s.Histories {
		out.History = append(out.History, newBlob(graph.FromCommon(learned[i%len(learned)].Stored, h)))
	}
	return out
}
