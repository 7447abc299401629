package caffe

import (
	"fmt"
	"path/filepath"
	"slices"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// read returns the values that the bottoms hold now.
func (l *lowerer) read(x *Layer) ([]string, error) {
	in := make([]string, len(x.Bottom))
	for i, b := range x.Bottom {
		v, ok := l.blobs[b]
		if !ok && l.net.binary {
			v, ok = l.assumeInput(b), true
		}
		if !ok {
			return nil, x.Errorf("reads the blob %q, which no layer before it writes%s", b, l.missingHint(b))
		}
		if i < len(x.Top) && x.Top[i] == b {
			if err := l.overwrites(x, b, v, in[:i]); err != nil {
				return nil, err
			}
		}
		in[i] = v
	}
	for _, v := range in {
		if x.Type != "Split" {
			l.readers[v] = x.Name
		}
	}
	return in, nil
}

// assumeInput takes a blob that nothing writes for an input: caffemodels are written without the network's inputs, or
// with those of training.
func (l *lowerer) assumeInput(blob string) string {
	l.blobs[blob] = blob
	l.g.Inputs = append(l.g.Inputs, graph.Input{Name: blob})
	l.g.Notes = append(l.g.Notes, fmt.Sprintf("%s does not say where the blob %q comes from; it is taken for an input", filepath.Base(l.net.File), blob))
	return blob
}

func (l *lowerer) missingHint(blob string) string {
	if name, ok := l.excluded[blob]; ok {
		return fmt.Sprintf("; the layer %q does, but its include or exclude rules leave it out in phase %s", name, l.state.phase)
	}
	return didYouMean(blob, keys(l.blobs))
}

// overwrites checks that a blob may be overwritten in place: Caffe gives every further reader a copy of its own, and
// then finds the top written by two layers.
func (l *lowerer) overwrites(x *Layer, blob, value string, earlier []string) error {
	reader, ok := l.readers[value]
	if slices.Contains(earlier, value) {
		reader, ok = x.Name, true
	}
	if ok {
		return x.Errorf("overwrites the blob %q in place, which %q reads too; Caffe refuses this, give the layer a top of its own", blob, reader)
	}
	if l.splits[blob] {
		return x.Errorf("overwrites %q in place, which shares its memory with the other tops of a Split; give the layer a top of its own", blob)
	}
	return nil
}

func (l *lowerer) addInputs(x *Layer, shapesOf func(*Layer) ([]tensor.Shape, error)) error {
	if len(x.Bottom) > 0 {
		return x.Errorf("reads no blobs, found the bottom %q", x.Bottom[0])
	}
	shapes, err := shapesOf(x)
	if err != nil {
		return err
	}
	for i, t := range x.Top {
		if err := l.write(x, t, t, shapes[i]); err != nil {
			return err
		}
		l.brought[t] = x.Type != "Input"
		l.g.Inputs = append(l.g.Inputs, graph.Input{Name: t, Shape: anyBatch(shapes[i])})
	}
	return l.weigh(x, x.Top)
}

// anyBatch leaves the first extent open: Caffe takes any batch that is fed.
func anyBatch(s tensor.Shape) tensor.Shape {
	s = s.Clone()
	if len(s) > 0 {
		s[0] = -1
	}
	return s
}

// addSplit gives a value further names. Caffe inserts such layers itself, and a caffemodel holds them.
func (l *lowerer) addSplit(x *Layer, in []string) error {
	if len(in) != 1 {
		return x.Errorf("has one bottom, found %d", len(in))
	}
	for _, t := range x.Top {
		if _, ok := l.blobs[t]; ok {
			return l.writtenTwice(x, t)
		}
		l.blobs[t], l.g.Aliases[t], l.splits[t] = in[0], in[0], true
	}
	return l.weigh(x, slices.Repeat(in, len(x.Top)))
}

// write makes a blob hold a new value.
func (l *lowerer) write(x *Layer, blob, value string, shape tensor.Shape) error {
	if old, ok := l.blobs[blob]; ok {
		if value == blob {
			return l.writtenTwice(x, blob)
		}
		if l.g.Stages[blob] == nil {
			l.g.Stages[blob] = []string{old}
		}
		l.g.Stages[blob] = append(l.g.Stages[blob], value)
	}
	l.blobs[blob], l.shapes[value] = value, shape
	return nil
}

func (l *lowerer) writtenTwice(x *Layer, blob string) error {
	return x.Errorf("writes the blob %q, which a layer before it writes; give it a top of its own", blob)
}
