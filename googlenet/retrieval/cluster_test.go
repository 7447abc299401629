package retrieval

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// TestKMeansFindsBlobs has clusters far apart, which every start must find.
func TestKMeansFindsBlobs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const rows, width, blobs = 400, 5, 13
	f, labels := tensor.New[float32](rows, width), make([]int, rows)
	for i := range rows {
		labels[i] = i % blobs
		for j := range width {
			f.Data[i*width+j] = float32(100*math.Sin(float64(labels[i]*(j+3))) + r.NormFloat64())
		}
	}
	c, err := KMeans(t.Context(), f, ClusterOptions{Clusters: blobs, Seed: 1, Starts: 3})
	if err != nil || !c.Converged {
		t.Fatal(c, err)
	}
	a, err := Agree(labels, c.Assignments)
	if err != nil || math.Abs(a.NMIArithmetic()-1) > 1e-12 || math.Abs(a.AMI()-1) > 1e-12 {
		t.Errorf("NMI %v, AMI %v, %v", a.NMIArithmetic(), a.AMI(), err)
	}
	want := 0.0
	for i, v := range f.Data {
		d := float64(v) - c.Centres.Data[c.Assignments[i/width]*width+i%width]
		want += d * d
	}
	if math.Abs(want-c.Inertia) > 1e-9*want {
		t.Errorf("inertia %v, want %v", c.Inertia, want)
	}
}

// TestSeeds: a seed is a clustering, another one most often another; more starts are never worse.
func TestSeeds(t *testing.T) {
	s := drawn(8, 500, 4)
	run := func(seed uint64, starts int) *Clusters {
		c, err := KMeans(t.Context(), s.Features, ClusterOptions{Clusters: 30, Seed: seed, Starts: starts})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if a, b := run(1, 1), run(1, 1); !slices.Equal(a.Assignments, b.Assignments) {
		t.Error("the same seed gives two clusterings")
	}
	if a, b := run(1, 1), run(2, 1); slices.Equal(a.Assignments, b.Assignments) {
		t.Error("two seeds give the same clustering")
	}
	if a, b := run(1, 1), run(1, 6); b.Inertia > a.Inertia {
		t.Errorf("six starts come to %v, the first of them to %v", b.Inertia, a.Inertia)
	}
}

// TestEmptyClusters has more clusters than different rows, and two that begin at the same place.
func TestEmptyClusters(t *testing.T) {
	c, err := KMeans(t.Context(), matrix(1, 1, 1, 1, 5, 5), ClusterOptions{Clusters: 4})
	if err != nil || c.Inertia != 0 || !c.Converged {
		t.Errorf("%+v, %v", c, err)
	}
	c, err = KMeans(t.Context(), matrix(1, 0, 0, 1, 20, 30), ClusterOptions{Clusters: 3, Centres: matrix(1, 0, 0, 20)})
	if want := []int{0, 0, 0, 2, 1}; err != nil || !slices.Equal(c.Assignments, want) {
		t.Errorf("got %v, %v; the row farthest from its centre begins the empty cluster: %v", c.Assignments, err, want)
	}
}

func TestRefusedClusterings(t *testing.T) {
	for _, tt := range []struct {
		o    ClusterOptions
		want string
	}{
		{ClusterOptions{}, "0 clusters of 3 rows"},
		{ClusterOptions{Clusters: 4}, "4 clusters of 3 rows"},
		{ClusterOptions{Clusters: 2, Centres: matrix(1, 1)}, "expected 2 centres of 1 numbers, found 1x1"},
		{ClusterOptions{Clusters: 1, Centres: matrix(1, math.NaN())}, "centres: row 0, column 0"},
	} {
		if _, err := KMeans(t.Context(), matrix(1, 1, 2, 3), tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}

func TestAgree(t *testing.T) {
	for _, tt := range []struct {
		reason                     string
		labels, clusters           []int
		arithmetic, geometric, ami float64
	}{
		{"other names", []int{3, 3, 8, 8}, []int{1, 1, 0, 0}, 1, 1, 1},
		{"all in one place on both sides", []int{2, 2}, []int{5, 5}, 1, 1, 1},
		{"one class", []int{2, 2}, []int{0, 1}, 0, 0, 0},
		{"one cluster", []int{0, 1}, []int{2, 2}, 0, 0, 0},
		{"independent", []int{0, 0, 1, 1}, []int{0, 1, 0, 1}, 0, 0, -0.5},
		{"all apart", []int{0, 0, 1, 1}, []int{0, 1, 2, 3}, 2. / 3, math.Sqrt(0.5), 0},
	} {
		a, err := Agree(tt.labels, tt.clusters)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range [][2]float64{{a.NMIArithmetic(), tt.arithmetic}, {a.NMIGeometric(), tt.geometric}, {a.AMI(), tt.ami}} {
			if !(math.Abs(v[0]-v[1]) <= 4e-15) {
				t.Errorf("%s: number %d is %v, want %v", tt.reason, i, v[0], v[1])
			}
		}
	}
	if _, err := Agree([]int{1}, nil); err == nil {
		t.Error("lists of different lengths agree")
	}
}

// TestExpectedInformation averages over all permutations of the clusters.
func TestExpectedInformation(t *testing.T) {
	labels, clusters := []int{0, 0, 0, 1, 1, 2, 2}, []int{0, 0, 1, 1, 1, 1, 2}
	total, count := 0.0, 0
	permute(clusters, 0, func() {
		a, err := Agree(labels, clusters)
		if err != nil {
			t.Fatal(err)
		}
		total += a.MutualInformation
		count++
	})
	a, err := Agree(labels, clusters)
	if want := total / float64(count); err != nil || math.Abs(a.Expected-want) > 1e-13 {
		t.Errorf("got %v, %v, want %v", a.Expected, err, want)
	}
}

func permute(list []int, from int, f func()) {
	if from == len(list) {
		f()
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		permute(list, from+1, f)
		list[from], list[i] = list[i], list[from]
	}
}

// TestLogFactorials holds them against exact factorials, within four roundings.
func TestLogFactorials(t *testing.T) {
	f, exact := logFactorials(3000), big.NewInt(1)
	for n := int64(2); n <= 3000; n++ {
		exact.Mul(exact, big.NewInt(n))
		mantissa := new(big.Float)
		e := new(big.Float).SetPrec(400).SetInt(exact).MantExp(mantissa)
		m, _ := mantissa.Float64()
		if want := math.Log(m) + float64(e)*math.Ln2; math.Abs(f[n]-want) > 4*0x1p-53*want {
			t.Fatalf("log %d! is %v, want %v", n, f[n], want)
		}
	}
}
