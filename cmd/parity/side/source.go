package side

import (
	"fmt"

	"parity/fixtures"
	"parity/googlenet/graph"
	"parity/importers/caffe"
	"parity/importers/keras"
	"parity/importers/onnx"
	"parity/importers/piece"
	"parity/importers/tensorflow"
)

// Source is a side whose files pieces can be cut out of.
type Source struct{ m *model }

// Sources are both sides of a comparison.
func (p *Pair) Sources() (ref, cand Source) { return Source{p.ref}, Source{p.cand} }

// Sources are both sides of a comparison over images.
func (s *Images) Sources() (ref, cand Source) { return Source{s.ref.model}, Source{s.cand.model} }

// Framework is that of the files; Dump where there is no model.
func (s Source) Framework() string { return s.m.parts.Framework }

// Graph is what the model was lowered to.
func (s Source) Graph() *graph.Graph { return s.m.graph }

// Producer is who recorded the side's tensors; this program where they are computed here.
func (s Source) Producer() fixtures.Producer {
	if s.m.source() == Recorded {
		return s.m.parts.Producer
	}
	return fixtures.Producer{Name: Here, Math: mathOf[s.m.source()]}
}

// Cut cuts a piece out of the model's files.
func (s Source) Cut(cut piece.Cut) (*piece.Piece, error) {
	p := s.m.parts
	switch p.Framework {
	case "caffe":
		n, err := caffe.ReadNet(p.Model)
		if err != nil {
			return nil, err
		}
		return caffe.Cut(n, s.m.graph, cut, caffe.Options{})
	case "tensorflow":
		def, vars, err := p.readTensorFlow()
		if err != nil {
			return nil, err
		}
		return tensorflow.Cut(def, vars, cut)
	case "onnx":
		m, err := onnx.Read(p.Model)
		if err != nil {
			return nil, err
		}
		return onnx.Cut(m, cut)
	case "keras":
		m, w, err := keras.Open(p.Model, p.Weights)
		if err != nil {
			return nil, err
		}
		return keras.Cut(m, w, cut)
	}
	return nil, fmt.Errorf("%s: pieces of files of %s cannot be cut out", s.m.spec.Text, p.Framework)
}
