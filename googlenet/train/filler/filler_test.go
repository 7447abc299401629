package filler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// drawn is a filler with shapes of which each has at least samples independent elements.
type drawn struct {
	f Filler
	s tensor.Shape
	// The law's moments in closed form.
	mean, std float64
}

// samples is the size of the tests' samples and significance the probability with which a right sampler fails one of them, for
// another seed than the tests' own.
const (
	samples      = 40000
	significance = 1e-4
)

var fillers = map[string]drawn{
	"constant":         {Constant{0.3}, tensor.Shape{5, 8000}, 0.3, 0},
	"uniform":          {Uniform{-2, 3}, tensor.Shape{samples}, 0.5, 5 / math.Sqrt(12)},
	"gaussian":         {Gaussian{0.5, 0.1, Dense}, tensor.Shape{5, 8000}, 0.5, 0.1},
	"gaussian, sparse": {Gaussian{0.5, 2, 10}, tensor.Shape{50, 800}, 0.1, math.Sqrt(0.2*(4+0.25) - 0.01)},
	"gaussian, zeros":  {Gaussian{0.5, 2, 0}, tensor.Shape{50, 800}, 0, 0},
	"gaussian, all":    {Gaussian{0.5, 2, 50}, tensor.Shape{50, 800}, 0.5, 2},
	"xavier in":        {Xavier{FanIn}, tensor.Shape{50, 200, 2, 3}, 0, 1 / math.Sqrt(1200)},
	"xavier out":       {Xavier{FanOut}, tensor.Shape{50, 200, 2, 3}, 0, 1 / math.Sqrt(300)},
	"xavier average":   {Xavier{Average}, tensor.Shape{50, 200, 2, 3}, 0, 1 / math.Sqrt(750)},
	"msra in":          {MSRA{FanIn}, tensor.Shape{50, 200, 2, 3}, 0, math.Sqrt(2. / 1200)},
	"msra out":         {MSRA{FanOut}, tensor.Shape{50, 200, 2, 3}, 0, math.Sqrt(2. / 300)},
	"msra average":     {MSRA{Average}, tensor.Shape{50, 200, 2, 3}, 0, math.Sqrt(2. / 750)},
	"xavier, one axis": {Xavier{FanIn}, tensor.Shape{samples}, 0, 1},
	"msra, one axis":   {MSRA{FanOut}, tensor.Shape{samples}, 0, math.Sqrt(2. / samples)},
	// TensorFlow's weights are [kernel..., inputs, outputs].
	"truncated_gaussian":              {TruncatedGaussian{-3, 2}, tensor.Shape{samples}, -3, 2 * 0.8796256610342398},
	"variance_scaling in":             {VarianceScaling{3, FanIn, Truncated}, tensor.Shape{2, 3, 50, 200}, 0, math.Sqrt(3. / 300)},
	"variance_scaling out":            {VarianceScaling{3, FanOut, Untruncated}, tensor.Shape{2, 3, 50, 200}, 0, math.Sqrt(3. / 1200)},
	"variance_scaling average":        {VarianceScaling{3, Average, Even}, tensor.Shape{2, 3, 50, 200}, 0, math.Sqrt(3. / 750)},
	"variance_scaling, one axis":      {VarianceScaling{3, FanIn, Even}, tensor.Shape{samples}, 0, math.Sqrt(3. / samples)},
	"variance_scaling, one axis, out": {VarianceScaling{3, FanOut, Even}, tensor.Shape{samples}, 0, math.Sqrt(3. / samples)},
	"orthogonal, high":                {Orthogonal{1.2}, tensor.Shape{4, 100, 120}, 0, 1.2 / 20},
	"orthogonal, wide":                {Orthogonal{-1}, tensor.Shape{100, 400}, 0, 0.05},
	"identity":                        {Identity{2}, tensor.Shape{100, 400}, 2. / 400, 2 * math.Sqrt(1./400-1./160000)},
	// The tents of size 3 are 1/2, 1, 1/2.
	"bilinear": {Bilinear{}, tensor.Shape{45, 100, 3, 3}, 4. / 9, math.Sqrt(0.25 - 16./81)},
	// u/(u+v) has the density 1/(2 (1-x)^2) below 1/2 and 1/(2 x^2) above.
	"positive_unitball of 1": {PositiveUnitball{}, tensor.Shape{samples, 1}, 1, 0},
	"positive_unitball of 2": {PositiveUnitball{}, tensor.Shape{samples, 2}, 0.5, math.Sqrt(0.75 - math.Ln2)},
}

func law(t *testing.T, f Filler, s tensor.Shape) Law {
	t.Helper()
	l, err := f.Law(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLawsHaveTheirMoments(t *testing.T) {
	for name, d := range fillers {
		l := law(t, d.f, d.s)
		if !(math.Abs(l.Mean()-d.mean) <= 1e-12) || !(math.Abs(l.Std()-d.std) <= 1e-9) {
			t.Errorf("%s: mean %v and standard deviation %v, want %v and %v", name, l.Mean(), l.Std(), d.mean, d.std)
		}
	}
}

// distance is that of Kolmogorov and Smirnov: the largest difference of the sample's distribution function and the law's, on
// either side of every element, so that it holds for laws with jumps too.
func distance(l Law, sample []float64) float64 {
	sorted := slices.Sorted(slices.Values(sample))
	n, worst := float64(len(sorted)), 0.0
	for i := 0; i < len(sorted); {
		v, below := sorted[i], float64(i)/n
		for i < len(sorted) && sorted[i] == v {
			i++
		}
		worst = max(worst, math.Abs(l.CDF(math.Nextafter(v, math.Inf(-1)))-below), math.Abs(l.CDF(v)-float64(i)/n))
	}
	return worst
}

// limit is what the distance of n independent draws exceeds with probability significance at most: P(D > d) <= 2 exp(-2 n d^2)
// (Dvoretzky, Kiefer, Wolfowitz 1956; the constant: Massart 1990).
func limit(n int) float64 { return math.Sqrt(math.Log(2/significance) / 2 / float64(n)) }

// draw returns the elements of a tensor that are independent of one another.
func draw(f Filler, s tensor.Shape) []float64 {
	to := make([]float64, s.Len())
	f.Draw(rand.New(rand.NewPCG(11, 12)), s, to)
	if _, ok := f.(PositiveUnitball); !ok {
		return to
	}
	var first []float64
	for i := 0; i < len(to); i += s[1:].Len() {
		first = append(first, to[i])
	}
	return first
}

// TestDrawsFollowTheirLaw is a Kolmogorov-Smirnov test of at least 40000 draws of each filler.
func TestDrawsFollowTheirLaw(t *testing.T) {
	check := func(name string, f Filler, s tensor.Shape) {
		l, sample := law(t, f, s), draw(f, s)
		if len(sample) < samples {
			t.Fatalf("%s: %d samples", name, len(sample))
		}
		if d := distance(l, sample); !(d <= limit(len(sample))) {
			t.Errorf("%s: distance %v of %d samples, at most %v at significance %g", name, d, len(sample), limit(len(sample)), significance)
		}
		lo, hi := l.Support()
		if slices.Min(sample) < lo || slices.Max(sample) > hi {
			t.Errorf("%s: [%v, %v] is not within [%v, %v]", name, slices.Min(sample), slices.Max(sample), lo, hi)
		}
	}
	for name, d := range fillers {
		check(name, d.f, d.s)
	}
	for _, n := range []int{3, 7, 40} {
		check(fmt.Sprintf("positive_unitball of %d", n), PositiveUnitball{}, tensor.Shape{samples, n})
	}
}

// TestOtherLawsAreRejected: the test above tells fillers apart.
func TestOtherLawsAreRejected(t *testing.T) {
	s := tensor.Shape{50, 200, 2, 3}
	for _, row := range [][2]Filler{
		{Xavier{FanIn}, Xavier{Average}}, {Xavier{FanIn}, Gaussian{0, 1 / math.Sqrt(1200), Dense}}, {MSRA{FanOut}, MSRA{Average}},
		{Gaussian{0, 1, 10}, Gaussian{0, 1, 11}}, {Gaussian{0, 1, Dense}, Gaussian{0.05, 1, Dense}}, {Uniform{0, 1}, Uniform{0, 1.03}},
		{TruncatedGaussian{0, 1}, Gaussian{0, TruncatedStd, Dense}}, {TruncatedGaussian{0, 1}, TruncatedGaussian{0, 1.03}},
		{VarianceScaling{1, FanIn, Truncated}, VarianceScaling{1, FanIn, Untruncated}}, {VarianceScaling{1, FanIn, Even}, VarianceScaling{1, FanOut, Even}},
		{VarianceScaling{1, FanOut, Even}, VarianceScaling{1, Average, Even}}, {Orthogonal{1}, Orthogonal{1.03}},
	} {
		if d := distance(law(t, row[1], s), draw(row[0], s)); d <= limit(s.Len()) {
			t.Errorf("%v passes for %v: distance %v", row[0], row[1], d)
		}
	}
}

// TestSharesAreConsistent holds the moments of the law against integrals of its distribution function.
func TestSharesAreConsistent(t *testing.T) {
	for _, n := range []int{2, 3, 7, 40, 288} {
		l := ShareLaw{n}
		const steps = 20000
		mean, square, before := 0.0, 0.0, 0.0
		for i := range steps {
			x := (float64(i) + 0.5) / steps
			p := l.CDF(x)
			if p < before {
				t.Fatalf("of %d: the distribution function falls at %v", n, x)
			}
			before = p
			mean += (1 - p) / steps
			square += 2 * x * (1 - p) / steps
		}
		if std := math.Sqrt(square - mean*mean); !(math.Abs(mean-l.Mean()) <= 1e-6) || !(math.Abs(std-l.Std()) <= 1e-5) {
			t.Errorf("of %d: mean %v and standard deviation %v, want %v and %v", n, l.Mean(), l.Std(), mean, std)
		}
	}
}

// TestOrthogonalMatrices: the columns, or rows, are perpendicular and of length Gain.
func TestOrthogonalMatrices(t *testing.T) {
	for _, s := range []tensor.Shape{{3, 4, 5}, {4, 7}, {6, 6}, {5, 1}} {
		to := make([]float64, s.Len())
		Orthogonal{1.5}.Draw(rand.New(rand.NewPCG(1, 1)), s, to)
		rows, cols := matrix(s)
		n, across, along := cols, 1, cols
		if rows < cols {
			n, across, along = rows, cols, 1
		}
		for a := range n {
			for b := range n {
				sum, want := 0.0, 0.0
				for i := range max(rows, cols) {
					sum += to[a*across+i*along] * to[b*across+i*along]
				}
				if a == b {
					want = 1.5 * 1.5
				}
				if math.Abs(sum-want) > 1e-14 {
					t.Errorf("%v: product of %d and %d is %v, want %v", s, a, b, sum, want)
				}
			}
		}
	}
}

// TestSphereLaw: in two dimensions the law is the arcsine's, in three it is uniform (Archimedes); in many it is nearly normal.
func TestSphereLaw(t *testing.T) {
	for x := -2.5; x < 2.5; x += 0.125 {
		in := min(max(x/2, -1), 1)
		if got, want := (SphereLaw{2, 2}).CDF(x), 0.5+math.Asin(in)/math.Pi; math.Abs(got-want) > 1e-14 {
			t.Errorf("at %v: %v, want %v", x, got, want)
		}
		// In four: the area of a half disc beyond a chord.
		if got, want := (SphereLaw{4, 2}).CDF(x), 0.5+(math.Asin(in)+in*math.Sqrt(1-in*in))/math.Pi; math.Abs(got-want) > 1e-14 {
			t.Errorf("at %v: %v, want %v", x, got, want)
		}
		if got, want := (SphereLaw{3, 2}).CDF(x), (1+in)/2; math.Abs(got-want) > 1e-14 {
			t.Errorf("at %v: %v, want %v", x, got, want)
		}
	}
}

func TestSphereLawInManyDimensions(t *testing.T) {
	const n = 100001
	for z := -3.0; z <= 3; z += 0.25 {
		if got, want := (SphereLaw{n, 2}).CDF(2*z/math.Sqrt(n)), (NormalLaw{0, 1, 1}).CDF(z); math.Abs(got-want) > 1e-5 {
			t.Errorf("at %v: %v, want about %v", z, got, want)
		}
	}
}

// TestUnitballRowsAddUp: what the filler is for.
func TestUnitballRowsAddUp(t *testing.T) {
	to := make([]float64, 60)
	PositiveUnitball{}.Draw(rand.New(rand.NewPCG(1, 1)), tensor.Shape{5, 3, 4}, to)
	for row := range slices.Chunk(to, 12) {
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		if math.Abs(sum-1) > 1e-15 {
			t.Errorf("a row adds up to %v", sum)
		}
	}
}

func TestBilinearKernels(t *testing.T) {
	for _, row := range [][]float64{{1}, {0.5, 0.5}, {0.5, 1, 0.5}, {0.25, 0.75, 0.75, 0.25}, {1. / 3, 2. / 3, 1, 2. / 3, 1. / 3}} {
		n := len(row)
		kernels := tensor.New[float32](2, 1, n, n)
		if err := Fill(Bilinear{}, nil, kernels); err != nil {
			t.Fatal(err)
		}
		for i, v := range kernels.Data {
			if want := float32(row[i%n] * row[i/n%n]); math.Abs(float64(v-want)) > 1e-7 {
				t.Errorf("size %d at %d: got %v, want %v", n, i, v, want)
			}
		}
	}
}

func TestFillersByName(t *testing.T) {
	if !slices.IsSortedFunc(Kinds, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not in order")
	}
	for _, k := range Kinds {
		f, err := New(k.Name, Defaults)
		if err != nil {
			t.Fatal(err)
		}
		shape := tensor.Shape{4, 3, 2, 2}
		if k.Name == "identity" {
			shape = tensor.Shape{4, 3}
		}
		law(t, f, shape)
	}
	set := Settings{Value: 1, Min: 2, Max: 3, Mean: 4, Std: 5, Sparse: Dense, Norm: Average, Scale: 6, Distribution: Even, Gain: 7}
	for name, want := range map[string]Filler{
		"constant": Constant{1}, "uniform": Uniform{2, 3}, "gaussian": Gaussian{4, 5, Dense}, "xavier": Xavier{Average}, "msra": MSRA{Average},
		"identity": Identity{7}, "orthogonal": Orthogonal{7}, "truncated_gaussian": TruncatedGaussian{4, 5}, "variance_scaling": VarianceScaling{6, Average, Even},
	} {
		if f, err := New(name, set); err != nil || f != want {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	refuse := func(err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	_, err := New("normal", Defaults)
	refuse(err, `no filler "normal"`)
	sparse := Defaults
	sparse.Sparse = 3
	_, err = New("msra", sparse)
	refuse(err, "cannot leave weights zero (sparse 3)")
	for _, row := range []struct {
		f    Filler
		s    tensor.Shape
		want string
	}{
		{Uniform{1, 0}, tensor.Shape{3}, "is empty"},
		{Gaussian{0, 0, Dense}, tensor.Shape{3}, "positive standard deviation"},
		{Gaussian{0, 1, -2}, tensor.Shape{3}, "got -2"},
		{Gaussian{0, 1, 4}, tensor.Shape{3, 5}, "4 weights of an input with 3 outputs"},
		{Gaussian{0, 1, 0}, nil, "at least one axis"},
		{Xavier{}, nil, "no connections"},
		{MSRA{}, nil, "no connections"},
		{PositiveUnitball{}, nil, "at least one axis"},
		{TruncatedGaussian{0, 0}, tensor.Shape{3}, "positive standard deviation"},
		{VarianceScaling{0, FanIn, Even}, tensor.Shape{3}, "positive scale"},
		{Orthogonal{1}, tensor.Shape{3}, "at least two axes"},
		{Identity{1}, tensor.Shape{3, 3, 3}, "fills matrices"},
		{Bilinear{}, tensor.Shape{1, 1, 3}, "4 axes with square kernels"},
		{Bilinear{}, tensor.Shape{1, 1, 3, 4}, "square kernels, got 1x1x3x4"},
	} {
		_, err := row.f.Law(row.s)
		refuse(err, row.want)
	}
	for _, k := range Kinds {
		f, _ := New(k.Name, Defaults)
		empty := tensor.New[float64](0, 3, 2, 2)
		if k.Name == "identity" {
			empty = tensor.New[float64](0, 3)
		}
		refuse(Fill(f, nil, empty), "nothing to fill")
	}
}
