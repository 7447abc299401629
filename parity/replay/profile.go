package replay

import (
	"math"
	"slices"
	"strconv"

	"parity/googlenet/tensor"
	"parity/parity"
)

// Sizes of a profile: a report has to show it and a file to hold it.
const (
	profileWorst    = 5    // elements
	profileSide     = 16   // rows and columns of the map
	profileChannels = 1024 // groups of channels
)

// upTo are the upper ends of a histogram's bins: no difference, then decades of the bound.
var upTo = []float64{0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, math.Inf(1), math.NaN()}

// Profile shows where got differs from want, NCHW or of fewer dimensions, as multiples of the limit (see Measure).
func Profile(want, got, limit *tensor.Tensor[float64]) *parity.Profile {
	p := newProfile(want.Shape)
	for i, v := range want.Data {
		p.add(i, Ratio(Distance(v, got.Data[i]), limitAt(limit, i)))
	}
	return p.result(want, got)
}

// profile collects the ratios of a tensor of shape N x C x height x width.
type profile struct {
	channels, height, width int
	counts                  []int
	byChannel, byCell       []float64
	groups, rows, columns   int
	worst                   []int // places, the worst first
	ratios                  []float64
}

func newProfile(s tensor.Shape) *profile {
	p := &profile{channels: 1, height: 1, width: 1, counts: make([]int, len(upTo))}
	if len(s) > 1 {
		p.channels = s[1]
	}
	if len(s) > 2 {
		p.width = s[len(s)-1]
		p.height = s[2:].Len() / max(p.width, 1)
	}
	p.groups, p.rows, p.columns = min(p.channels, profileChannels), min(p.height, profileSide), min(p.width, profileSide)
	p.byChannel, p.byCell = make([]float64, p.groups), make([]float64, p.rows*p.columns)
	return p
}

func (p *profile) add(at int, ratio float64) {
	bin, _ := slices.BinarySearch(upTo[:len(upTo)-1], ratio)
	if math.IsNaN(ratio) {
		bin = len(upTo) - 1
	}
	p.counts[bin]++
	if bin == 0 {
		return
	}
	x, y, c := at%p.width, at/p.width%p.height, at/p.width/p.height%p.channels
	raise(&p.byChannel[c*p.groups/p.channels], ratio)
	raise(&p.byCell[y*p.rows/p.height*p.columns+x*p.columns/p.width], ratio)
	p.rank(at, ratio)
}

func raise(v *float64, to float64) {
	if worse(to, *v) {
		*v = to
	}
}

// rank keeps the worst elements; of equal ones the first.
func (p *profile) rank(at int, ratio float64) {
	if len(p.ratios) == profileWorst && !worse(ratio, p.ratios[profileWorst-1]) {
		return
	}
	i := len(p.ratios)
	for i > 0 && worse(ratio, p.ratios[i-1]) {
		i--
	}
	p.worst, p.ratios = slices.Insert(p.worst, i, at), slices.Insert(p.ratios, i, ratio)
	if len(p.ratios) > profileWorst {
		p.worst, p.ratios = p.worst[:profileWorst], p.ratios[:profileWorst]
	}
}

func (p *profile) result(want, got *tensor.Tensor[float64]) *parity.Profile {
	r := &parity.Profile{Shape: want.Shape, Channels: short(p.byChannel)}
	for bin, n := range p.counts {
		if n > 0 {
			r.Histogram = append(r.Histogram, parity.Bin{UpTo: parity.Number(upTo[bin]), Count: n})
		}
	}
	if p.rows*p.columns > 1 {
		r.Rows, r.Columns, r.Cells = p.rows, p.columns, short(p.byCell)
	}
	for i, at := range p.worst {
		r.Worst = append(r.Worst, parity.Element{Index: want.Shape.Index(at), Ratio: parity.Number(p.ratios[i]),
			ReferenceValue: parity.Number(want.Data[at]), CandidateValue: parity.Number(got.Data[at])})
	}
	return r
}

// short rounds to two digits, which are enough for a colour or the height of a bar.
func short(list []float64) []parity.Number {
	out := make([]parity.Number, len(list))
	for i, v := range list {
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 2, 64), 64)
		out[i] = parity.Number(rounded)
	}
	return out
}
