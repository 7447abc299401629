package replay

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parity/googlenet/tensor"
	"parity/parity"
)

func TestProfile(t *testing.T) {
	shape := tensor.Shape{2, 3, 32, 16}
	want, got, limit := tensor.New[float64](shape...), tensor.New[float64](shape...), tensor.New[float64](shape...)
	for i := range limit.Data {
		limit.Data[i] = 0.5
	}
	at := func(n, c, y, x int) int { return ((n*3+c)*32+y)*16 + x }
	got.Data[at(1, 2, 31, 15)] = 2      // 4 times the bound
	got.Data[at(0, 1, 3, 7)] = -0.125   // a quarter of it
	got.Data[at(0, 1, 2, 7)] = 0.000005 // a hundred thousandth
	p := Profile(want, got, limit)
	cells := make([]parity.Number, 256)
	cells[255], cells[16+7] = 4, 0.25
	expected := &parity.Profile{
		Shape:     []int{2, 3, 32, 16},
		Histogram: []parity.Bin{{UpTo: 0, Count: 3069}, {UpTo: 1e-5, Count: 1}, {UpTo: 1, Count: 1}, {UpTo: 10, Count: 1}},
		Channels:  []parity.Number{0, 0.25, 4},
		Rows:      16, Columns: 16, Cells: cells,
		Worst: []parity.Element{
			{Index: []int{1, 2, 31, 15}, Ratio: 4, CandidateValue: 2},
			{Index: []int{0, 1, 3, 7}, Ratio: 0.25, CandidateValue: -0.125},
			{Index: []int{0, 1, 2, 7}, Ratio: 1e-5, CandidateValue: 0.000005},
		},
	}
	if diff := cmp.Diff(expected, p); diff != "" {
		t.Error(diff)
	}
}

// What is no number is worse than everything, and a difference where none is allowed infinitely bad.
func TestProfileOfNonfinite(t *testing.T) {
	want, got := tensor.New[float64](1, 4), tensor.New[float64](1, 4)
	got.Data[1], got.Data[2] = 1, math.NaN()
	p := Profile(want, got, nil)
	same := cmp.Comparer(func(a, b parity.Number) bool { return a == b || a != a && b != b })
	expected := &parity.Profile{
		Shape:     []int{1, 4},
		Histogram: []parity.Bin{{UpTo: 0, Count: 2}, {UpTo: parity.Number(math.Inf(1)), Count: 1}, {UpTo: parity.Number(math.NaN()), Count: 1}},
		Channels:  []parity.Number{0, parity.Number(math.Inf(1)), parity.Number(math.NaN()), 0},
		Worst: []parity.Element{{Index: []int{0, 2}, Ratio: parity.Number(math.NaN()), CandidateValue: parity.Number(math.NaN())},
			{Index: []int{0, 1}, Ratio: parity.Number(math.Inf(1)), CandidateValue: 1}},
	}
	if diff := cmp.Diff(expected, p, same, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// Many channels and large maps are pooled; an empty tensor has nothing to show.
func TestProfileIsSmall(t *testing.T) {
	big := tensor.New[float64](1, 5000, 3, 40)
	p := Profile(big, big, nil)
	if len(p.Channels) != profileChannels || p.Rows != 3 || p.Columns != profileSide || len(p.Cells) != 3*profileSide || p.Worst != nil {
		t.Errorf("%d channels, %d rows, %d columns, %d cells, %d worst", len(p.Channels), p.Rows, p.Columns, len(p.Cells), len(p.Worst))
	}
	none := tensor.New[float64](1, 2, 0, 3)
	if p := Profile(none, none, nil); p.Histogram != nil || p.Cells != nil {
		t.Errorf("got %v", p)
	}
}
