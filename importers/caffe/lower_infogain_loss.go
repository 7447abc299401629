package caffe

import (
	"os"
	"path/filepath"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/importers/wire"
)

// lowerInfogainLoss lowers the cross entropy weighted with a matrix: the third bottom, or else a file. A second top
// holds the probabilities.
func lowerInfogainLoss(s *step) ([]layer.Layer, error) {
	p, loss := s.Settings.Sub("infogain_loss_param"), s.Settings.Sub("loss_param")
	if loss.Has("normalize") {
		return nil, s.bad(loss, "normalize", "normalize is not taken here; state normalization")
	}
	axis, err := s.axis(p, "axis", p.Int("axis", 1))
	if err != nil {
		return nil, err
	}
	l := layer.InfogainLoss{Axis: axis, Labels: ignored(loss), Normalization: s.normalization("VALID")}
	switch {
	case len(s.Bottom) == 2:
		l.Gain, err = s.infogainMatrix(p)
	case p.Has("source"):
		s.note("source is not read: the matrix is the third bottom")
	}
	if err != nil {
		return nil, err
	}
	if len(s.Top) == 2 {
		s.probabilities(axis)
	}
	return one(l)
}

// infogainMatrix reads the matrix from a file in the working directory, as Caffe does, or else beside the network's.
func (s *step) infogainMatrix(p *Message) ([]float64, error) {
	if !p.Has("source") {
		return nil, s.bad(p, "", "needs the matrix as a third bottom, or the file of it as source")
	}
	path := p.Text("source", "")
	if _, err := os.Stat(path); err != nil && !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(s.Settings.File), path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, s.bad(p, "source", "the matrix: %v", err)
	}
	if !info.Mode().IsRegular() {
		return nil, s.bad(p, "source", "the matrix: %s is not a file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, s.bad(p, "source", "the matrix: %v", err)
	}
	b, err := readBlob(wire.New(path, data))
	if err != nil {
		return nil, err
	}
	return tensor.As[float64](b.Value).Data, nil
}
