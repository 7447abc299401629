package study

import (
	"cmp"
	"fmt"
	"slices"

	"parity/parity"
	"parity/parity/study/statistic"
)

// mostMoved is how many images a row names.
const mostMoved = 8

func newResult(m *Model, f Factor, o Options, data DataInfo) *Result {
	return &Result{
		Schema: Schema, Factor: f.Name, About: f.About, Level: statistic.Level, Version: o.Version, Data: data,
		Model:       ModelInfo{m.Side, m.Files, m.Output, m.Feature},
		Preparation: o.Base.String(), Batch: o.Batch, BoundImages: min(o.Bounds, data.Images),
	}
}

// result adds the parts up.
func (r *runner) result(parts []part) *Result {
	res := r.info()
	base := r.joined(parts, func(p part) outcome { return p.Base })
	before := r.partners(base.Features, base.Features, r.variants[0].Embed)
	for i, v := range r.variants {
		row := Row{ID: v.ID, Title: v.Title, Preparation: v.words, Changed: v.changed, Absent: v.absent}
		if v.absent == "" {
			o := r.joined(parts, func(p part) outcome { return p.Variants[i] })
			r.fill(&row, v, base, o, before)
		}
		res.Variants = append(res.Variants, row)
	}
	judge(res.Variants)
	return res
}

// joined puts the outcomes of all batches together.
func (r *runner) joined(parts []part, of func(part) outcome) outcome {
	all := outcome{Relative: make([][]float64, len(r.layers)), Ratio: make([][]float64, len(r.layers)), Beyond: make([][]float64, len(r.layers)), Shapes: map[int]string{}}
	for _, p := range parts {
		o := of(p)
		all.Tops, all.Features = append(all.Tops, o.Tops...), append(all.Features, o.Features...)
		for i := range o.Relative {
			all.Relative[i] = append(all.Relative[i], o.Relative[i]...)
			all.Ratio[i], all.Beyond[i] = append(all.Ratio[i], o.Ratio[i]...), append(all.Beyond[i], o.Beyond[i]...)
		}
		for i, s := range o.Shapes {
			all.Shapes[i] = s
		}
	}
	return all
}

func (r *runner) fill(row *Row, v applied, base, o outcome, before []found) {
	for i, l := range r.layers {
		row.Layers = append(row.Layers, layerOf(l, o.Relative[i], o.Ratio[i], o.Beyond[i], o.Shapes[i]))
	}
	var first, five int
	drift := make([]float64, len(base.Tops))
	for i, tops := range base.Tops {
		drift[i] = relative(base.Features[i], o.Features[i])
		if o.Tops[i][0] == tops[0] {
			first++
		}
		if slices.Contains(o.Tops[i], tops[0]) {
			five++
		}
	}
	row.Features, row.Top1, row.Top5 = newMean(drift), newFraction(first, len(drift)), newFraction(five, len(drift))
	row.Images = r.moved(drift, base, o)
	if after := r.partners(o.Features, o.Features, v.Embed); after != nil {
		row.Recall = compared(before, after)
		if v.Embed == Direction { // other embeddings are not to be compared with this one
			row.Mixed = compared(before, r.partners(o.Features, base.Features, v.Embed))
		}
	}
}

func layerOf(l studied, relative, ratio, beyond []float64, shapes string) Layer {
	row := Layer{Name: l.name, Kind: l.kind, Shapes: shapes}
	if shapes != "" {
		return row
	}
	row.Relative = newMean(relative)
	row.Ratio, row.Beyond = newExtreme(ratio), newExtreme(beyond)
	return row
}

// moved lists the images whose features change most, of equal ones the first.
func (r *runner) moved(drift []float64, base, o outcome) []Moved {
	order := make([]int, len(drift))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(drift[b], drift[a]) })
	var list []Moved
	for _, i := range order[:min(mostMoved, len(order))] {
		if drift[i] == 0 {
			break
		}
		list = append(list, Moved{i, r.images.List[i].Name, parity.Number(drift[i]), base.Tops[i][0], o.Tops[i][0]})
	}
	return list
}

// found says of an image whether the nearest other one is of its class.
type found struct{ partner, right bool }

// compared counts the images that have a partner.
func compared(before, after []found) *Change {
	var p statistic.Pairs
	for i, b := range before {
		if b.partner {
			p.Add(b.right, after[i].right)
		}
	}
	return newChange(p)
}

// judge gives every row its verdict: one is given only where Recall@1 changes by more than chance, at one level for all variants
// of the factor together.
func judge(rows []Row) {
	var p []float64
	var of []*Row
	for i := range rows {
		if rows[i].Recall != nil && i > 0 {
			p, of = append(p, float64(rows[i].Recall.P)), append(of, &rows[i])
		}
	}
	for i, adjusted := range statistic.Holm(p) {
		of[i].Recall.Adjusted = parity.Number(adjusted)
	}
	for i := range rows {
		if i == 0 && rows[i].Recall != nil {
			rows[i].Recall.Adjusted = rows[i].Recall.P
		}
		rows[i].Verdict, rows[i].Says = rows[i].judged()
	}
}

func (r *Row) judged() (verdict, says string) {
	if r.Absent != "" {
		return NotHere, r.Absent
	}
	answers := fmt.Sprintf("the first class stays in %d of %d images", r.Top1.K, r.Top1.N)
	if r.Features.Mean == 0 && r.Top1.K == r.Top1.N && (r.Recall == nil || r.Recall.Gained+r.Recall.Lost == 0) {
		answers = "the features stay what they are, bit by bit"
		if r.unmoved() {
			answers = "nothing moves, not by one bit"
		}
	}
	if r.Recall == nil {
		return CannotTell, answers + "; without classes of at least two images there is no retrieval to judge"
	}
	change := fmt.Sprintf("Recall@1 %+.1f points [%+.1f, %+.1f], %d gained and %d lost of %d",
		100*r.Recall.Difference, 100*r.Recall.Low, 100*r.Recall.High, r.Recall.Gained, r.Recall.Lost, r.Recall.Base.N)
	switch {
	case !(r.Recall.Adjusted < 1-statistic.Level):
		return CannotTell, answers + "; cannot tell whether retrieval changes: " + change
	case r.Recall.Difference > 0:
		return Helps, answers + "; helps retrieval: " + change
	}
	return Hurts, answers + "; hurts retrieval: " + change
}

// unmoved reports whether no layer differs from the base anywhere.
func (r *Row) unmoved() bool {
	for _, l := range r.Layers {
		if l.Shapes != "" || l.Relative.Mean != 0 {
			return false
		}
	}
	return true
}
