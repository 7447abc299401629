package weights

import (
	"slices"
	"strconv"
	"strings"

	"parity/googlenet/tensor"
	"parity/importers/source"
	"parity/importers/tensorflow/checkpoint"
)

// checkpointed finds weights in a checkpoint: by way of the objects that own them, or by the names of their variables, LAYER/WEIGHT.
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
	if e, err := c.owned(w); e != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return c.Read(e.Name)
	}
	layer := w.Layers[len(w.Layers)-1]
	for _, name := range w.Names {
		if _, ok := c.Entry(layer + "/" + name); ok {
			return c.Read(layer + "/" + name)
		}
	}
	return nil, nil
}

// owned follows the model's layers by their places. The model is what was saved, or else something that this holds.
func (c checkpointed) owned(w Wanted) (*checkpoint.Entry, error) {
	found := c.below(nil, w)
	if found != nil {
		return found, nil
	}
	for _, name := range c.Objects() {
		e := c.below([]string{name}, w)
		if e != nil && found != nil && e != found {
			return nil, source.Errorf(c.Place(), "", "the weight %s of the layer %q could be %s and %s: the checkpoint holds several models", w.Names[0], strings.Join(w.Layers, "/"), found.Name, e.Name)
		}
		if e != nil {
			found = e
		}
	}
	return found, nil
}

// below follows the layers from an object on: Keras 2 owns them as layer-0, layer-1 ..., Keras 3 in lists of operations, which a
// Sequential model has in the functional one that it is made of. Keras 3 keeps some weights under a name of its own.
func (c checkpointed) below(start []string, w Wanted) *checkpoint.Entry {
	paths := [][]string{start}
	for _, p := range w.Places {
		var longer [][]string
		for _, path := range paths {
			number, layer := strconv.Itoa(p.Operation), "layer-"+strconv.Itoa(p.Layer)
			for _, more := range [][]string{{layer}, {"_operations", number}, {"_functional", "_operations", number}} {
				longer = append(longer, slices.Concat(path, more))
			}
		}
		paths = longer
	}
	for _, path := range paths {
		for _, name := range w.Names {
			for _, kept := range []string{name, "_" + name, "adapt_" + name} {
				if e, ok := c.At(append(slices.Clip(path), kept)...); ok {
					return e
				}
			}
		}
	}
	return nil
}
