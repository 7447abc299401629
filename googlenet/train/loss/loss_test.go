package loss

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"parity/googlenet/engine"
	"parity/googlenet/graph"
	"parity/googlenet/tensor"
)

// batch is a loss on drawn embeddings.
type batch struct {
	graph  *graph.Graph
	head   *Head
	inputs map[string]*tensor.Tensor[float64]
}

func newBatch(t *testing.T, l Loss, labels []float64, dim, classes int) *batch {
	t.Helper()
	n := len(labels)
	g := &graph.Graph{Name: l.Name(), Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{n, dim}}, {Name: "y", Shape: tensor.Shape{n}}}}
	head, err := Attach(g, l, Ends{Embedding: "x", Labels: "y", Batch: n, Dim: dim, Classes: classes})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 5))
	b := &batch{g, head, map[string]*tensor.Tensor[float64]{"x": drawn(r, n, dim), "y": tensor.From(labels, n)}}
	for i, p := range head.Params {
		p.Value = drawn(r, l.Params(dim, classes)[i].Shape...)
	}
	return b
}

func drawn(r *rand.Rand, shape ...int) *tensor.Tensor[float64] {
	t := tensor.New[float64](shape...)
	for i := range t.Data {
		t.Data[i] = r.NormFloat64()
	}
	return t
}

func (b *batch) run(t *testing.T) *engine.Result[float64] {
	t.Helper()
	r, err := engine.Run(t.Context(), b.graph, b.inputs, engine.Options[float64]{Threads: 1, Keep: engine.All})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *batch) value(t *testing.T) float64 { return b.run(t).Values[b.head.Value].Data[0] }

func (b *batch) gradients(t *testing.T) *engine.Gradients[float64] {
	t.Helper()
	seeds := map[string]*tensor.Tensor[float64]{b.head.Value: tensor.From([]float64{1})}
	r := b.run(t)
	seeds[b.head.Value].Shape = r.Values[b.head.Value].Shape
	g, err := engine.Backward(t.Context(), b.graph, r.Values, seeds, engine.BackwardOptions[float64]{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var mixed = []float64{0, 1, 2, 1, 0, 2, 1, 3}

func TestGradientsAreDifferences(t *testing.T) {
	for _, l := range Losses {
		t.Run(l.Name(), func(t *testing.T) {
			b := newBatch(t, l, mixed, 3, 5)
			g := b.gradients(t)
			b.compare(t, "embeddings", b.inputs["x"], g.Values["x"])
			for _, p := range b.head.Params {
				b.compare(t, p.Name, tensor.As[float64](p.Value), g.Param(p))
			}
		})
	}
}

// compare moves one number at a time.
func (b *batch) compare(t *testing.T, what string, x, got *tensor.Tensor[float64]) {
	t.Helper()
	const step = 1e-6
	if got == nil {
		t.Fatalf("%s: no gradient", what)
	}
	for i, old := range x.Data {
		x.Data[i] = old + step
		up := b.value(t)
		x.Data[i] = old - step
		down := b.value(t)
		x.Data[i] = old
		want := (up - down) / (2 * step)
		if !(math.Abs(got.Data[i]-want) <= 1e-6*(1+math.Abs(want))) {
			t.Errorf("%s at %v: got %v, differences %v", what, x.Shape.Index(i), got.Data[i], want)
		}
	}
}

// TestExtremes: whatever a batch looks like, loss and gradients are numbers.
func TestExtremes(t *testing.T) {
	same := func(v float64) []float64 { return slices.Repeat([]float64{v}, 8) }
	for _, l := range Losses {
		for _, c := range []struct {
			name   string
			labels []float64
			change func(x *tensor.Tensor[float64])
		}{
			{"one class only", same(2), func(*tensor.Tensor[float64]) {}},
			{"every class once", []float64{0, 1, 2, 3, 4}, func(*tensor.Tensor[float64]) {}},
			{"a single sample", []float64{1}, func(*tensor.Tensor[float64]) {}},
			{"zero vector", mixed, func(x *tensor.Tensor[float64]) { clear(x.Data[3:6]) }},
			{"nothing but zeros", mixed, func(x *tensor.Tensor[float64]) { clear(x.Data) }},
			{"duplicates", mixed, func(x *tensor.Tensor[float64]) { copy(x.Data[6:9], x.Data[:3]); copy(x.Data[12:15], x.Data[:3]) }},
			{"all equal, other classes", mixed, func(x *tensor.Tensor[float64]) {
				for i := 3; i < len(x.Data); i++ {
					x.Data[i] = x.Data[i-3]
				}
			}},
			{"opposite", mixed, func(x *tensor.Tensor[float64]) {
				for i := 3; i < 6; i++ {
					x.Data[i] = -x.Data[i-3]
				}
			}},
			{"huge", mixed, func(x *tensor.Tensor[float64]) { scaled(x, 1e4) }},
			{"tiny", mixed, func(x *tensor.Tensor[float64]) { scaled(x, 1e-12) }},
		} {
			t.Run(fmt.Sprintf("%s/%s", l.Name(), c.name), func(t *testing.T) {
				b := newBatch(t, l, c.labels, 3, 5)
				c.change(b.inputs["x"])
				if v := b.value(t); v-v != 0 {
					t.Errorf("loss %v", v)
				}
				g := b.gradients(t)
				checkFinite(t, g.Values["x"])
				for _, p := range b.head.Params {
					checkFinite(t, g.Param(p))
				}
			})
		}
	}
}

func scaled(x *tensor.Tensor[float64], by float64) {
	for i := range x.Data {
		x.Data[i] *= by
	}
}

func checkFinite(t *testing.T, g *tensor.Tensor[float64]) {
	t.Helper()
	for i, v := range g.Data {
		if v-v != 0 {
			t.Fatalf("gradient %v at %v", v, g.Shape.Index(i))
		}
	}
}

// TestTemperature: |Scale n(x) - Scale n(p)|^2 is 2 Scale^2 (1 - cos), so that Proxy-NCA is a softmax of cosines with alpha = 2 Scale^2.
func TestTemperature(t *testing.T) {
	near := newBatch(t, ProxyNCASoftmax{Scale: 3}, mixed, 3, 5)
	cosines := newBatch(t, NormFace{Scale: 18}, mixed, 3, 5)
	p := tensor.As[float64](near.head.Params[0].Value)
	cosines.head.Params[0].Value = tensor.Permute(p, 1, 0)
	if got, want := near.value(t), cosines.value(t); math.Abs(got-want) > 1e-12*want {
		t.Errorf("got %v, want %v", got, want)
	}
	got, want := near.gradients(t).Values["x"], cosines.gradients(t).Values["x"]
	for i, v := range want.Data {
		if math.Abs(got.Data[i]-v) > 1e-11 {
			t.Errorf("gradient %d: got %v, want %v", i, got.Data[i], v)
		}
	}
}

// TestSetAlpha: a temperature that is changed later is as one that was there from the start.
func TestSetAlpha(t *testing.T) {
	for _, l := range Losses {
		b := newBatch(t, l, mixed, 3, 5)
		tempered, ok := l.(Tempered)
		err := b.head.SetAlpha(b.graph, 4)
		if ok != (err == nil) {
			t.Errorf("%s: tempered %v, error %v", l.Name(), ok, err)
		}
		if !ok || err != nil {
			continue
		}
		if got, want := b.value(t), newBatch(t, tempered.Temper(4), mixed, 3, 5).value(t); got != want {
			t.Errorf("%s: got %v, want %v", l.Name(), got, want)
		}
	}
}

// TestScaleOfEmbeddings: where they are normalised, it does not matter.
func TestScaleOfEmbeddings(t *testing.T) {
	for _, l := range Losses {
		switch l := l.(type) {
		case Softmax, BN:
			continue
		case Contrastive:
			if l.Raw {
				continue
			}
		}
		b := newBatch(t, l, mixed, 3, 5)
		want := b.value(t)
		if scaled(b.inputs["x"], 64); math.Abs(b.value(t)-want) > 1e-12*math.Abs(want) {
			t.Errorf("%s: got %v, want %v", l.Name(), b.value(t), want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		l              Loss
		batch, classes int
	}{{ProxyNCA{Scale: 1}, 4, 1}, {Softmax{}, 4, 0}, {SupCon{Temperature: 1}, 0, 3}} {
		g := &graph.Graph{Inputs: []graph.Input{{Name: "x", Shape: tensor.Shape{c.batch, 2}}, {Name: "y", Shape: tensor.Shape{c.batch}}}}
		if _, err := Attach(g, c.l, Ends{Embedding: "x", Labels: "y", Batch: c.batch, Dim: 2, Classes: c.classes}); err == nil {
			t.Errorf("%s with %d samples and %d classes: no error", c.l.Name(), c.batch, c.classes)
		}
	}
}

func TestLossesAreSorted(t *testing.T) {
	if !slices.IsSortedFunc(Losses, func(a, b Loss) int {
		switch {
		case a.Name() < b.Name():
			return -1
		case a.Name() > b.Name():
			return 1
		}
		return 0
	}) {
		t.Error("the losses are not in order")
	}
}

func TestHeating(t *testing.T) {
	h := Heating{From: 16, To: 4, At: 3, Rate: 0.1}
	ramp := Heating{From: 16, To: 4, At: 3, Ramp: 2}
	for i, want := range [][2]float64{{16, 16}, {16, 16}, {16, 16}, {4, 16}, {4, 8}, {4, 4}, {4, 4}} {
		if got := [2]float64{h.Alpha(i), ramp.Alpha(i)}; got != want {
			t.Errorf("iteration %d: got %v, want %v", i, got, want)
		}
	}
	policy, step := h.LearningRate(0.5), 0
	for i, want := range []float64{0.5, 0.5, 0.5, 0.05, 0.05} {
		step = policy.Step(i, step)
		if got := policy.Rate64(i, step); got != want {
			t.Errorf("iteration %d: rate %v, want %v", i, got, want)
		}
	}
	if got := Late(80, 20, 10); got != 610 {
		t.Errorf("heated at %d", got)
	}
	for _, h := range []Heating{{}, {From: 1, At: 3}, {From: 1, To: 1, At: -1}} {
		if h.Check() == nil {
			t.Errorf("%+v: no error", h)
		}
	}
}
