package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"parity/googlenet/graph"
	"parity/googlenet/tensor"
	"parity/googlenet/train/filler"
	"parity/parity"
)

// mistrust is the probability with which a right draw is called wrong, for each tensor.
const mistrust = 1e-6

// Initializers compares first weights. Random streams differ between frameworks, so that what can be compared is the
// distribution: of each pair of weight tensors both must look like draws of what the reference declares. The ratio is the
// largest distance between the distribution functions of the numbers and of the law (Kolmogorov's), in units of what n
// right draws exceed with a probability of 1e-6: sqrt(ln(2/1e-6) / 2n) (Dvoretzky, Kiefer, Wolfowitz 1956 with Massart's
// constant 1990). `alone` is the candidate's, `chained` the reference's own. The traces hold nothing but the inputs' shapes.
func Initializers(ctx context.Context, ref, cand Side, opt Options) (*parity.Result, error) {
	c := newComparison(ref, cand, opt)
	if err := c.align(ctx); err != nil {
		return nil, err
	}
	for _, n := range ref.Graph.Nodes {
		for i, p := range n.Params {
			if r := c.initializer(n, p, i); r != nil {
				c.rows = append(c.rows, r)
			}
		}
	}
	if len(c.rows) == 0 {
		return nil, errors.New("the reference declares no initialisers for its weights (Caffe: weight_filler, bias_filler)")
	}
	return c.initializerResult(), nil
}

// initializer judges one parameter; nil if the reference declares nothing for it.
func (c *comparison) initializer(n *graph.Node, p *graph.Param, i int) *row {
	if p.Filler == nil {
		return nil
	}
	r := &row{Layer: parity.Layer{Name: p.Name, Kind: n.Layer.Kind()}}
	law, err := p.Filler.Law(p.StoredShape())
	if err != nil {
		r.Verdict, r.Detail = parity.Incomparable, err.Error()
		return r
	}
	r.Chained = drawDistance(law, tensor.As[float64](p.Value))
	pair := c.alignment.Pairs[n.Outputs[0]]
	own := candidateParam(c.alignment.Counterpart(pair.Candidate), i)
	switch {
	case own == nil:
		r.Verdict = parity.Missing
		return r
	case own.Value.Dims().Len() != p.Value.Dims().Len():
		r.Verdict, r.Detail = parity.Incomparable, fmt.Sprintf("the reference has shape %v, the candidate %v", p.Value.Dims(), own.Value.Dims())
		return r
	}
	r.Candidate, r.PairedBy, r.Why = own.Name, pair.By, pair.Why
	r.Isolated = drawDistance(law, tensor.As[float64](own.Value))
	r.Verdict = parity.Match
	if !r.Isolated.Ratio.Within() {
		r.Verdict = parity.Introduced
		c.findings = append(c.findings, otherDistribution(r, p, own))
	}
	return r
}

// candidateParam is the i-th parameter of a unit: the weights, then the bias, wherever its framework keeps it.
func candidateParam(nodes []*graph.Node, i int) *graph.Param {
	var all []*graph.Param
	for _, n := range nodes {
		all = append(all, n.Params...)
	}
	if i < len(all) {
		return all[i]
	}
	return nil
}

// drawDistance is Kolmogorov's distance of the elements from a law, as a multiple of the limit.
func drawDistance(law filler.Law, x *tensor.Tensor[float64]) *parity.Difference {
	n := float64(len(x.Data))
	sorted := slices.Sorted(slices.Values(x.Data))
	d := &parity.Difference{Bound: parity.Number(math.Sqrt(math.Log(2/mistrust) / (2 * n)))}
	for i, v := range sorted {
		// float32 holds the law's numbers rounded: a step of the law counts on either side of it.
		step := 1e-6*math.Abs(v) + math.SmallestNonzeroFloat32
		below, above := law.CDF(v-step), law.CDF(v+step)
		if gap := max(float64(i+1)/n-above, below-float64(i)/n); gap > float64(d.MaxAbs) || math.IsNaN(gap) {
			d.MaxAbs, d.Index, d.CandidateValue = parity.Number(gap), x.Shape.Index(slices.Index(x.Data, v)), parity.Number(v)
		}
	}
	if len(d.Index) == 0 && len(x.Data) > 0 && slices.ContainsFunc(x.Data, func(v float64) bool { return v != v }) {
		d.MaxAbs = parity.Number(math.NaN())
	}
	d.Ratio, d.ReferenceValue = d.MaxAbs/d.Bound, parity.Number(law.Mean())
	if _, constant := law.(filler.ValuesLaw); constant && d.MaxAbs > 0 {
		d.Ratio = parity.Number(math.Inf(1)) // no draw: every element must be its value
	}
	return d
}

func otherDistribution(r *row, want, got *graph.Param) parity.Finding {
	law, _ := want.Filler.Law(want.StoredShape()) // it was asked before
	mean, std := moments(tensor.As[float64](got.Value))
	return parity.Finding{
		Layer: r.Name, Candidate: r.Candidate, Cause: "init.distribution", Severity: parity.Error,
		Parameters: map[string]string{
			"reference": fmt.Sprintf("mean %.4g, deviation %.4g", law.Mean(), law.Std()),
			"candidate": fmt.Sprintf("mean %.4g, deviation %.4g", mean, std),
		},
		Explanation: fmt.Sprintf("%d numbers with mean %.4g and deviation %.4g are no draw of %s, which has %.4g and %.4g",
			got.Value.Dims().Len(), mean, std, named(want.Filler), law.Mean(), law.Std()),
		Fix: fmt.Sprintf("initialise %s with the same distribution", r.Candidate),
	}
}

// named writes a filler as in Xavier{Norm:0}.
func named(f filler.Filler) string {
	return strings.TrimPrefix(fmt.Sprintf("%T%+v", f, f), "filler.")
}

func moments(x *tensor.Tensor[float64]) (mean, std float64) {
	n := float64(len(x.Data))
	for _, v := range x.Data {
		mean += v / n
	}
	for _, v := range x.Data {
		std += (v - mean) * (v - mean) / n
	}
	return mean, math.Sqrt(std)
}

// initializerResult sums the rows up. A reference whose own weights are no draws says nothing against the candidate, but
// that it does is worth a note: it was probably trained.
func (c *comparison) initializerResult() *parity.Result {
	r := c.table()
	r.Verdict = parity.Parity
	if r.Summary.Match < r.Summary.Layers {
		r.Verdict = parity.Diverged
	}
	if r.Summary.Match+r.Summary.Introduced == 0 {
		r.Verdict = parity.Incomparable
	}
	trained := 0
	for _, row := range c.rows {
		if row.Chained != nil && !row.Chained.Ratio.Within() {
			trained++
		}
	}
	if trained > 0 {
		r.Findings = append(r.Findings, parity.Finding{
			Cause: "init.distribution", Severity: parity.Note,
			Explanation: fmt.Sprintf("%d of the reference's own %d parameters are no draws of what it declares: it was trained, or initialised otherwise", trained, len(c.rows)),
		})
	}
	return r
}
