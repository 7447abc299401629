package studies

import (
	"encoding/csv"
	"io"
	"strconv"

	"parity/parity"
	"parity/parity/study"
)

// CSV writes a line for every number of a result: the variant, the layer if it is one's, what it is, how many images it is of, the
// number and its interval.
func CSV(w io.Writer, r *study.Result) error {
	c := csv.NewWriter(w)
	lines := [][]string{{"factor", "variant", "layer", "measure", "n", "value", "low", "high", "note"}}
	for _, v := range r.Variants {
		lines = append(lines, variantLines(r.Factor, v)...)
	}
	if err := c.WriteAll(lines); err != nil {
		return err
	}
	return c.Error()
}

func variantLines(factor string, v study.Row) (lines [][]string) {
	add := func(layer, measure string, n int, value, low, high parity.Number, note string) {
		lines = append(lines, []string{factor, v.ID, layer, measure, strconv.Itoa(n), digits(value), digits(low), digits(high), note})
	}
	if v.Absent != "" {
		return [][]string{{factor, v.ID, "", "absent", "0", "", "", "", v.Absent}}
	}
	for _, f := range []struct {
		name string
		*study.Fraction
	}{{"top1_agreement", v.Top1}, {"top5_agreement", v.Top5}} {
		add("", f.name, f.N, parity.Number(f.Value()), f.Low, f.High, "")
	}
	add("", "features_relative", v.Features.N, v.Features.Mean, v.Features.Low, v.Features.High, "")
	for _, c := range []struct {
		name string
		*study.Change
	}{{"recall_at_1", v.Recall}, {"recall_at_1_mixed", v.Mixed}} {
		if c.Change == nil {
			continue
		}
		add("", c.name, c.Variant.N, parity.Number(c.Variant.Value()), c.Variant.Low, c.Variant.High, "")
		add("", c.name+"_change", c.Variant.N, c.Difference, c.Low, c.High, "p "+digits(c.P)+", adjusted "+digits(c.Adjusted))
	}
	for _, l := range v.Layers {
		if l.Shapes != "" {
			add(l.Name, "shape", 0, parity.Number(0), parity.Number(0), parity.Number(0), l.Shapes)
			continue
		}
		add(l.Name, "relative", l.Relative.N, l.Relative.Mean, l.Relative.Low, l.Relative.High, "")
		for _, e := range []struct {
			name string
			*study.Extreme
		}{{"bound_ratio", l.Ratio}, {"beyond_bound", l.Beyond}} {
			if e.Extreme != nil {
				add(l.Name, e.name, e.N, e.Worst, e.Least, e.Worst, "value: worst image, low and high: least and worst")
			}
		}
	}
	return lines
}

func digits(v parity.Number) string { return strconv.FormatFloat(float64(v), 'g', 6, 64) }
