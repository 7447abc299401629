package weights

import (
	"parity/googlenet/tensor"
	"parity/importers/tensorflow/checkpoint"
)

// checkpointed finds weights in a checkpoint by the names of their variables, LAYER/WEIGHT.
type checkpointed struct{ *checkpoint.Checkpoint }

// OpenCheckpoint opens a checkpoint of a Keras model.
func OpenCheckpoint(path string) (Source, error) {
	c, err := checkpoint.Open(path)
	if err != nil {
		return nil, err
	}
	return checkpointed{c}, nil
}

// Find returns the value of a variable.
func (c checkpointed) Find(w Wanted) (tensor.Any, error) {
	layer := w.Layers[len(w.Layers)-1]
	for _, name := range w.Names {
		if _, ok := c.Entry(layer + "/" + name); ok {
			return c.Read(layer + "/" + name)
		}
	}
	return nil, nil
}
