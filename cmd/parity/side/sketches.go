package side

import (
	"fmt"
	"maps"
	"slices"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/parity/sketch"
)

// apart tells the sketches in a recording from the tensors that are whole.
func apart(file string, t *npz.Tensors) (whole map[string]tensor.Any, sketches map[string]*sketch.Sketch, err error) {
	whole, sketches = asMap(t), map[string]*sketch.Sketch{}
	var parts []string
	for _, name := range t.Names() {
		if sketch.IsPart(name) {
			parts = append(parts, name)
			delete(whole, name)
		}
	}
	list, err := sketch.Names(parts)
	for _, name := range list {
		if err != nil {
			break
		}
		if whole[name] != nil {
			return nil, nil, fmt.Errorf("%s: %s is there both whole and as a sketch; delete one", file, name)
		}
		sketches[name], err = sketch.Read(name, t.Get)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	return whole, sketches, nil
}

// refuseSketches refuses those of tensors without a model: nothing could be computed to hold them against.
func refuseSketches(file string, t *npz.Tensors) error {
	if t == nil {
		return nil
	}
	if i := slices.IndexFunc(t.Names(), sketch.IsPart); i >= 0 {
		return fmt.Errorf("%s: holds sketches (%s), which say something only beside the model that computed them: name that", file, t.Names()[i])
	}
	return nil
}

// names lists everything that was recorded.
func names(whole map[string]tensor.Any, sketches map[string]*sketch.Sketch) []string {
	return slices.Concat(slices.Sorted(maps.Keys(whole)), slices.Sorted(maps.Keys(sketches)))
}
