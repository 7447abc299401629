package compare

import (
	"fmt"
	"maps"
	"math"

	"parity/googlenet/tensor"
	"parity/parity"
)

// smallest and least are the smallest normal and the smallest denormal float32 number.
const (
	smallest = 0x1p-126
	least    = 0x1p-149
)

// flushedOf counts the elements that are zero on one side, which has no denormal number, and denormal in the replay.
func flushedOf(want, own *tensor.Tensor[float64]) int {
	n := 0
	for i, v := range own.Data {
		switch {
		case denormal(v):
			return 0
		case v == 0 && denormal(want.Data[i]):
			n++
		}
	}
	return n
}

func denormal(v float64) bool { return math.Abs(v) >= least && math.Abs(v) < smallest }

// flushes reports whether a side that is not known to take denormal numbers for zeros does: it is out of bound for a zero where
// the replay has one.
func flushes(judged map[string]*judged, own func(value string) *tensor.Tensor[float64]) bool {
	for v, j := range maps.All(judged) {
		if j.fault == nil || j.flushed == 0 {
			continue
		}
		t := own(v)
		for i, f := range j.fault.Data {
			if t != nil && t.Data[i] == 0 && denormal(f) {
				return true
			}
		}
	}
	return false
}

// candidateFlushes is flushes for the candidate.
func (c *comparison) candidateFlushes() bool {
	return !c.cand.Producer.Flushes && flushes(c.judgedBy, func(v string) *tensor.Tensor[float64] {
		if e := c.found[v]; e != nil {
			return e.value()
		}
		return nil
	})
}

// noteFlushed mentions where denormal numbers were taken for zeros. Every row that it names is right but for them. In a smaller
// format other numbers are too small.
func (c *comparison) noteFlushed() {
	for _, s := range []struct {
		who   string
		side  Side
		count func(r *row) int
	}{{"reference", c.ref, func(r *row) int { return r.flushedReference }}, {"candidate", c.cand, func(r *row) int { return r.flushed }}} {
		if s.side.Producer.Math.Results.U > 0 {
			continue
		}
		var rows []string
		total := 0
		for _, r := range c.rows {
			if n := s.count(r); n > 0 && r.Verdict != parity.Introduced {
				rows, total = append(rows, r.Name), total+n
			}
		}
		if total == 0 {
			continue
		}
		c.findings = append(c.findings, parity.Finding{
			Layer: rows[0], Cause: "numerics.flush", Severity: parity.Note, Parameters: map[string]string{"side": s.who, "numbers": fmt.Sprint(total)},
			Explanation: fmt.Sprintf("%d number(s) of the %s are zero where the replay has denormal ones, below 2^-126 (%s): it flushes these", total, s.who, few(rows)),
		})
	}
}
