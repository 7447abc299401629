package study

import (
	"math"

	"parity/parity"
	"parity/parity/study/statistic"
)

// Schema is the version of the result's JSON form.
const Schema = "parity.study/1"

// Result is one study of one factor.
type Result struct {
	Schema string        `json:"schema"`
	Factor string        `json:"factor"`
	About  string        `json:"about"`
	Level  parity.Number `json:"confidence"` // of every interval
	Model  ModelInfo     `json:"model"`
	Data   DataInfo      `json:"data"`
	// Preparation is how the base is fed.
	Preparation string `json:"preparation"`
	Batch       int    `json:"batch"`
	// BoundImages is how many images, the first ones, were held against rounding bounds.
	BoundImages int    `json:"bound_images"`
	Variants    []Row  `json:"variants,omitempty"`
	Version     string `json:"version"`
}

// ModelInfo says what was studied.
type ModelInfo struct {
	Side    string        `json:"side"`
	Files   []parity.File `json:"files"`
	Output  string        `json:"output"`
	Feature string        `json:"feature"`
}

// DataInfo says on what.
type DataInfo struct {
	Source  string `json:"source"`
	Images  int    `json:"images"`
	Classes int    `json:"classes"`
	// SHA256 is that of the images' names, labels and digests.
	SHA256 string `json:"sha256"`
}

// Row is what one variant does to a trained network.
type Row struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Absent      string `json:"absent,omitempty"` // why there was nothing to compute
	Preparation string `json:"preparation,omitempty"`
	// Changed lists the layers that are not what they were.
	Changed []string `json:"changed,omitempty"`
	Layers  []Layer  `json:"layers,omitempty"`
	// Features is the relative drift of the features.
	Features *Mean     `json:"features,omitempty"`
	Top1     *Fraction `json:"top1,omitempty"` // the same first class
	Top5     *Fraction `json:"top5,omitempty"` // the base's first class among the first five
	// Recall is Recall@1 where all features are the variant's, Mixed where the gallery keeps the base's.
	Recall *Change `json:"recall_at_1,omitempty"`
	Mixed  *Change `json:"recall_at_1_mixed,omitempty"`
	// Images lists those whose features change most.
	Images  []Moved `json:"images,omitempty"`
	Verdict string  `json:"verdict"`
	Says    string  `json:"says"`
}

// Verdicts of a variant.
const (
	Helps      = "helps"
	Hurts      = "hurts"
	CannotTell = "cannot tell"
	NotHere    = "not here"
)

// Layer is how far a layer's values move.
type Layer struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// Ratio is the length of the difference as a multiple of that of the rounding bounds of both runs, and Beyond the share of the
	// elements whose difference is beyond their own, over the images held against bounds; nil where the shapes differ.
	Ratio  *Extreme `json:"bound_ratio,omitempty"`
	Beyond *Extreme `json:"beyond_bound,omitempty"`
	// Relative is the length of the difference over that of the values, an image each.
	Relative *Mean `json:"relative,omitempty"`
	// Shapes is said where the variant has another one.
	Shapes string `json:"shapes,omitempty"`
}

// Extreme is the largest of some numbers, and the least.
type Extreme struct {
	N     int           `json:"n"`
	Worst parity.Number `json:"worst"`
	Least parity.Number `json:"least"`
}

// newExtreme is nil for no numbers; a NaN is the largest of all.
func newExtreme(x []float64) *Extreme {
	if len(x) == 0 {
		return nil
	}
	e := &Extreme{len(x), parity.Number(x[0]), parity.Number(x[0])}
	for _, v := range x {
		if v > float64(e.Worst) || math.IsNaN(v) {
			e.Worst = parity.Number(v)
		}
		e.Least = min(e.Least, parity.Number(v))
	}
	return e
}

// Mean is a mean with its interval.
type Mean struct {
	N    int           `json:"n"`
	Mean parity.Number `json:"mean"`
	Low  parity.Number `json:"low"`
	High parity.Number `json:"high"`
}

func newMean(x []float64) *Mean {
	m, i := statistic.Mean(x)
	return &Mean{len(x), parity.Number(m), parity.Number(i.Low), parity.Number(i.High)}
}

// Fraction is a fraction with its interval by Wilson.
type Fraction struct {
	K    int           `json:"k"`
	N    int           `json:"n"`
	Low  parity.Number `json:"low"`
	High parity.Number `json:"high"`
}

func newFraction(k, n int) *Fraction {
	i := statistic.Wilson(k, n)
	return &Fraction{k, n, parity.Number(i.Low), parity.Number(i.High)}
}

// Value is the fraction, NaN of nothing.
func (f *Fraction) Value() float64 {
	if f.N == 0 {
		return math.NaN()
	}
	return float64(f.K) / float64(f.N)
}

// Change is a fraction before and after, over the same images.
type Change struct {
	Base       *Fraction     `json:"base"`
	Variant    *Fraction     `json:"variant"`
	Gained     int           `json:"gained"`
	Lost       int           `json:"lost"`
	Difference parity.Number `json:"difference"`
	Low        parity.Number `json:"low"`
	High       parity.Number `json:"high"`
	// P is McNemar's exact p-value, Adjusted Holm's for all variants of the factor.
	P        parity.Number `json:"p"`
	Adjusted parity.Number `json:"p_adjusted"`
}

func newChange(p statistic.Pairs) *Change {
	d, i := p.Difference()
	return &Change{
		Base: newFraction(p.Both+p.Lost, p.N()), Variant: newFraction(p.Both+p.Gained, p.N()), Gained: p.Gained, Lost: p.Lost,
		Difference: parity.Number(d), Low: parity.Number(i.Low), High: parity.Number(i.High), P: parity.Number(p.McNemar()),
	}
}

// Moved is an image whose features a variant changes much.
type Moved struct {
	Image    int           `json:"image"` // its place among those studied
	Name     string        `json:"name"`
	Features parity.Number `json:"features"` // relative drift
	// From and To are the first classes, as numbers of the output.
	From int `json:"class_base"`
	To   int `json:"class_variant"`
}
