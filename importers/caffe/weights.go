package caffe

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// weights finds the blobs of a layer, as Caffe does when it copies trained layers: by the layer's name.
type weights struct {
	file    string            // empty if none were given
	held    []string          // the names of the layers that hold blobs in it
	sources map[string]*Layer // those of them that the network has
	targets map[string]*Layer // the layer that gets the weights of a name: the first, where several have it
	// last is the blob that shared weights of a name hold in the end: every sharer's is written to the same place, in
	// the order of the file.
	last  map[string]*Blob
	owned map[string]*graph.Param     // the shared weights of a name
	specs map[*graph.Param]*ParamSpec // what is stated of shared weights so far
}

// match pairs the layers of the network with those of the weights. Without weights the net's own blobs are taken.
func (l *lowerer) match(kept []*Layer, from *Net) *weights {
	w := &weights{sources: map[string]*Layer{}, targets: map[string]*Layer{}, last: map[string]*Blob{}, owned: map[string]*graph.Param{}, specs: map[*graph.Param]*ParamSpec{}}
	for _, x := range kept {
		if w.targets[x.Name] == nil {
			w.targets[x.Name] = x
		}
	}
	if from == nil {
		for _, x := range kept {
			w.share(x, x.Blobs)
		}
		return w
	}
	w.file = from.File
	var ignored []string
	for _, s := range from.Layers {
		if len(s.Blobs) > 0 {
			w.held = append(w.held, s.Name)
		}
		if target := w.targets[s.Name]; target != nil {
			w.take(l, s, target)
		} else if len(s.Blobs) > 0 {
			ignored = append(ignored, s.Name)
		}
	}
	if len(ignored) > 0 {
		l.g.Notes = append(l.g.Notes, fmt.Sprintf("%s: the network has no layers for these weights, which are ignored: %s",
			filepath.Base(w.file), strings.Join(ignored, ", ")))
	}
	if from != l.net {
		l.g.Notes = append(l.g.Notes, from.Notes...)
	}
	return w
}

func (w *weights) take(l *lowerer, s, target *Layer) {
	if before := w.sources[s.Name]; before != nil && len(before.Blobs) > 0 {
		l.g.Notes = append(l.g.Notes, fmt.Sprintf("%s: holds weights of two layers called %q; the later ones count, as in Caffe", filepath.Base(w.file), s.Name))
	}
	w.sources[s.Name] = s
	w.share(target, s.Blobs)
}

func (w *weights) share(x *Layer, blobs []*Blob) {
	for i, p := range x.Params {
		if p.Name != "" && i < len(blobs) {
			w.last[p.Name] = blobs[i]
		}
	}
}

// blobs returns the layer's blobs, or its own from the network's file where the weights do not know it.
func (w *weights) blobs(x *Layer) []*Blob {
	if s := w.sources[x.Name]; s != nil && w.targets[x.Name] == x {
		return s.Blobs
	}
	return x.Blobs
}

// params returns the weights of a layer in the layout of the common layer.
func (l *lowerer) params(s *step, x layer.Layer, name string, in []tensor.Shape) ([]*graph.Param, error) {
	blobs := l.weights.blobs(s.Layer)
	if _, ok := x.(layer.Unknown); ok {
		return asStored(name, blobs), nil
	}
	var want []tensor.Shape
	if p, ok := x.(layer.Parametric); ok {
		want = paramShapes(p, in)
	}
	blobs = inCaffesOrder(blobs, x, in)
	if len(s.Params) > len(want) {
		return nil, s.Errorf("has %d 'param' messages for %d weight blob(s)", len(s.Params), len(want))
	}
	if err := l.checkCount(s, len(want), blobs); err != nil {
		return nil, err
	}
	params := make([]*graph.Param, len(want))
	for i := range want {
		p, err := l.param(s, i, want[i], name, blobs)
		if err != nil {
			return nil, err
		}
		if p == nil {
			l.unweighted = append(l.unweighted, s.Layer)
			return nil, nil
		}
		params[i] = p
	}
	return params, nil
}

// asStored gives a layer that cannot be computed its blobs as they are.
func asStored(name string, blobs []*Blob) []*graph.Param {
	var params []*graph.Param
	for i, b := range blobs {
		params = append(params, &graph.Param{Name: paramName(name, i), Value: b.Value})
	}
	return params
}

func paramName(layer string, i int) string { return fmt.Sprintf("%s[%d]", layer, i) }

// checkCount refuses weights that Caffe refuses, and missing ones, which Caffe silently leaves at their random values.
func (l *lowerer) checkCount(s *step, want int, blobs []*Blob) error {
	w := l.weights
	found := w.sources[s.Name] != nil && w.targets[s.Name] == s.Layer
	if len(blobs) == want || len(blobs) == 0 && (w.file == "" || !found && w.allShared(s, want)) {
		return nil
	}
	switch {
	case w.file != "" && !found && w.targets[s.Name] != s.Layer:
		return s.Errorf("needs weights, but Caffe gives those of %q in %s to the first layer of that name, at %s; rename one of the two",
			s.Name, w.file, w.targets[s.Name].Settings.Position)
	case w.file != "" && !found && len(blobs) == 0:
		return s.Errorf("needs %d weight blob(s), and %s has no layer of this name; Caffe would silently leave them as its filler draws them%s",
			want, w.file, didYouMean(s.Name, w.held))
	}
	return s.Errorf("needs %d weight blob(s), found %d in %s", want, len(blobs), w.place(blobs, s))
}

func (w *weights) place(blobs []*Blob, s *step) string {
	if len(blobs) > 0 {
		return blobs[0].File + ":" + blobs[0].Position
	}
	if w.file != "" {
		return w.file
	}
	return s.Settings.File
}

// allShared tells whether every blob of the layer is shared under a name for which there are weights.
func (w *weights) allShared(s *step, want int) bool {
	for i := range want {
		if i >= len(s.Params) || s.Params[i].Name == "" || w.last[s.Params[i].Name] == nil {
			return false
		}
	}
	return true
}

// param returns one weight tensor, nil if there is none.
func (l *lowerer) param(s *step, i int, want tensor.Shape, name string, blobs []*Blob) (*graph.Param, error) {
	shared := ""
	if i < len(s.Params) {
		shared = s.Params[i].Name
	}
	if shared != "" && l.weights.owned[shared] != nil {
		return l.borrow(s, i, want, l.weights.owned[shared])
	}
	var b *Blob
	if i < len(blobs) {
		b = blobs[i]
	}
	if last := l.weights.last[shared]; shared != "" && last != nil {
		b = last
	}
	if b == nil {
		return nil, nil
	}
	v, err := s.convert(i, b, want)
	if err != nil {
		return nil, err
	}
	p := &graph.Param{Name: paramName(name, i), Value: v, Stored: graph.Stored{ToCommon: s.stored[i]}}
	spec := s.paramSpec(i)
	p.Multipliers = spec.multipliers()
	p.Filler = s.filler(i)
	if shared != "" {
		l.weights.owned[shared], l.weights.specs[p] = p, &spec
	}
	return p, nil
}

// borrow returns weights that an earlier layer owns. A layer that reads them with other axes, or with another shape, which
// share_mode: PERMISSIVE allows, gets a parameter of its own that shares the owner's memory.
func (l *lowerer) borrow(s *step, i int, want tensor.Shape, owner *graph.Param) (*graph.Param, error) {
	if err := l.weights.agree(s, i, owner); err != nil {
		return nil, err
	}
	have := owner.StoredShape()
	if slices.Equal(s.stored[i], owner.Stored.ToCommon) && fits(want, owner.Value.Dims()) {
		return owner, nil
	}
	stored := s.storedShape(i, want)
	if n, ok := filledIn(stored, have.Len()); ok && (s.Params[i].Permissive || fits(stored, have)) {
		shared := graph.Stored{ToCommon: s.stored[i]}
		v := graph.FromCommon(owner.Stored, tensor.As[float32](owner.Value)).Reshaped(n...)
		return &graph.Param{Name: owner.Name, Value: graph.ToCommon(shared, v), Stored: shared, Shares: owner}, nil
	}
	return nil, s.Errorf("shares the weights %q of shape %v with %s, and needs %v", s.Params[i].Name, have, owner.Name, stored)
}
