package bound

import (
	"math"

	"parity/googlenet/layer"
	"parity/googlenet/tensor"
)

// accuracy bounds shares of rows that are right: both numbers are whole, so that only the quotient rounds, unless
// errors of the predictions or of a label leave open whether a row is right or counts.
func accuracy(c *Call) []*tensor.Tensor[float64] {
	l := c.Layer.(layer.Accuracy)
	rows := layer.ClassesOf(c.In[0].Shape, l.Axis)
	var all tally
	each := make([]tally, rows.Count)
	for row, choice := range labelledBy(l.Labels, rows, c.In[1], c.Err[1]).choices {
		either := span{1, 0}
		for _, label := range choice.classes {
			right := c.right(l, rows, row, label)
			either = span{min(either.least, right.least), max(either.most, right.most)}
			each[label].add(right, !choice.undecided())
		}
		if len(choice.classes) > 0 {
			all.add(either, !choice.skipped && !choice.outside)
		}
		all.invalid = all.invalid || choice.outside
	}
	return accuracyBound(c, all, each)
}

func accuracyBound(c *Call, all tally, each []tally) []*tensor.Tensor[float64] {
	out := scalar(all.bound(c.Out[0].Data[0], c.Producer))
	if len(c.Out) > 1 {
		out = append(out, tensor.New[float64](len(each)))
		for class, t := range each {
			t.invalid = all.invalid
			out[1].Data[class] = t.bound(c.Out[1].Data[class], c.Producer)
		}
	}
	return out
}

// span is a whole number as it is at least and at most.
type span struct{ least, most int }

func (s *span) add(t span, certain bool) {
	s.most += t.most
	if certain {
		s.least += t.least
	}
}

// tally counts the rows that are right and all of them.
type tally struct {
	right, counted span
	invalid        bool // a label may be no class
}

// add takes a row that counts, certainly or perhaps.
func (t *tally) add(right span, certain bool) {
	t.right.add(right, certain)
	t.counted.add(span{1, 1}, certain)
}

// bound is how far another outcome may be from the share, and the rounding of it.
func (t tally) bound(share float64, p Producer) float64 {
	if t.invalid {
		return math.Inf(1)
	}
	least := float64(t.right.least) / float64(max(t.counted.most, 1))
	most := min(1, float64(t.right.most)/float64(max(t.counted.least, 1)))
	off := max(most-share, share-least)
	return off + p.U*(share+off)
}

// right is 1 if a row is right for a label and 0 if it is not: by those classes that certainly are as large as the
// label's, or larger, and by those that may be.
func (c *Call) right(l layer.Accuracy, rows layer.Classes, row, label int) span {
	x, e := c.In[0].Data, c.inputError(0)
	own := rows.At(row, label)
	rivals := span{-1, -1} // the label's own class is counted too, but for a NaN
	for class := range rows.Count {
		at := rows.At(row, class)
		rivals.least += count(x[at]-e(at) >= x[own]+e(own) || at == own && !math.IsNaN(x[own]))
		rivals.most += count(x[at]+e(at) >= x[own]-e(own))
	}
	return span{count(rivals.most < l.TopK), count(rivals.least < l.TopK)}
}
