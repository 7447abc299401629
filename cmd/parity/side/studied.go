package side

import (
	"fmt"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/importers/image"
	"parity/parity"
)

// Studied is a side's model without anything to feed it.
type Studied struct{ m *model }

// OpenStudied reads a side's model.
func OpenStudied(s Spec, o Overrides) (*Studied, error) {
	if s.Source != "" && s.Source != Native {
		return nil, fmt.Errorf("%s: a study computes everything itself in float32; it has no use for the source %s", s.Text, s.Source)
	}
	m, err := readModel(s, o)
	if err != nil {
		return nil, err
	}
	m.leaveOutLosses(1, nil)
	return &Studied{m}, nil
}

// Graph is what the model was lowered to.
func (s *Studied) Graph() *graph.Graph { return s.m.graph }

// Files lists the model's files with their digests.
func (s *Studied) Files() ([]parity.File, error) { return s.m.files() }

// Prepared makes the input of a network that takes pictures of the given size. mean is the mean image where the words name one;
// nil reads it.
func Prepared(how image.Preprocess, load func(image.Decoding) (*image.Photo, error), height, width int, mean *tensor.Tensor[float32]) (*tensor.Tensor[float32], error) {
	if how.MeanFile != "" && mean == nil {
		var err error
		if mean, err = readMean(how.MeanFile); err != nil {
			return nil, err
		}
	}
	how.MeanImage = mean
	photo, err := load(how.Decoding)
	if err != nil {
		return nil, err
	}
	in, err := how.Input(photo, height, width)
	if err != nil {
		return nil, err
	}
	return in.Tensor, nil
}
