package study

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"parity/googlenet/googlenettest"
	"parity/googlenet/tensor"
)

// narrow is a small GoogLeNet and pictures of noise for it, two of a class.
func narrow(t *testing.T, n int) (*Model, Images) {
	t.Helper()
	g, _ := googlenettest.Narrow(3)
	m, err := NewModel(g, "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Feature != "pool5/7x7_s1@pool5/drop_7x7_s1" || m.Output != "prob" {
		t.Fatalf("features %s and output %s", m.Feature, m.Output)
	}
	images := Images{Source: "noise", Input: func(_ context.Context, i int, words string) (*tensor.Tensor[float32], error) {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		x := tensor.New[float32](1, 3, 64, 64)
		for k := range x.Data {
			x.Data[k] = float32(50 * r.NormFloat64())
			if strings.HasPrefix(words, "bgr") {
				x.Data[k] /= 2
			}
		}
		return x, nil
	}}
	for i := range n {
		images.List = append(images.List, Image{Name: string(rune('a' + i)), Label: i / 2})
	}
	return m, images
}

func options() Options {
	return Options{Base: ParsePreparation("rgb,mean=1:2:3,resize=80x80,crop=64x64"), Batch: 2, Bounds: 1, Threads: 2}
}

func run(t *testing.T, f Factor, o Options, n int) *Result {
	t.Helper()
	m, images := narrow(t, n)
	r, err := Run(context.Background(), m, images, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What is the base moves nothing, whatever it is called.
func TestTheBaseMovesNothing(t *testing.T) {
	for _, f := range []Factor{padding, normalization} {
		f.Variants = append([]Variant{f.Variants[0], {ID: "again", Title: "the same", Prepare: set()}}, f.Variants[1:2]...)
		r := run(t, f, options(), 4)
		for i, v := range r.Variants {
			still := true
			for _, l := range v.Layers {
				still = still && l.Shapes == "" && l.Relative.Mean == 0 && l.Relative.High == 0 && l.Ratio.Worst == 0 && l.Beyond.Worst == 0
			}
			if want := i < 2; still != want {
				t.Errorf("%s: moves nothing: %v, want %v", v.ID, still, want)
			}
			if i < 2 && (v.Verdict != CannotTell || v.Top1.K != 4 || v.Recall.Gained+v.Recall.Lost != 0 || len(v.Images) > 0) {
				t.Errorf("%s: %+v", v.ID, v)
			}
		}
	}
}

// Neither threads nor an interruption change a bit of the result.
func TestThreadsAndInterruptionsChangeNothing(t *testing.T) {
	f, err := padding.Only([]string{"same", "reflect"})
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	want := run(t, f, o, 5)
	o.Threads = 1
	if got := run(t, f, o, 5); !reflect.DeepEqual(got, want) {
		t.Error("one thread gives another result")
	}
	store := memory{}
	o.Store = store
	ctx, stop := context.WithCancel(context.Background())
	o.Begin = func(batch, of int) {
		if of != 3 {
			t.Errorf("%d batches, want 3", of)
		}
		if batch == 1 {
			stop()
		}
	}
	m, images := narrow(t, 5)
	if _, err := Run(ctx, m, images, f, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	if len(store) != 1 {
		t.Fatalf("%d parts are stored, want 1", len(store))
	}
	o.Begin = nil
	if got := run(t, f, o, 5); !reflect.DeepEqual(got, want) || len(store) != 3 {
		t.Error("going on gives another result")
	}
}

// memory is a store.
type memory map[string][]byte

func (m memory) Load(name string, p any) (bool, error) {
	data, ok := m[name]
	if !ok {
		return false, nil
	}
	q := p.(*part)
	return true, json.Unmarshal(data, (*plain)(q))
}

func (m memory) Save(name string, p any) (err error) {
	m[name], err = json.Marshal((*plain)(p.(*part)))
	return err
}

type plain part

// Every variant runs, or says why it has nothing to change.
func TestEveryVariantRuns(t *testing.T) {
	absent := map[string]bool{"bn-epsilon-large": true, "bn-epsilon-small": true, "bn-batch": true}
	for _, f := range []Factor{padding, normalization} {
		r := run(t, f, options(), 2)
		for i, v := range r.Variants {
			if (v.Absent != "") != absent[v.ID] {
				t.Errorf("%s/%s: absent: %q", f.Name, v.ID, v.Absent)
			}
			if f.Variants[i].Graph != nil && v.Absent == "" && len(v.Changed) == 0 {
				t.Errorf("%s/%s changes no layer", f.Name, v.ID)
			}
		}
	}
}

func TestVariantsHaveTheirOwnNames(t *testing.T) {
	for _, f := range Factors {
		seen := map[string]bool{}
		for _, v := range f.Variants {
			if seen[v.ID] || v.ID == "" || v.Title == "" {
				t.Errorf("%s: variant %q (%s)", f.Name, v.ID, v.Title)
			}
			seen[v.ID] = true
		}
	}
}

// What the padding variants do to a strided convolution and to pools, in sizes and in layers.
func TestPaddingVariants(t *testing.T) {
	m, _ := narrow(t, 2)
	for id, want := range map[string]struct {
		layer string
		shape tensor.Shape
	}{
		"same": {"conv1/7x7_s2", tensor.Shape{1, 8, 32, 32}}, "valid": {"conv1/7x7_s2", tensor.Shape{1, 8, 29, 29}},
		"pool-floor": {"pool1/3x3_s2", tensor.Shape{1, 8, 15, 15}}, "pool-padded": {"pool1/3x3_s2", tensor.Shape{1, 8, 16, 16}},
		"reflect": {"conv1/7x7_s2", tensor.Shape{1, 8, 32, 32}},
	} {
		f, err := padding.Only([]string{id})
		if err != nil {
			t.Fatal(err)
		}
		a, err := f.Variants[1].apply(m, Preparation{})
		if err != nil {
			t.Fatal(err)
		}
		shapes, err := a.graph.Shapes(m.shapes(1))
		if err != nil {
			t.Fatal(err)
		}
		if !shapes[want.layer].Equal(want.shape) {
			t.Errorf("%s: %s is %v, want %v", id, want.layer, shapes[want.layer], want.shape)
		}
	}
}

func TestPreparations(t *testing.T) {
	base := ParsePreparation("bgr,resize=256x256,crop=224x224,mean=104:117:123")
	for id, want := range map[string]string{
		"order": "resize=256x256,crop=224x224,rgb,mean=123:117:104", "order-only": "resize=256x256,crop=224x224,mean=104:117:123,rgb",
		"mean-order": "bgr,resize=256x256,crop=224x224,mean=123:117:104", "mean-none": "bgr,resize=256x256,crop=224x224",
		"isotropic": "bgr,crop=224x224,mean=104:117:123,shorter=256", "stretched": "bgr,mean=104:117:123",
		"signed": "bgr,resize=256x256,crop=224x224,mean=127.5,scale=1/127.5", "filter-area": "bgr,resize=256x256,crop=224x224,mean=104:117:123,filter=area",
		"larger": "bgr,crop=224x224,mean=104:117:123,resize=288x288",
	} {
		f, err := preprocessing.Only([]string{id})
		if err != nil {
			t.Fatal(err)
		}
		if p, err := f.Variants[1].Prepare(base); err != nil || p.String() != want {
			t.Errorf("%s: %s (%v), want %s", id, p, err, want)
		}
	}
	if _, err := isotropicOf(ParsePreparation("rgb")); !errors.As(err, new(Absent)) {
		t.Errorf("nothing to resize: %v", err)
	}
}

func isotropicOf(p Preparation) (Preparation, error) {
	f, err := preprocessing.Only([]string{"isotropic"})
	if err != nil {
		return p, err
	}
	return f.Variants[1].Prepare(p)
}

// A variant helps or hurts where the test says so for all variants together.
func TestVerdicts(t *testing.T) {
	m, images := narrow(t, 40)
	r, err := newRunner(m, images, normalization, options())
	if err != nil {
		t.Fatal(err)
	}
	good, bad := make([][]float32, 40), make([][]float32, 40)
	for i := range good {
		good[i] = []float32{float32(i / 2), 1} // next to its partner
		bad[i] = []float32{float32(i % 20), 1} // next to another one
	}
	before, after := r.partners(good, good, Raw), r.partners(bad, bad, Raw)
	row := func(a, b []found) Row {
		return Row{Top1: newFraction(1, 2), Features: newMean([]float64{1}), Recall: compared(a, b)}
	}
	rows := []Row{row(before, before), row(before, after), row(after, before), row(before, before)}
	judge(rows)
	for i, want := range []string{CannotTell, Hurts, Helps, CannotTell} {
		if rows[i].Verdict != want {
			t.Errorf("row %d: %s (%+v)", i, rows[i].Verdict, rows[i].Recall)
		}
	}
}

func TestStudyRefuses(t *testing.T) {
	m, images := narrow(t, 2)
	if _, err := FactorNamed("colour"); err == nil || !strings.Contains(err.Error(), "padding") {
		t.Error(err)
	}
	if _, err := padding.Only([]string{"sideways"}); err == nil || !strings.Contains(err.Error(), "sideways") {
		t.Error(err)
	}
	if _, err := Run(context.Background(), m, Images{}, padding, options()); err == nil {
		t.Error("no images are studied")
	}
	if _, err := NewModel(m.Graph, "nothing", "", nil); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Error(err)
	}
	images.Input = func(context.Context, int, string) (*tensor.Tensor[float32], error) {
		return tensor.New[float32](1, 3, 5, 7), nil
	}
	if _, err := Run(context.Background(), m, images, padding, options()); err == nil || !strings.Contains(err.Error(), "a: prepared as") {
		t.Error(err)
	}
}
