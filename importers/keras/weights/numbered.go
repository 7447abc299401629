package weights

import (
	"fmt"
	"strings"
	"sync"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
)

// Arrays are weights in a .npz file, each under the name of its layer and its number among the layer's weights: conv1/0. The names
// of models around the layer stand before its own.
type Arrays struct {
	file    string
	tensors *npz.Tensors
}

// OpenArrays reads such a file.
func OpenArrays(file string) (*Arrays, error) {
	t, err := npz.Read(file)
	return &Arrays{file, t}, err
}

// Key is the name of a weight in such a file.
func Key(w Wanted) string { return fmt.Sprintf("%s/%d", strings.Join(w.Layers, "/"), w.Number) }

// Find looks a weight up.
func (a *Arrays) Find(w Wanted) (tensor.Any, error) {
	v, ok := a.tensors.Get(Key(w))
	if !ok {
		return nil, nil
	}
	return v, nil
}

// Place names the file in messages.
func (a *Arrays) Place() string { return a.file }

// Recorder passes weights on and keeps what was found, by Key.
type Recorder struct {
	Source
	mu    sync.Mutex
	Found map[string]tensor.Any
}

// Find asks the source.
func (r *Recorder) Find(w Wanted) (tensor.Any, error) {
	v, err := r.Source.Find(w)
	if err == nil && v != nil {
		r.mu.Lock()
		r.Found[Key(w)] = v
		r.mu.Unlock()
	}
	return v, err
}
