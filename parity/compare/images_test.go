package compare

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/engine"
	"parity/googlenet/googlenettest"
	"parity/googlenet/graph"
	"parity/googlenet/layer"
	"parity/googlenet/tensor"
	"parity/parity"
	"parity/parity/trace"
)

// photo is an image for the narrow network.
type photo = *tensor.Tensor[float32]

func noise(seed uint64) photo {
	r := rand.New(rand.NewPCG(seed, 7))
	x := tensor.New[float32](1, 3, 64, 64)
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64() * 50)
	}
	return x
}

func black() photo { return tensor.New[float32](1, 3, 64, 64) }

// traced runs a graph on an image.
func traced(t *testing.T, g *graph.Graph, x photo) *trace.Trace {
	t.Helper()
	r, err := engine.Run(t.Context(), g, map[string]*tensor.Tensor[float32]{g.Inputs[0].Name: x}, engine.Options[float32]{Keep: engine.All})
	if err != nil {
		t.Fatal(err)
	}
	out := &trace.Trace{Values: map[string]tensor.Any{}}
	for name, v := range r.Values {
		out.Values[name] = v
	}
	return out
}

// series compares over images; ports has the candidate for each of them, and fed what it is fed in their place.
type series struct {
	ref   *graph.Graph
	ports []*graph.Graph
	fed   []photo
	seen  []photo // what the candidate is fed, where that is something else
}

func newSeries(fed ...photo) *series {
	g, _ := googlenettest.Narrow(1)
	s := &series{ref: g, fed: fed, seen: fed}
	for range fed {
		s.ports = append(s.ports, g)
	}
	return s
}

// ported gives the candidate a network for some of the images.
func (s *series) ported(change func(g *graph.Graph), images ...int) *series {
	g, _ := googlenettest.Narrow(1)
	change(g)
	for _, i := range images {
		s.ports[i] = g
	}
	return s
}

func (s *series) images(t *testing.T) Images {
	list := Images{Traces: func(_ context.Context, i int) (ref, cand *trace.Trace, err error) {
		return traced(t, s.ref, s.fed[i]), traced(t, s.ports[i], s.seen[i]), nil
	}}
	for i := range s.fed {
		list.List = append(list.List, parity.Image{Name: fmt.Sprintf("photo%d", i)})
	}
	return list
}

func (s *series) sides(t *testing.T) (ref, cand Side) {
	ref = native(t, s.ref, s.fed[0])
	cand = ref
	cand.Graph = s.ports[0]
	ref.Info.Source, cand.Info.Source = "native", "native"
	return ref, cand
}

func (s *series) run(t *testing.T) *parity.Result {
	t.Helper()
	ref, cand := s.sides(t)
	r, err := RunImages(t.Context(), ref, cand, s.images(t), Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// deadChannel is a channel of the first convolution that a black image leaves below zero, so that nothing behind the ReLU
// depends on it.
func deadChannel(t *testing.T, g *graph.Graph) int {
	t.Helper()
	b := g.Node("conv1/7x7_s2").Params[1].Value.(*tensor.Tensor[float32])
	i := slices.IndexFunc(b.Data, func(v float32) bool { return v < 0 })
	if i < 0 {
		t.Fatal("no channel is dead")
	}
	return i
}

func wrongWeightOfADeadChannel(t *testing.T) func(g *graph.Graph) {
	return func(g *graph.Graph) {
		w := g.Node("conv2/3x3_reduce").Params[0].Value.(*tensor.Tensor[float32])
		w.Data[deadChannel(t, g)] += 0.5 // of the first output
	}
}

func soleFinding(t *testing.T, r *parity.Result) parity.Finding {
	t.Helper()
	if len(r.Findings) != 1 {
		t.Fatalf("findings: %+v", r.Findings)
	}
	return r.Findings[0]
}

func TestAFaultThatOneImageHidesIsFoundOverSeveral(t *testing.T) {
	alone := newSeries(black()).ported(wrongWeightOfADeadChannel(t), 0).run(t)
	if alone.Verdict != parity.Parity || len(alone.Findings) != 0 {
		t.Fatalf("the black image shows the fault: %s, %v", alone.Verdict, alone.Findings)
	}
	for _, order := range [][]photo{{black(), noise(1), black(), noise(2)}, {noise(1), black(), noise(2), black()}} {
		r := newSeries(order...).ported(wrongWeightOfADeadChannel(t), 0, 1, 2, 3).run(t)
		f := soleFinding(t, r)
		if r.Verdict != parity.Diverged || f.Layer != "conv2/3x3_reduce" || f.Cause != "weights.different" || f.Images != 2 {
			t.Errorf("got %s with %+v", r.Verdict, f)
		}
		first := slices.IndexFunc(order, func(x photo) bool { return x.Data[0] != 0 })
		if f.Image != fmt.Sprintf("photo%d", first) {
			t.Errorf("proven on %s", f.Image)
		}
		row := rowOf(t, r, "conv2/3x3_reduce")
		if row.Verdict != parity.Introduced || row.Images.Introduced != 2 || row.Images.Worst == "photo"+fmt.Sprint(1-first) || !(row.Isolated.Ratio > 1) {
			t.Errorf("row %+v with %+v", row, row.Images)
		}
		if after := rowOf(t, r, "prob"); after.Verdict != parity.Inherited || after.Images.Inherited != 2 {
			t.Errorf("row %+v with %+v", after, after.Images)
		}
		if r.Summary.Images != 4 || r.Summary.ImagesDiffering != 2 || r.Images[first].Verdict != parity.Diverged || r.Images[1-first].Verdict != parity.Parity {
			t.Errorf("summary %+v, images %+v", r.Summary, r.Images)
		}
	}
}

func TestEqualSidesAreParityOverAllImages(t *testing.T) {
	r := newSeries(noise(1), black(), noise(2)).run(t)
	if r.Verdict != parity.Parity || r.Summary.Match != 143 || len(r.Findings) != 0 || r.Summary.ImagesDiffering != 0 {
		t.Errorf("got %s, %+v, %v", r.Verdict, r.Summary, r.Findings)
	}
	worst := parity.Number(0)
	for _, image := range r.Images {
		worst = max(worst, image.WorstRatio)
	}
	if r.Summary.WorstRatio != worst {
		t.Errorf("the worst ratio is %v, that of the images %v", r.Summary.WorstRatio, worst)
	}
}

// mirrored is an image reversed in its columns, or in its channels.
func mirrored(x photo, channels bool) photo {
	out := tensor.New[float32](x.Shape...)
	h, w := x.Shape[2], x.Shape[3]
	for i, v := range x.Data {
		c, y, k := i/(h*w), i/w%h, i%w
		if channels {
			c = 2 - c
		} else {
			k = w - 1 - k
		}
		out.Data[(c*h+y)*w+k] = v
	}
	return out
}

// ambiguous is an image that its mirror image and its reversed channels make the same of.
func ambiguous() photo {
	x := noise(3)
	n := 64 * 64
	blue := mirrored(x, false)
	copy(x.Data[2*n:], blue.Data[:n])
	for y := range 64 {
		row := x.Data[n+y*64 : n+(y+1)*64]
		for k := range 32 {
			row[63-k] = row[k]
		}
	}
	return x
}

func TestAnotherImageBreaksATie(t *testing.T) {
	s := newSeries(ambiguous())
	s.seen = []photo{mirrored(s.fed[0], false)}
	if f := soleFinding(t, s.run(t)); f.Cause != "input.channel-order" || !slices.Contains(f.Indistinguishable, "input.flip") {
		t.Fatalf("one image should not tell: %+v", f)
	}
	s = newSeries(ambiguous(), noise(1))
	s.seen = []photo{mirrored(s.fed[0], false), mirrored(s.fed[1], false)}
	if f := soleFinding(t, s.run(t)); f.Cause != "input.flip" || len(f.Indistinguishable) != 0 || f.Images != 2 || f.Image != "photo1" {
		t.Errorf("got %+v", f)
	}
	s.seen = []photo{mirrored(s.fed[0], true), mirrored(s.fed[1], true)}
	if f := soleFinding(t, s.run(t)); f.Cause != "input.channel-order" || len(f.Indistinguishable) != 0 || f.Images != 2 {
		t.Errorf("got %+v", f)
	}
}

func shiftedPadding(g *graph.Graph) {
	n := g.Node("conv1/7x7_s2")
	l := n.Layer.(layer.Convolution)
	l.Padding = layer.Padding{Mode: layer.SameUpper}
	n.Layer = l
}

// What explains one image and would change another that is right is no explanation.
func TestAnImageRefutesWhatAnotherProves(t *testing.T) {
	f := soleFinding(t, newSeries(noise(1), noise(2)).ported(shiftedPadding, 0).run(t))
	if f.Cause != parity.Unexplained || !strings.Contains(f.Explanation, "conv.padding, as reproduces photo0, does not reproduce photo1") || f.Images != 1 {
		t.Errorf("got %+v", f)
	}
	f = soleFinding(t, newSeries(noise(1), noise(2)).ported(shiftedPadding, 0, 1).run(t))
	if f.Cause != "conv.padding" || f.Images != 2 {
		t.Errorf("got %+v", f)
	}
}

// Images that nothing explained are looked at again once another one has a proof.
func TestALaterProofExplainsEarlierImages(t *testing.T) {
	s := newSeries(noise(1), noise(2)).ported(shiftedPadding, 0, 1)
	ref, cand := s.sides(t)
	m := &manyImages{ref: ref, cand: cand, images: s.images(t), opt: Options{Threads: 2}, proven: map[int][]*proven{}}
	if err := m.image(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	for k := range m.proven {
		m.proven[k] = []*proven{{findings: []parity.Finding{{Layer: "conv1/7x7_s2", Cause: parity.Unexplained, Severity: parity.Error}}, images: []int{0}, refuted: -1}}
	}
	if err := m.image(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if n := len(m.result().Findings); n != 2 {
		t.Fatalf("%d findings before the second look", n)
	}
	if err := m.revisit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f := soleFinding(t, m.result()); f.Cause != "conv.padding" || f.Images != 2 || f.Image != "photo1" {
		t.Errorf("got %+v", f)
	}
}

func TestImagesStopWhenAsked(t *testing.T) {
	s := newSeries(noise(1), noise(2), noise(3))
	ref, cand := s.sides(t)
	ctx, stop := context.WithCancel(t.Context())
	images, begun := s.images(t), 0
	images.Begin = func(i int) {
		if begun++; i == 1 {
			stop()
		}
	}
	if _, err := RunImages(ctx, ref, cand, images, Options{Threads: 2}); !errors.Is(err, context.Canceled) || begun != 2 {
		t.Errorf("got %v after %d images", err, begun)
	}
}
