package sketch

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parity/googlenet/tensor"
)

// layouts are tensors with as many dimensions and channels as people record.
var layouts = []struct {
	shape tensor.Shape
	axis  int
}{{tensor.Shape{2, 24, 17, 13}, 1}, {tensor.Shape{2, 17, 13, 24}, 3}, {tensor.Shape{3, 1000}, 1}, {tensor.Shape{4001}, -1}, {tensor.Shape{1, 5, 7, 3}, 1}}

func drawn(r *rand.Rand, shape tensor.Shape) (x *tensor.Tensor[float32], limit *tensor.Tensor[float64]) {
	x, limit = tensor.New[float32](shape...), tensor.New[float64](shape...)
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
		limit.Data[i] = 1e-6 * (0.5 + r.Float64()) * math.Abs(float64(x.Data[i]))
	}
	return x, limit
}

func made(t *testing.T, x tensor.Any, axis int) *Sketch {
	t.Helper()
	s, err := Of("conv1", x, axis, 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// No difference within the bounds is an alarm, the worst included: every element at its bound, in the direction of its sign.
func TestWithinTheBoundsIsWithinTheLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, l := range layouts {
		x, limit := drawn(r, l.shape)
		for name, direction := range map[string]func(s *Sketch, i int) float64{
			"nothing":   func(*Sketch, int) float64 { return 0 },
			"any":       func(*Sketch, int) float64 { return 2*r.Float64() - 1 },
			"the signs": func(s *Sketch, i int) float64 { return map[bool]float64{true: -1, false: 1}[sign(s.Seed, i)] },
			"up":        func(*Sketch, int) float64 { return 1 },
			"down":      func(*Sketch, int) float64 { return -1 },
		} {
			s := made(t, x, l.axis)
			other := tensor.As[float64](x).Clone()
			for i := range other.Data {
				other.Data[i] -= direction(s, i) * limit.Data[i] * (1 - 1e-9) // the subtraction rounds
			}
			d, vacuous := s.Judge(other, limit)
			if !d.Ratio.Within() || vacuous {
				t.Errorf("%v %s: ratio %g, vacuous %v", l.shape, name, float64(d.Ratio), vacuous)
			}
			if name == "the signs" && d.Ratio < 0.8 {
				t.Errorf("%v: the worst that is allowed is at %g of the limit: it is too wide", l.shape, float64(d.Ratio))
			}
			if name == "nothing" && d.Ratio > 0.1 {
				t.Errorf("%v: the same tensor is at %g", l.shape, float64(d.Ratio))
			}
		}
	}
}

// What the documentation says cannot be missed is not missed: not in any place, not with the others' worst.
func TestWhatCannotBeMissed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, l := range layouts {
		x, limit := drawn(r, l.shape)
		s := made(t, x, l.axis)
		exact := tensor.As[float64](x)
		element, offset := s.Power(exact, limit)
		for range 300 {
			other := exact.Clone()
			for i := range other.Data {
				other.Data[i] += (2*r.Float64() - 1) * limit.Data[i]
			}
			at := r.IntN(len(other.Data))
			other.Data[at] = exact.Data[at] + 1.01*element
			if d, _ := s.Judge(other, limit); d.Ratio.Within() {
				t.Fatalf("%v: an element that is off by %g at %d passes", l.shape, 1.01*element, at)
			}
		}
		other := exact.Clone()
		for i := range other.Data {
			other.Data[i] += 1.01*offset + (2*r.Float64()-1)*limit.Data[i]
		}
		if d, _ := s.Judge(other, limit); d.Ratio.Within() {
			t.Errorf("%v: an offset of %g passes", l.shape, 1.01*offset)
		}
	}
}

func TestFaultsThatAreSeen(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	x, limit := drawn(r, tensor.Shape{2, 24, 17, 13})
	s, exact := made(t, x, 1), tensor.As[float64](x)
	for name, change := range map[string]func(o *tensor.Tensor[float64]){
		"NaN":            func(o *tensor.Tensor[float64]) { o.Data[77] = math.NaN() },
		"infinite":       func(o *tensor.Tensor[float64]) { o.Data[77] = math.Inf(-1) },
		"zeros":          func(o *tensor.Tensor[float64]) { clear(o.Data) },
		"reversed":       func(o *tensor.Tensor[float64]) { slices.Reverse(o.Data) },
		"two exchanged":  func(o *tensor.Tensor[float64]) { o.Data[3], o.Data[4000] = o.Data[4000], o.Data[3] },
		"the negative":   func(o *tensor.Tensor[float64]) { scale(o, -1) },
		"scaled by 1e-5": func(o *tensor.Tensor[float64]) { scale(o, 1+1e-5) },
		"images exchanged": func(o *tensor.Tensor[float64]) {
			half := len(o.Data) / 2
			copy(o.Data, append(slices.Clone(o.Data[half:]), o.Data[:half]...))
		},
		"clipped":            func(o *tensor.Tensor[float64]) { clip(o, 2.5) },
		"shifted by a pixel": func(o *tensor.Tensor[float64]) { copy(o.Data, o.Data[1:]) },
	} {
		other := exact.Clone()
		change(other)
		if d, _ := s.Judge(other, limit); d.Ratio.Within() {
			t.Errorf("%s: ratio %g", name, float64(d.Ratio))
		}
	}
	huge := tensor.New[float64](x.Shape...)
	for i := range huge.Data {
		huge.Data[i] = 1e6
	}
	if _, vacuous := s.Judge(exact, huge); !vacuous {
		t.Error("limits beyond the values are not found to say nothing")
	}
}

func scale(o *tensor.Tensor[float64], by float64) {
	for i := range o.Data {
		o.Data[i] *= by
	}
}

func clip(o *tensor.Tensor[float64], at float64) {
	for i := range o.Data {
		o.Data[i] = min(o.Data[i], at)
	}
}

// A run is missed with a probability below 13/16 where the difference has a norm of 4 L; here over many draws of the signs.
func TestProbabilityOfMissing(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	x, limit := drawn(r, tensor.Shape{200})
	missed, draws := 0, 2000
	for seed := range draws {
		s, err := Of("x", x, -1, 100, uint64(seed))
		if err != nil {
			t.Fatal(err)
		}
		s.Moments = nil // the signed sums alone
		sum := s.sums(tensor.As[float64](x).Data, limit.Data)[0]
		other := tensor.As[float64](x).Clone()
		norm := 4.0 * sum.limit(s.Sums[0])
		for i := range other.Data {
			other.Data[i] += norm / math.Sqrt(200)
		}
		if math.Abs(float64(s.Sums[0])-s.sums(other.Data, nil)[0].value) <= sum.limit(s.Sums[0]) {
			missed++
		}
	}
	if p := float64(missed) / float64(draws); p > 13.0/16 || p < 0.1 {
		t.Errorf("missed %.3f, want below %.3f, and near 0.2 for so many elements", p, 13.0/16)
	}
}

func TestSize(t *testing.T) {
	x := tensor.New[float32](1, 64, 112, 112)
	for i := range x.Data {
		x.Data[i] = float32(i % 17)
	}
	s, err := Of("conv1", x, 1, DefaultSize, 1)
	if err != nil {
		t.Fatal(err)
	}
	if n := s.Numbers() * DefaultSize; n > len(x.Data)*11/10 || n < len(x.Data)/2 {
		t.Errorf("%d numbers for %d elements", s.Numbers(), len(x.Data))
	}
}

func TestWhatHasNoSketch(t *testing.T) {
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), 3e38, 1e30} {
		if _, err := Of("x", tensor.From([]float32{v, v}, 2), -1, 1, 1); err == nil {
			t.Errorf("%g has a sketch", v)
		}
	}
}

func TestStored(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, l := range layouts {
		x, _ := drawn(r, l.shape)
		for _, any := range []tensor.Any{x, tensor.As[float64](x)} {
			s := made(t, any, l.axis)
			arrays := map[string]tensor.Any{}
			var order []string
			s.Arrays("a|b", func(n string, t tensor.Any) { arrays[n], order = t, append(order, n) })
			back, err := Read("a|b", func(n string) (tensor.Any, bool) { t, ok := arrays[n]; return t, ok })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(s, back); diff != "" {
				t.Error(diff)
			}
			if names, err := Names(order); err != nil || !slices.Equal(names, []string{"a|b"}) {
				t.Errorf("names %v, %v", names, err)
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	x, _ := drawn(rand.New(rand.NewPCG(1, 1)), tensor.Shape{2, 6, 30})
	set := func(end string, at int, v float64) func(map[string]tensor.Any) {
		return func(a map[string]tensor.Any) {
			switch d := a["x"+end].(type) {
			case *tensor.Tensor[float64]:
				d.Data[at] = v
			case *tensor.Tensor[float32]:
				d.Data[at] = float32(v)
			}
		}
	}
	for want, damage := range map[string]func(map[string]tensor.Any){
		"no array x|sums":         func(a map[string]tensor.Any) { delete(a, "x|sums") },
		"another version":         set(endForm, 0, 2),
		"no whole number":         set(endForm, 2, 0.5),
		"form is damaged":         set(endForm, 2, 0),
		"axis 3":                  set(endForm, 3, 3),
		"groups of 0":             set(endForm, 4, 0),
		"should hold":             set(endForm, 6, 3),
		"without elements":        set(endForm, 6, 0),
		"not finite":              set(endSums, 1, math.NaN()),
		"shape ?x6x30":            set(endForm, 6, -1),
		"should hold 9 sums":      func(a map[string]tensor.Any) { a["x|sums"] = tensor.From([]float32{1}, 1) },
		"and 2 groups of moments": func(a map[string]tensor.Any) { a["x|moments"] = tensor.From([]float32{1}, 1) },
	} {
		arrays := map[string]tensor.Any{}
		made(t, x, 1).Arrays("x", func(n string, t tensor.Any) { arrays[n] = t })
		damage(arrays)
		_, err := Read("x", func(n string) (tensor.Any, bool) { t, ok := arrays[n]; return t, ok })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, names := range [][]string{{"x|sums"}, {"x"}, {"x|form", "y|moments"}} {
		if _, err := Names(names); err == nil {
			t.Errorf("%v are taken for sketches", names)
		}
	}
}
