package side

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"parity/googlenet/engine"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/compare"
	"parity/parity/trace"
)

// ImageOptions steer how many images are computed.
type ImageOptions struct {
	Threads int
	// Batch is how many images are computed at a time; 0 for as many as BatchBytes holds.
	Batch int
}

// BatchBytes is the most memory that the tensors of the images computed at a time take, of both sides together, unless those of
// a single image take more.
const BatchBytes = 256 << 20

// Images computes both sides of a comparison over several images, a few at a time.
type Images struct {
	ref, cand *fedSide
	list      []parity.Image
	options   ImageOptions
	from      int // the first image of those that are computed
	computed  [2][]*trace.Trace
}

// fedSide is a model and what it is fed.
type fedSide struct {
	*model
	feed func(image int) (map[string]tensor.Any, error)
	// alone: a batch of this network is not what its images are one by one. checked: that was tried.
	alone, checked bool
}

func newImages(ref, cand *fedSide, list []parity.Image, o ImageOptions) *Images {
	return &Images{ref: ref, cand: cand, list: list, options: o}
}

// Sides returns both sides without tensors, and the images to compare them on.
func (s *Images) Sides() (ref, cand compare.Side, images compare.Images, err error) {
	if ref, err = s.ref.side(); err != nil {
		return
	}
	cand, err = s.cand.side()
	return ref, cand, compare.Images{List: s.list, Traces: s.traces}, err
}

// side is a side whose tensors are computed image by image.
func (f *fedSide) side() (s compare.Side, err error) {
	s = compare.Side{Graph: f.graph, Producer: computedBy(f.source())}
	s.Info = parity.Side{
		Side: f.spec.Text, Framework: f.parts.Framework, Source: f.source(), Producer: s.Producer.Name, Preparation: f.preparedAs(),
	}
	s.Info.Files, err = f.files()
	return s, err
}

// traces returns both sides' tensors for one image. Images that follow are computed with it where memory allows it.
func (s *Images) traces(ctx context.Context, i int) (ref, cand *trace.Trace, err error) {
	if at := i - s.from; at < 0 || at >= len(s.computed[0]) {
		if err := s.compute(ctx, i); err != nil {
			return nil, nil, err
		}
	}
	at := i - s.from
	return s.computed[0][at], s.computed[1][at], nil
}

func (s *Images) compute(ctx context.Context, i int) error {
	s.computed = [2][]*trace.Trace{} // freed before the next ones are computed
	if s.options.Batch == 0 {
		size, err := s.batch(i)
		if err != nil {
			return err
		}
		s.options.Batch = size
	}
	to := min(i+s.options.Batch, len(s.list))
	for k, f := range []*fedSide{s.ref, s.cand} {
		var err error
		if s.computed[k], err = f.compute(ctx, i, to, s.options.Threads); err != nil {
			return fmt.Errorf("%s: %w", f.spec.Text, err)
		}
	}
	s.from = i
	return nil
}

// batch is how many images like this one fit into BatchBytes.
func (s *Images) batch(i int) (int, error) {
	bytes := 0
	for _, f := range []*fedSide{s.ref, s.cand} {
		inputs, err := f.inputsOf(i)
		if err != nil {
			return 0, err
		}
		shapes := map[string]tensor.Shape{}
		for name, t := range inputs {
			shapes[name] = t.Dims()
		}
		all, err := f.graph.Shapes(shapes)
		if err != nil {
			return 1, nil // found again, with its place, when it is computed
		}
		for _, shape := range all {
			bytes += shape.Len() * map[string]int{Native: 4, Native64: 8}[f.source()]
		}
	}
	return max(1, BatchBytes/max(bytes, 1)), nil
}

// inputsOf is everything that is fed for one image.
func (f *fedSide) inputsOf(i int) (map[string]tensor.Any, error) {
	inputs, err := f.feed(i)
	if err != nil {
		return nil, err
	}
	if inputs == nil {
		return nil, errors.New("nothing to feed")
	}
	return inputs, engine.Draw(f.graph, inputs)
}

// compute returns the tensors of each image, computed together where that gives the same bits.
func (f *fedSide) compute(ctx context.Context, from, to, threads int) ([]*trace.Trace, error) {
	fed := make([]map[string]tensor.Any, to-from)
	for i := range fed {
		var err error
		if fed[i], err = f.inputsOf(from + i); err != nil {
			return nil, err
		}
	}
	together, err := f.together(ctx, fed, threads)
	if err != nil || together != nil && f.checked {
		return together, err
	}
	list := make([]*trace.Trace, len(fed))
	for i, inputs := range fed {
		if list[i], err = compute(ctx, f.graph, f.source(), inputs, threads); err != nil {
			return nil, err
		}
	}
	if together != nil { // the first time
		f.checked, f.alone = true, !slices.EqualFunc(together, list, sameBits)
	}
	return list, nil
}

// together computes images in one batch, nil where they cannot be.
func (f *fedSide) together(ctx context.Context, fed []map[string]tensor.Any, threads int) ([]*trace.Trace, error) {
	if f.alone || len(fed) < 2 || len(f.graph.Fed()) != len(f.graph.Inputs) {
		return nil, nil
	}
	joined := map[string]tensor.Any{}
	for name := range fed[0] {
		if joined[name] = join(fed, name); joined[name] == nil {
			return nil, nil
		}
	}
	whole, err := compute(ctx, f.graph, f.source(), joined, threads)
	if err != nil {
		return nil, ctx.Err() // what a batch cannot be computed of, single images may
	}
	list := make([]*trace.Trace, len(fed))
	for i := range list {
		list[i] = &trace.Trace{Values: map[string]tensor.Any{}}
	}
	for name, t := range whole.Values {
		if shape := t.Dims(); len(shape) == 0 || shape[0] != len(fed) {
			return nil, nil
		}
		for i := range list {
			list[i].Values[name] = imagesOf(t, i, i+1)
		}
	}
	return list, nil
}

// join puts the images' tensors of a name one behind the other, nil if their shapes are not alike.
func join(fed []map[string]tensor.Any, name string) tensor.Any {
	first := fed[0][name].Dims()
	if len(first) == 0 || first[0] != 1 {
		return nil
	}
	shape := append(tensor.Shape{len(fed)}, first[1:]...)
	out := tensor.New[float32](shape...)
	for i, inputs := range fed {
		t, ok := inputs[name].(*tensor.Tensor[float32])
		if !ok || !t.Shape.Equal(first) {
			return nil
		}
		copy(out.Data[i*first.Len():], t.Data)
	}
	return out
}

// imagesOf is a view of the images [from, to) of a batch.
func imagesOf(t tensor.Any, from, to int) tensor.Any {
	switch t := t.(type) {
	case *tensor.Tensor[float32]:
		return imagesIn(t, from, to)
	case *tensor.Tensor[float64]:
		return imagesIn(t, from, to)
	}
	return nil
}

func imagesIn[T tensor.Float](t *tensor.Tensor[T], from, to int) *tensor.Tensor[T] {
	each := t.Shape[1:].Len()
	return tensor.From(t.Data[from*each:to*each], append(tensor.Shape{to - from}, t.Shape[1:]...)...)
}

// sameBits reports whether two traces hold the same numbers, NaN being the same as itself.
func sameBits(a, b *trace.Trace) bool {
	for name, t := range a.Values {
		x, y := tensor.As[float64](t), b.Values[name]
		if y == nil || !x.Shape.Equal(y.Dims()) || !slices.EqualFunc(x.Data, tensor.As[float64](y).Data, sameNumber) {
			return false
		}
	}
	return len(a.Values) == len(b.Values)
}

func sameNumber(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
