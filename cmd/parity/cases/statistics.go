package cases

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"parity/googlenet/tensor"
	"parity/googlenet/train/filler"
	"parity/parity"
	"parity/parity/replay"
)

// drawn is what was recorded of one tensor that a framework's initialiser drew.
type drawn struct {
	name   string
	filler filler.Filler
	shape  tensor.Shape

	N                   int
	Count               int // the same, as the other framework's recordings call it
	Mean, Std, Min, Max float64
	Quantiles           map[string]float64
	Zeros               int
	Kurtosis            *float64  // the fourth moment in units of the squared variance
	Excess              *float64  `json:"kurtosis_excess"` // the same less 3
	Histogram           []int     `json:"hist"`
	Edges               []float64 `json:"hist_edges"`
	// RowMin and RowMax are the extreme sums of an output's weights.
	RowMin *float64 `json:"row_sum_min"`
	RowMax *float64 `json:"row_sum_max"`
	// Gram is how far the product of an orthogonal matrix with itself is from the identity.
	Gram *float64 `json:"gram_error"`
}

// significance is the probability with which right draws fail a whole folder: each of its n comparisons fails with at most
// significance / n.
const significance = 1e-4

// precise is the rounding of the recorded numbers, relative to their size and the standard deviation: of float32, and of six
// decimal places in the recording.
const precise = 2e-6

// comparison is a statistic that is some multiple of its limit at a significance.
type comparison struct {
	key   string
	ratio func(significance float64) float64
}

// compareDraws judges all tensors of a folder.
func compareDraws(file string, list []*drawn) (*Check, error) {
	var all []comparison
	for _, d := range list {
		found, err := d.compare()
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, d.name, err)
		}
		all = append(all, found...)
	}
	check := &Check{}
	for _, c := range all {
		check.add(parity.Number(c.ratio(significance/float64(len(all)))), file+":"+c.key)
	}
	return check.orNil(), nil
}

// compare lists the comparisons of one tensor with the law of its filler.
func (d *drawn) compare() ([]comparison, error) {
	law, err := d.filler.Law(d.shape)
	if err != nil {
		return nil, err
	}
	if d.N = max(d.N, d.Count); d.N != d.shape.Len() {
		return nil, fmt.Errorf("expected %d elements, found %d", d.shape.Len(), d.N)
	}
	if d.Kurtosis == nil && d.Excess != nil {
		k := *d.Excess + 3
		d.Kurtosis = &k
	}
	if _, ok := law.(filler.ValuesLaw); ok {
		return d.same()
	}
	s := &sampled{drawn: d, law: law, mean: law.Mean(), std: law.Std(), independent: float64(independent(d.filler, d.shape))}
	return s.comparisons()
}

// independent is how many independent draws an average over a tensor is at least as precise as. The elements of a row that
// was divided by its sum depend on each other: such a row counts as one. Those of an orthogonal matrix do too, but what is
// fixed by that, the lengths of its columns, makes averages only more precise: Var((1/n) sum 1[x <= a]) loses about
// (a phi(a))^2 / 2n.
func independent(f filler.Filler, s tensor.Shape) int {
	if _, ok := f.(filler.PositiveUnitball); ok {
		return s[0]
	}
	return s.Len()
}

// exactly is a comparison without chance.
func (d *drawn) exactly(what string, got, want, limit float64) comparison {
	return comparison{d.name + " " + what, func(float64) float64 { return replay.Ratio(math.Abs(got-want), limit) }}
}

// same compares what was filled without chance with this program's own.
func (d *drawn) same() ([]comparison, error) {
	values := make([]float64, d.shape.Len())
	d.filler.Draw(nil, d.shape, values)
	for i, v := range values {
		values[i] = float64(float32(v))
	}
	slices.Sort(values)
	law, zeros := filler.ValuesLaw(values), 0
	for _, v := range values {
		if v == 0 {
			zeros++
		}
	}
	limit := precise * (math.Abs(law.Mean()) + law.Std())
	list := []comparison{
		d.exactly("mean", d.Mean, law.Mean(), limit), d.exactly("standard deviation", d.Std, law.Std(), limit),
		d.exactly("least", d.Min, values[0], limit), d.exactly("most", d.Max, values[len(values)-1], limit),
		d.exactly("zeros", float64(d.Zeros), float64(zeros), 0),
	}
	for name, v := range d.Quantiles {
		q, err := strconv.ParseFloat(name, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, d.exactly("quantile "+name, v, quantile(values, q), limit))
	}
	return list, nil
}

// quantile interpolates between the elements of a sorted list, as NumPy does.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
