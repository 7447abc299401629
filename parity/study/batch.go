package study

import (
	"context"
	"fmt"
	"math"
	"slices"

	"parity/googlenet/bound"
	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/parallel"
	"parity/googlenet/tensor"
	"parity/parity/replay"
)

// part is what was computed for a batch of images. Its fields are exported for storing it.
type part struct {
	Base     outcome
	Variants []outcome
}

// outcome is what a network answers for the images of a batch, and how far it is from the base. NaN stands where shapes differ.
type outcome struct {
	Tops     [][]int     // the five likeliest classes, by image
	Features [][]float32 // by image
	Relative [][]float64 // |difference| / |base| by layer and image
	Ratio    [][]float64 // |difference| / |bound| by layer and image held against it
	Beyond   [][]float64 // the share of the elements beyond their bounds, likewise
	Shapes   map[int]string
}

// values are a run's tensors by name.
type values = map[string]*tensor.Tensor[float32]

// batch computes the base and every variant for the images [from, to).
func (r *runner) batch(ctx context.Context, from, to int) (*part, error) {
	input, err := r.input(ctx, r.o.Base.String(), from, to)
	if err != nil {
		return nil, err
	}
	run, err := engine.Run(ctx, r.m.Graph, values{r.m.Input: input}, engine.Options[float32]{Threads: r.o.Threads, Keep: engine.All, Packed: &r.packed})
	if err != nil {
		return nil, err
	}
	defer run.Release()
	base := run.Values
	limits, err := r.limits(ctx, input, min(to, r.o.Bounds)-from)
	if err != nil {
		return nil, err
	}
	p := &part{Base: r.answers(base)}
	for _, v := range r.variants {
		o := outcome{}
		if v.absent == "" {
			if o, err = r.variant(ctx, v, base, limits, from, to); err != nil {
				return nil, fmt.Errorf("variant %s: %w", v.ID, err)
			}
		}
		p.Variants = append(p.Variants, o)
	}
	return p, nil
}

// input joins images, prepared, into a batch.
func (r *runner) input(ctx context.Context, words string, from, to int) (*tensor.Tensor[float32], error) {
	out := tensor.New[float32](append(tensor.Shape{to - from}, r.m.Image...)...)
	each, errs := r.m.Image.Len(), make([]error, to-from)
	parallel.For(r.o.Threads, to-from, func(i int) {
		t, err := r.images.Input(ctx, from+i, words)
		if err == nil && len(t.Data) != each {
			err = fmt.Errorf("%s: prepared as %v, expected %v", r.images.List[from+i].Name, t.Shape, r.m.Image)
		}
		if errs[i] = err; err == nil {
			copy(out.Data[i*each:], t.Data)
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// limits are, for each of the first images, how far two runs of this engine in float32 may be apart, by value.
func (r *runner) limits(ctx context.Context, input *tensor.Tensor[float32], n int) ([]map[string]*tensor.Tensor[float64], error) {
	var list []map[string]*tensor.Tensor[float64]
	for i := range max(n, 0) {
		x := tensor.As[float64](imagesOf(input, i, i+1))
		bounds, err := replay.Forward(ctx, r.m.Graph, map[string]*tensor.Tensor[float64]{r.m.Input: x}, bound.Native32.OfGraph(), r.o.Threads)
		if err != nil {
			return nil, err
		}
		limits := map[string]*tensor.Tensor[float64]{}
		for _, l := range r.layers {
			if b := bounds[l.value].Bound; b != nil {
				limits[l.value] = replay.Add(b, b)
			}
		}
		list = append(list, limits)
	}
	return list, nil
}

func imagesOf(t *tensor.Tensor[float32], from, to int) *tensor.Tensor[float32] {
	each := t.Shape[1:].Len()
	return tensor.From(t.Data[from*each:to*each], append(tensor.Shape{to - from}, t.Shape[1:]...)...)
}

// variant runs a variant and holds every layer against the base as soon as it is computed.
func (r *runner) variant(ctx context.Context, v applied, base values, limits []map[string]*tensor.Tensor[float64], from, to int) (outcome, error) {
	input, err := r.input(ctx, v.words, from, to)
	if err != nil {
		return outcome{}, err
	}
	place := map[string]int{}
	for i, l := range r.layers {
		place[l.value] = i
	}
	o := outcome{Relative: r.unknown(to - from), Ratio: r.unknown(len(limits)), Beyond: r.unknown(len(limits)), Shapes: map[int]string{}}
	run, err := engine.Run(ctx, v.graph, values{r.m.Input: input}, engine.Options[float32]{
		Threads: r.o.Threads, Packed: &r.packed, Keep: func(name string) bool { return name == r.m.Output || name == r.m.Feature },
		Hook: func(n *graph.Node, _, out []*tensor.Tensor[float32]) ([]*tensor.Tensor[float32], error) {
			if out == nil {
				return nil, fmt.Errorf("%s: the operation %s cannot be computed", n.Name, n.Layer.Kind())
			}
			if i, ok := place[n.Outputs[0]]; ok {
				r.measure(&o, i, base[n.Outputs[0]], out[0], limits)
			}
			return out, nil
		}})
	if err != nil {
		return outcome{}, err
	}
	a := r.answers(run.Values)
	o.Tops, o.Features = a.Tops, a.Features
	return o, nil
}

// unknown has a NaN for each layer and each of n images.
func (r *runner) unknown(n int) [][]float64 {
	list := make([][]float64, len(r.layers))
	for i := range list {
		list[i] = make([]float64, n)
		for k := range list[i] {
			list[i][k] = math.NaN()
		}
	}
	return list
}

// measure holds a layer of a variant against the base, image by image.
func (r *runner) measure(o *outcome, layer int, base, x *tensor.Tensor[float32], limits []map[string]*tensor.Tensor[float64]) {
	if !x.Shape.Equal(base.Shape) {
		o.Shapes[layer] = fmt.Sprintf("%v instead of %v", x.Shape[1:], base.Shape[1:])
		return
	}
	each := base.Shape[1:].Len()
	parallel.For(r.o.Threads, base.Shape[0], func(i int) {
		b, v := base.Data[i*each:(i+1)*each], x.Data[i*each:(i+1)*each]
		o.Relative[layer][i] = relative(b, v)
		if i < len(limits) {
			o.Ratio[layer][i], o.Beyond[layer][i] = overBound(b, v, limits[i][r.layers[layer].value])
		}
	})
}

// relative is |v-b| / |b|, 0 where nothing differs and infinite where something does from zeros. It is no number where the sizes
// differ.
func relative(b, v []float32) float64 {
	if len(b) != len(v) {
		return math.NaN()
	}
	var difference, length float64
	for i, x := range b {
		d := replay.Distance(float64(x), float64(v[i]))
		difference += d * d
		length += float64(x) * float64(x)
	}
	if difference == 0 {
		return 0
	}
	return math.Sqrt(difference / length)
}

// overBound is the length of the difference over that of the limits, and the share of the elements whose difference is beyond its
// limit. Element by element a limit may be zero, as where a ReLU is far from opening, and any difference infinitely far beyond.
func overBound(b, v []float32, limit *tensor.Tensor[float64]) (ratio, beyond float64) {
	var difference, length float64
	for i, x := range b {
		at := 0.0
		if limit != nil {
			at = limit.Data[i]
		}
		d := replay.Distance(float64(x), float64(v[i]))
		difference += d * d
		length += at * at
		if !(d <= at) {
			beyond += 1 / float64(len(b))
		}
	}
	return replay.Ratio(math.Sqrt(difference), math.Sqrt(length)), min(1, beyond)
}

// answers reads classes and features out of a run.
func (r *runner) answers(v values) outcome {
	out, feature := v[r.m.Output], v[r.m.Feature]
	var o outcome
	for i := range out.Shape[0] {
		o.Tops = append(o.Tops, likeliest(imagesOf(out, i, i+1).Data, 5))
		o.Features = append(o.Features, slices.Clone(imagesOf(feature, i, i+1).Data))
	}
	return o
}

// likeliest returns the classes with the largest numbers, of equal ones the first; a NaN comes last.
func likeliest(p []float32, n int) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := p[a], p[b]
		switch {
		case x > y || x == x && y != y:
			return -1
		case x < y || x != x && y == y:
			return 1
		}
		return 0
	})
	return order[:min(n, len(order))]
}
