package statistic

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

// The figures are those of Wilson's interval as Newcombe (Two-sided confidence intervals for the single proportion, 1998) prints
// them: 81/263, 15/148, 0/20 and 1/29.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {20, 20, 1 - 0.1611, 1}} {
		i := Wilson(c.k, c.n)
		near(t, "low", i.Low, c.low, 5e-5)
		near(t, "high", i.High, c.high, 5e-5)
	}
}

// The figures are those of method 10 in Newcombe's paper for 36, 12, 2 and 0, with the sign turned round.
func TestDifference(t *testing.T) {
	d, i := Pairs{Both: 36, Lost: 12, Gained: 2}.Difference()
	near(t, "difference", d, -0.2, 1e-15)
	near(t, "low", i.Low, -0.3404, 5e-5)
	near(t, "high", i.High, -0.0569, 5e-5)
	if d, i := (Pairs{Both: 30, Neither: 10}).Difference(); d != 0 || !i.Holds(0) {
		t.Errorf("nothing changed: %v, %v", d, i)
	}
}

// The interval holds the true difference about as often as it says.
func TestDifferenceCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const tries, n = 2000, 60
	held := 0
	for range tries {
		var p Pairs
		for range n { // 0.5 both, 0.15 lost, 0.1 gained
			v := r.Float64()
			p.Add(v < 0.65, v < 0.5 || v >= 0.65 && v < 0.75)
		}
		if _, i := p.Difference(); i.Holds(-0.05) {
			held++
		}
	}
	if share := float64(held) / tries; share < 0.93 || share > 0.99 {
		t.Errorf("the interval holds the difference in %v of the tries", share)
	}
}

func TestMcNemar(t *testing.T) {
	near(t, "none", Pairs{Both: 5, Neither: 3}.McNemar(), 1, 0)
	near(t, "even", Pairs{Lost: 4, Gained: 4}.McNemar(), 1, 0)
	near(t, "5 to 0", Pairs{Lost: 5}.McNemar(), 2./32, 1e-15)
	near(t, "8 to 1", Pairs{Lost: 1, Gained: 8}.McNemar(), 2*(1+9)/512., 1e-14)
}

func TestMean(t *testing.T) {
	m, i := Mean([]float64{1, 2, 4})
	near(t, "mean", m, 7./3, 1e-15)
	half := 4.302652729911275 * math.Sqrt(7./3) / math.Sqrt(3) // t of 2 degrees of freedom
	near(t, "low", i.Low, 7./3-half, 1e-9)
	near(t, "high", i.High, 7./3+half, 1e-9)
	if m, i = Mean([]float64{0, 0, 0}); m != 0 || i != (Interval{}) {
		t.Errorf("zeros: %v, %v", m, i)
	}
	if _, i = Mean([]float64{3}); !math.IsInf(i.High, 1) || !math.IsInf(i.Low, -1) {
		t.Errorf("one number: %v", i)
	}
}

func TestSignFlip(t *testing.T) {
	near(t, "all up", SignFlip([]float64{1, 2, 0.5, 0.1, 0.3}), 2./32, 0)
	near(t, "zeros", SignFlip([]float64{0, 0}), 1, 0)
	// Sums of +-1 +-2 +-3: 6, 4, 2, 0, 0, -2, -4, -6; 4 was seen.
	near(t, "one down", SignFlip([]float64{-1, 2, 3}), 4./8, 0)
	// 0.1 + 0.2 is not 0.3: the sums of the same numbers are still equal.
	near(t, "roundings", SignFlip([]float64{0.1, 0.2, 0.3}), 2./8, 0)
}

func TestHolm(t *testing.T) {
	got := Holm([]float64{0.01, 0.04, 0.03, 0.005})
	for i, want := range []float64{0.03, 0.06, 0.06, 0.02} {
		near(t, "adjusted", got[i], want, 1e-15)
	}
}
